"""The articles of one list: what is one, and what tells the others apart."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog.articles.list_articles import ALIKE, list_articles

DEARER = {"price": Decimal(80_000), "source_row": 11}


def test_only_exact_repeats_are_one():
    """Where a row stands and how sure the program is of it make no other article."""
    again = replace(RICE, source_row=30, confidence=0.1)
    (rice, oil) = list_articles([RICE, OIL, again])
    assert (rice.row, rice.repeats, rice.mark) == (RICE, (again,), "")
    assert (oil.row, oil.repeats, oil.mark) == (OIL, (), "")


@pytest.mark.parametrize(
    ("changes", "marks"),
    [
        ({"sku": "0043"}, ["0042", "0043"]),
        ({"original_name": "Beras super 5kg"}, ["Beras 5kg", "Beras super 5kg"]),
        ({"source_sheet": "Ubud"}, ["Sheet1", "Ubud"]),
        ({"section": "Promo"}, ["", "Promo"]),
        ({"section": "Promo", "sku": ""}, ["0042", "Promo"]),
        ({"min_quantity": Decimal(10)}, ["", "from 10"]),
        ({}, ["(1)", "(2)"]),
    ],
)
def test_what_differs_tells_alike_rows_apart(changes: dict[str, object], marks: list[str]):
    """The first of number, section, name and sheet that each has and that is another for each; else all that differ; else their order by price."""
    articles = list_articles([RICE, replace(RICE, **DEARER, **changes)])  # type: ignore[arg-type]
    assert [article.mark for article in articles] == marks


def test_rows_that_differ_in_price_alone_are_doubted():
    """A person has to say what the difference is; a doubt that was there stays."""
    articles = list_articles([replace(RICE, doubt="read twice"), replace(RICE, **DEARER)])
    assert [article.row.doubt for article in articles] == ["read twice", ALIKE]


def test_a_carton_and_a_bottle_are_two():
    """Neither needs a mark, since what their prices are for tells them apart."""
    articles = list_articles([RICE, replace(RICE, price_unit="carton", **DEARER)])  # type: ignore[arg-type]
    assert [article.mark for article in articles] == ["", ""]
    assert len({article.identity_hash for article in articles}) == 2
