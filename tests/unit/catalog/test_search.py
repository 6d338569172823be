"""Which products a query matches."""

import pytest

from monito_ray.catalog import search

TEXTS = {
    "cola": "Cola Teratai 330 ml soft drinks Minuman Cola 330ml",
    "zero": "Cola zero Teratai 330 ml soft drinks Cola Zero 330ml",
    "oil": "Cooking oil 2 l oils & fats Minyak Goreng 2L",
    "rice": "White rice 5 kg rice & grains Beras Putih 5kg",
    "buckwheat": "Buckwheat 800 g Крупа гречневая 800 г",
}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("cola", ["cola", "zero"]),
        ("cola zero", ["zero"]),
        ("COLA 330 ml", ["cola", "zero"]),
        ("330ml", ["cola", "zero"]),
        ("33", []),
        ("miny", ["oil"]),
        ("minyk goreng", ["oil"]),
        ("goreng minyak 2l", ["oil"]),
        ("minyak 5l", []),
        ("гречка", []),
        ("гречнев", ["buckwheat"]),
        ("susu", []),
        ("", []),
        ("--- %", []),
    ],
)
def test_a_product_is_found_by_any_of_its_names(query: str, matches: list[str]):
    """Each word must equal a word, begin one, or be similar to one; numbers must be equal."""
    assert search.match_texts(query, TEXTS) == matches
