"""The categories of products."""

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


def test_a_name_has_its_category_in_four_languages():
    """English, Indonesian, Russian and Spanish keywords lead to the same categories."""
    found = {name.strip(): (category, taxonomy.classify(name.strip())[0]) for category, names in KINDS.items() for name in names.split(";")}
    assert {name: both for name, both in found.items() if both[0] != both[1]} == {}


def test_each_category_is_listed_once():
    """There are some fifty, and `other` is the last."""
    names = taxonomy.category_names()
    assert 40 <= len(names) <= 60
    assert len(set(names)) == len(names)
    assert names[-1] == taxonomy.OTHER


TEXTS = [
    # name, section, the list's category, category
    ("Zarvex", "Sauces", "", "sauces & condiments"),
    ("Zarvex", "", "Paint", "paint"),
    ("Zarvex soap", "Sauces", "Paint", "personal care"),
    ("Zarvex", "Tyres", "Paint", "tyres"),
]


@pytest.mark.parametrize(("name", "section", "category_text", "category"), TEXTS)
def test_the_nearest_keyword_decides(name: str, section: str, category_text: str, category: str):
    """The name goes before the section, the section before the list's own category."""
    assert taxonomy.classify(name, section, category_text)[0] == category


def test_a_nearer_keyword_gives_more_confidence():
    """The name more than the section, that more than the list's own category; without a keyword there is none."""
    confidences = [taxonomy.classify(*texts)[1] for texts in (("soap", "", ""), ("", "soap", ""), ("", "", "soap"), ("", "", ""))]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] == 0.0


def test_the_head_of_a_phrase_decides():
    """Of two words that both name goods, the last decides in English, the first in Russian."""
    assert taxonomy.classify("chocolate milk")[0] == "dairy & eggs"
    assert taxonomy.classify("susu coklat", head_first=True)[0] == "dairy & eggs"
    assert taxonomy.classify("Молоко шоколад")[0] == "dairy & eggs"


def test_a_keyword_is_recognized_inflected():
    """Its stem is enough; a strange word is none."""
    assert taxonomy.is_keyword("колбасы")
    assert taxonomy.is_keyword("Cheese")
    assert not taxonomy.is_keyword("Zarvex")
