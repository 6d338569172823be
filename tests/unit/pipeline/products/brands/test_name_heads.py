"""Brands at the head of a list's names."""

import pytest

from monito_ray.pipeline.products.brands.brand_words import WORD
from monito_ray.pipeline.products.brands.name_heads import NameHeads, brand_at_head, collect_heads


def _heads(names: list[str]) -> NameHeads:
    return collect_heads({name: WORD.findall(name) for name in names})


HEADS = [
    # names of the list, the brand of the first
    (["Zarvex crackers", "Zarvex crunchy", "Zarvex onion rings"], "Zarvex"),
    (["Brelo Zarvex flour", "Brelo Zarvex sugar", "Brelo Zarvex rice"], "Brelo Zarvex"),
    (["Sutvar Home merlot", "Sutvar Home rosé wine", "Sutvar Home white wine"], "Sutvar Home"),  # an ordinary word that all go on with
    (["Zarvex sauce hot", "Zarvex sauce sweet", "Zarvex sauce mild"], "Zarvex"),  # a kind of goods
    (["Stavo Adarn Men's shoe", "Stavo Adarn Men's oxford shoe", "Stavo Adarn Men's boot"], "Stavo Adarn"),
    (["Dr. Zarvexa boots", "Dr. Zarvexa shoes", "Dr. Zarvexa sandals"], "Dr. Zarvexa"),
    (["Domaine Zarvexier merlot", "Domaine Zarvexier white wine", "Domaine Zarvexier rosé wine"], "Domaine Zarvexier"),
    (["Domaine Zarvexier merlot", "Domaine Qorbitte white wine", "Domaine Melvanne rosé wine"], ""),  # what their names have in common
    (["La Zarvexa flour", "La Zarvexa sugar", "La Zarvexa rice"], "La Zarvexa"),
    (["185/65 R 15 ZARVEX winter tyre", "205/55 R 16 ZARVEX summer tyre", "Zarvex tyre van"], "ZARVEX"),
    (["Tomato red", "Tomato green", "Tomato cherry"], ""),
    (["Zarvex", "Qorbit", "Melvane"], ""),
    (["Zarvex crackers", "Melvane oil"], ""),
    (["Zarvex 25/6", "Zarvex 40/8", "Zarvex 50/12-A"], ""),  # a series of models
    (["Zarvex - 5", "Zarvex - 10", "Zarvex - 20"], ""),
    (["Trevos rojo", "Trevos azul", "Trevos verde", "Trevo blanco"], ""),  # goods in singular and plural
    (["Dolvar AR", "Dolvar photo glass", "Dolvar blue glass", "Dolvar glass", "Lens dolvar", "Lens dolvar wide"], ""),  # also elsewhere
    (
        ["Soto ayam", "Soto sapi", "Soto kambing"]
        + [f"Nasi {word}" for word in "putih merah uduk kuning goreng bakar tim kebuli liwet".split()],
        "",
    ),
]


@pytest.mark.parametrize(("names", "brand"), HEADS)
def test_a_strange_word_that_many_goods_begin_with_is_a_brand(names: list[str], brand: str):
    """The longest run of words counts; words tell goods apart, numbers do not."""
    assert brand_at_head(WORD.findall(names[0]), _heads(names)) == brand


def test_a_word_that_brands_follow_is_a_kind():
    """What stands behind several first words is the brand, not these."""
    names = [
        f"{kind} {brand} {what}"
        for kind in ("Trulo", "Bresk", "Vint", "Molp")
        for brand in ("Zarvex", "Qorbit")
        for what in ("red", "blue", "long")
    ]
    assert _heads(names) == NameHeads()


def test_sentences_begin_with_no_brand():
    """They begin with any word."""
    what = "switch with many ports and a fan for the office and home"
    assert _heads([f"Zarvexed {kind} {what}" for kind in ("plain", "fast", "small", "large")]) == NameHeads()


def test_a_list_of_another_alphabet_of_latin_begins_with_its_own_words():
    """Vietnamese puts its accents on the words of goods."""
    names = [f"Cà phê {what}" for what in ("đen", "sữa", "đá xay", "trứng", "dừa")]
    assert _heads(names) == NameHeads()
