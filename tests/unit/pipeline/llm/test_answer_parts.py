"""The parts of an answer as models write them."""

from decimal import Decimal
from typing import Any

import pytest

from monito_ray.pipeline.llm.answer_parts import category_of, count_of, id_of, parts_of, size_of

PARTS = {"id": "1", "check": "Melati", "name": "Tea", "brand": "", "size": "330 ml", "pack": "24", "category": "beverages"}
OBJECT: dict[str, Any] = {**PARTS, "id": 1, "brand": None, "pack": 24}
FORMS: dict[str, tuple[Any, bool]] = {
    "a text": ("1|Melati|Tea||330 ml|24|beverages", True),
    "blanks around": (" 1 | Melati | Tea |  | 330 ml | 24 | beverages ", True),
    "a row of a table": ("|1|Melati|Tea||330 ml|24|beverages|", True),
    "words for nothing": ("1|Melati|Tea|N/A|330 ml|24|beverages", True),
    "a list": (["1", "Melati", "Tea", "", "330 ml", "24", "beverages"], True),
    "an object": (OBJECT, True),
    "an object with other names": (
        {"ID": 1, "check": "Melati", "standardized_name": "Tea", "brand": "-", "size": 330, "unit": "ml", "pack_count": 24.0, "category": "beverages"},
        True,
    ),
    "a part too few": ("1|Melati|Tea||330 ml|beverages", False),
    "a part too many": ("1|Melati|Tea||330 ml|24|beverages|25500", False),
    "an object without category": ({name: part for name, part in OBJECT.items() if name != "category"}, False),
    "a part in parts": ({**OBJECT, "name": {"en": "Tea"}}, False),
    "truth": ({**OBJECT, "id": True}, False),
    "nothing": (None, False),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "is_read"), FORMS.values(), ids=FORMS)
def test_an_answer_is_read_in_each_form(answer: Any, is_read: bool):
    """Texts with bars, lists, objects; words for nothing are empty."""
    assert parts_of(answer) == (PARTS if is_read else None)


def test_the_id_is_read_where_nothing_else_is():
    """So that the fault is the row's."""
    assert [id_of(answer) for answer in ("7|x", {"id": 7}, ["7"], "", None, 7, {"id": [7]})] == ["7", "7", "7", "", "", "", ""]


CATEGORIES = [
    ("sugar", "sugar & sweeteners"),
    ("Sugar & Sweeteners", "sugar & sweeteners"),
    ("sugar and sweeteners", "sugar & sweeteners"),
    ("sugar (& sweeteners)", "sugar & sweeteners"),
    ("Stationery", "stationery"),
    ("stationery.", "stationery"),
    ("sugary things", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "category"), CATEGORIES)
def test_a_category_is_a_key_or_a_name(text: str, category: str | None):
    """In any case."""
    assert category_of(text) == category


SIZES = [
    ("330 ml", "330", "ml"),
    ("330ml", "330", "ml"),
    ("1 KG", "1", "kg"),
    ("85 gr", "85", "g"),
    ("85 gr.", "85", "g"),
    ("1,5 ltr", "1.5", "l"),
    ("800 г", "800", "g"),
    ("1,000 g", "1 1000", "g"),
    ("1.250.000 g", "1250000", "g"),
    ("10 pieces", "10", "pcs"),
    ("16", None, ""),
    ("ml", None, ""),
    ("5 bars", None, ""),
    ("6 x 330 ml", None, ""),
    ("٣٣٠ ml", None, ""),
]


@pytest.mark.parametrize(("text", "numbers", "unit"), SIZES)
def test_a_size_is_a_number_with_a_unit(text: str, numbers: str | None, unit: str):
    """In the spellings of all languages; what a separator of three digits means is open."""
    read = size_of(text)
    assert read == (None if numbers is None else (frozenset(map(Decimal, numbers.split())), unit))


COUNTS = [
    ("24", 24),
    ("24 pcs", 24),
    ("x24", 24),
    ("24x", 24),
    ("12 шт", 12),
    ("3 cartons", None),
    ("two", None),
    ("1.5", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "count"), COUNTS)
def test_a_pack_is_a_count_of_pieces(text: str, count: int | None):
    """The word for pieces may stand with it; other words make it another count."""
    assert count_of(text) == count
