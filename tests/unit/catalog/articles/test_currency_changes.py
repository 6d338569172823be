"""Articles that a supplier's next list has in another currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog.articles.alignment import align
from monito_ray.catalog.articles.list_articles import list_articles
from monito_ray.records import ProductRow

IDR = replace(RICE, list_date=date(2024, 7, 1))
USD = replace(RICE, currency="USD", price=Decimal(5))
EUR = replace(IDR, currency="EUR", price=Decimal(4))
OTHER = {"original_name": "Rice Sawah, 5 kg", "section": "Dry goods", "source_row": 40}


def _pairs(before: list[ProductRow], after: list[ProductRow]) -> list[tuple[int, int]]:
    return sorted(align(list_articles(before), list_articles(after)))


@pytest.mark.parametrize(
    ("case", "before", "after", "pairs"),
    [
        ("the whole list", [USD, replace(OIL, currency="USD")], [replace(OIL, list_date=None), IDR], [(0, 1), (1, 0)]),
        ("one line alone", [USD, replace(OIL, currency="USD")], [IDR], [(0, 0)]),
        ("in other words, in another section", [USD], [replace(IDR, **OTHER)], [(0, 0)]),  # type: ignore[arg-type]
        ("another size", [USD], [replace(IDR, size=Decimal(10))], []),
        ("a carton in place of a piece", [USD], [replace(IDR, price_unit="carton")], []),
        ("another number and name", [USD], [replace(IDR, sku="0077", original_name="Beras lain 5kg")], []),
        ("a second currency beside the first", [USD], [replace(USD, price=Decimal(6)), IDR], [(0, 0)]),
        ("one of two currencies is left out", [USD, replace(IDR, source_row=10)], [replace(IDR, price=Decimal(1))], [(1, 0)]),
        ("one of two currencies is another", [USD, IDR], [IDR, EUR], [(0, 1), (1, 0)]),
        ("a namesake comes in the other of two currencies", [USD, IDR], [IDR, replace(IDR, section="B")], [(1, 0)]),
        ("two currencies become one", [USD, IDR], [EUR], [(0, 0)]),
        ("two alike, in the order of their prices", [USD, replace(USD, price=Decimal(9))], [replace(IDR, price=Decimal(90_000)), IDR], [(0, 1), (1, 0)]),
        ("one of two alike", [USD, replace(USD, price=Decimal(9))], [IDR], []),
        ("two editions of one date", [USD], [RICE], []),
        ("a currency that is put right", [replace(RICE, currency="USD")], [RICE], [(0, 0)]),
        ("two lists without dates", [replace(USD, list_date=None)], [replace(IDR, list_date=None)], [(0, 0)]),
    ],
)  # fmt: skip
def test_an_article_is_one_in_another_currency(case: str, before: list[ProductRow], after: list[ProductRow], pairs: list[tuple[int, int]]):
    """It is the same article by what is the same in one currency; a list that has it in two currencies, or two editions, change nothing."""
    assert _pairs(before, after) == pairs, case


def test_other_words_in_the_same_currency_go_before_the_same_words_in_another():
    """The price that stays in dollars is not taken for the one in rupiah."""
    wording = replace(USD, original_name="Rice, Sawah 5 kg", standardized_name="Sawah rice", price=Decimal(6))
    assert _pairs([USD], [replace(IDR, sku=""), wording]) == [(0, 1)]
