"""Which category a product is of."""

import pytest

from monito_ray.pipeline.products import taxonomy

KINDS = {
    "vegetables": "tomato; red onion; wortel lokal; Картофель мытый; cebolla morada; baby spinach",
    "fruit": "dragon fruit; pisang ambon; Яблоки красные; manzana roja",
    "herbs & spices": "garlic powder; lada hitam; Перец черный приправа; orégano",
    "meat & poultry": "chicken breast; daging sapi; Колбаса вареная; chorizo",
    "fish & seafood": "tuna loin; udang vaname; Креветки; camarones",
    "dairy & eggs": "cheddar cheese; susu segar; Сметана; leche entera; telur ayam",
    "rice & grains": "jasmine rice; beras merah; Крупа гречневая; arroz",
    "pasta & noodles": "spaghetti; mie instan; Макароны рожки; fideos",
    "sauces & condiments": "tomato sauce; saus sambal; Кетчуп томатный; mayonesa; peanut butter",
    "coffee & tea": "green tea; kopi bubuk; Чай черный; coffee beans",
    "beverages": "orange juice; air mineral; Лимонад; gaseosa; coconut water",
    "tobacco": "rokok; menthol cigarettes; Сигареты; tabaco",
    "cleaning": "laundry detergent; sabun cuci; Порошок стиральный; desinfectante",
    "paint": "wall paint; esmalte blanco; Краска акриловая; wood varnish",
    "tyres": "205/55 R16 91T; Шина зимняя; llanta 14",
    "auto parts": "brake pads; busi; Амортизатор передний; filtro de aire",
    "motor oil & fluids": "engine oil; SuperSynth 5W-40; Масло моторное; antifreeze",
    "electronics & phone parts": "phone charger; Дисплей для смартфона; USB cable; memory card",
    "fabrics": "upholstery fabric; Ткань шенилл; tela de lino",
    "plumbing": "ball valve; Муфта переходная; pipa pvc; válvula",
    "tools": "screwdriver set; obeng; Молоток; destornillador",
    "books": "Учебник физики; libro de cocina; cookery book",
    "pharmacy": "ibuprofeno comprimidos; Таблетки; vitamin c",
    "other": "Qwrtz; 12345; ",
}


@pytest.mark.parametrize(("name", "category"), [(name.strip(), category) for category, names in KINDS.items() for name in names.split(";")])
def test_classify(name: str, category: str):
    """A name tells the category in English, Indonesian, Russian and Spanish."""
    assert taxonomy.classify(name)[0] == category


def test_names():
    """There are some fifty categories, each once, and `other` is the last."""
    names = taxonomy.category_names()
    assert 40 <= len(names) <= 60
    assert len(set(names)) == len(names)
    assert names[-1] == taxonomy.OTHER


PLACES = [
    # name, section, the list's category, category
    ("Zarvex", "Sauces", "", "sauces & condiments"),
    ("Zarvex", "", "Paint", "paint"),
    ("Zarvex soap", "Sauces", "Paint", "personal care"),
    ("Zarvex", "Tyres", "Paint", "tyres"),
]


@pytest.mark.parametrize(("name", "section", "category_text", "category"), PLACES)
def test_nearest_word_decides(name: str, section: str, category_text: str, category: str):
    """The name goes before the section, the section before the list's own category."""
    assert taxonomy.classify(name, section, category_text)[0] == category


def test_nearer_is_surer():
    """The farther the word stands from the product, the less sure is the category; without any it is not sure at all."""
    sure = [taxonomy.classify(*texts)[1] for texts in (("soap", "", ""), ("", "soap", ""), ("", "", "soap"), ("", "", ""))]
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] == 0.0


def test_head_of_the_phrase():
    """Of two words that both name things, English means the last, Russian the first."""
    assert taxonomy.classify("chocolate milk")[0] == "dairy & eggs"
    assert taxonomy.classify("susu coklat", head_first=True)[0] == "dairy & eggs"
    assert taxonomy.classify("Молоко шоколад")[0] == "dairy & eggs"


def test_keywords():
    """A word that tells a category is known as one, inflected or not."""
    assert taxonomy.is_keyword("колбасы")
    assert taxonomy.is_keyword("Cheese")
    assert not taxonomy.is_keyword("Zarvex")
