"""What the words of a text say of the category."""

import pytest

from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import all_languages

KINDS = {
    "vegetables": "tomato; red onion; wortel lokal; Картофель мытый; cebolla morada; baby spinach",
    "fruit": "dragon fruit; pisang ambon; Яблоки красные; manzana roja",
    "herbs & spices": "garlic powder; lada hitam; Перец черный приправа; orégano",
    "meat & poultry": "chicken breast; daging sapi; Колбаса вареная; chorizo",
    "fish & seafood": "tuna loin; udang vaname; Креветки; camarones",
    "dairy & eggs": "cheddar cheese; susu segar; Сметана; leche entera; telur ayam; chocolate milk; susu coklat; Молоко шоколад",
    "bakery": "toast bread; roti tawar; Хлеб ржаной; pan integral; chocolate cake; kue coklat; Brötchen",
    "rice & grains": "jasmine rice; beras merah; Крупа гречневая; arroz",
    "pasta & noodles": "spaghetti; mie instan; Макароны рожки; fideos; mie telur; fideos con queso",
    "sauces & condiments": "tomato sauce; saus sambal; Кетчуп томатный; mayonesa; peanut butter",
    "coffee & tea": "green tea; kopi bubuk; Чай черный; coffee beans; lemon tea; чай лимон",
    "beverages": "orange juice; air mineral; Лимонад; gaseosa; coconut water; Apfelsaft",
    "wine": "red wine; Вино белое; vino tinto; Pinot noir",
    "spirits & liqueurs": "single malt whisky; Водка; ron; vodka",
    "beer & cider": "lager beer; bir; Пиво светлое; cerveza",
    "tobacco": "rokok; menthol cigarettes; Сигареты; tabaco",
    "cleaning": "laundry detergent; sabun cuci; Порошок стиральный; desinfectante; lemon floor cleaner",
    "personal care": "soap milk honey; sabun susu; Мыло медовое; jabón de avena; grape condom",
    "cosmetics & skin care": "lipstick cherry; krim wajah; Крем для лица; crema facial; cocoa body butter",
    "paint": "wall paint; cat tembok; Краска акриловая; wood varnish",
    "tyres": "205/55 R16 91T; Шина зимняя; llanta 14",
    "auto parts": "brake pads; busi; Амортизатор передний; filtro de aire",
    "motor oil & fluids": "engine oil; SuperSynth 5W-40; Масло моторное; antifreeze",
    "electronics & phone parts": "phone charger cable usb; Дисплей для смартфона; memory card",
    "network & telecom": "gigabit router; Маршрутизатор беспроводной; wireless access point",
    "optics & eyewear": "progressive lens; Оправа; lentes de contacto",
    "fabrics": "upholstery fabric; Ткань шенилл; tela de lino",
    "plumbing": "ball valve; Муфта переходная; pipa pvc; válvula",
    "tools": "screwdriver set; obeng; Молоток; destornillador",
    "books": "Учебник физики; libro de cocina; cookery book",
    "pharmacy": "ibuprofeno comprimidos; Таблетки; paracetamol 500 mg",
    "packaging": "pizza box; kantong plastik; Коробка картонная",
    "services": "Стрижка собак; jasa pasang; delivery",
}


@pytest.mark.parametrize("text", ["PET", "Pouch", "botol", "ПЭТ бутылка", "Bottle 500", "sachet"])
def test_what_goods_come_in_tells_no_category(text: str):
    """A word for a package has other meanings, by which keywords know it."""
    assert evidence_in(text, all_languages()) == ()


def test_packages_that_are_sold_are_goods():
    """A phrase of the trade says so."""
    assert [evidence.category for evidence in evidence_in("Botol plastik 500", all_languages())] == ["packaging"]


#: The names above that are in Latin letters and not English.
OF_LANGUAGE = {
    "es": """cebolla morada; manzana roja; orégano; chorizo; camarones; leche entera; pan integral; arroz; fideos; mayonesa; gaseosa; vino tinto;
        ron; cerveza; tabaco; desinfectante; jabón de avena; crema facial; llanta 14; filtro de aire; lentes de contacto; tela de lino; válvula;
        destornillador; libro de cocina; ibuprofeno comprimidos; fideos con queso""",
    "id": """wortel lokal; pisang ambon; lada hitam; daging sapi; udang vaname; susu segar; telur ayam; susu coklat; roti tawar; kue coklat;
        beras merah; mie instan; mie telur; saus sambal; kopi bubuk; air mineral; bir; rokok; sabun cuci; sabun susu; krim wajah; cat tembok; busi;
        pipa pvc; obeng; kantong plastik; jasa pasang""",
    "de": "Brötchen; Apfelsaft",
}


@pytest.mark.parametrize("category", KINDS)
def test_a_name_has_its_category_in_four_languages(category: str):
    """What goods are counts for more than what they taste or smell of, wherever the language puts it."""
    names = [name.strip() for name in KINDS[category].split(";")]
    best = {name: max(evidence_in(name, _languages(name)), key=lambda each: each.points, default=None) for name in names}
    assert {name: each and each.category for name, each in best.items()} == dict.fromkeys(names, category)


def _languages(name: str) -> tuple[str, ...]:
    """The languages of a list of Spanish, Indonesian or German names; of an English one where no word is of these alone."""
    return ("ru", *(code for code in ("es", "id", "de") if name in OF_LANGUAGE[code]), "en")


def test_strange_words_say_nothing():
    """Nor do numbers, nor no words."""
    assert [evidence_in(text, all_languages()) for text in ("Qwrtz", "12345", "")] == [()] * 3


def test_colours_and_materials_say_nothing():
    """They are no goods in any language."""
    assert [evidence_in(text, all_languages()) for text in ("blanco", "белая", "merah", "white", "plastic")] == [()] * 5


QUALIFIED = [("chicken with rice", "chicken rice"), ("мыло с лимоном", "мыло лимон"), ("filter for pump", "filter pump")]


@pytest.mark.parametrize(("qualified", "plain"), QUALIFIED)
def test_a_word_behind_with_or_for_counts_less(qualified: str, plain: str):
    """It says with what or for what the goods are."""

    def least(text: str) -> float:
        return min(each.points for each in evidence_in(text, all_languages()))

    assert least(qualified) < least(plain)


def test_a_word_with_two_meanings_tells_both():
    """The list decides between them."""
    assert {each.category for each in evidence_in("кисть", all_languages())} == {"tools", "cosmetics & skin care"}
