"""Articles found again in the next list of their supplier."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import OIL, RICE

from monito_ray.catalog.articles.alignment import align
from monito_ray.catalog.articles.list_articles import list_articles
from monito_ray.records import ProductRow

DEARER = replace(RICE, price=Decimal(80_000), source_row=11)


def _pairs(before: list[ProductRow], after: list[ProductRow]) -> list[tuple[int, int]]:
    return sorted(align(list_articles(before), list_articles(after)))


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({"price": Decimal(1)}, True),
        ({"source_sheet": "July", "source_row": 99, "section": "New", "category": "x"}, True),
        ({"original_name": "BERAS  5KG"}, True),
        ({"original_name": "Beras, 5 kg", "standardized_name": "Rice"}, True),
        ({"sku": "0077"}, True),
        ({"sku": "0077", "original_name": "Beras lain 5kg"}, False),
        ({"brand": "Other", "standardized_name": "Beras"}, True),
        ({"size": Decimal(10)}, False),
        ({"price_unit": "carton"}, False),
        ({"pack_count": 4}, False),
        ({"currency": "USD"}, True),
        ({"currency": ""}, True),
        ({"currency": "", "original_name": "Beras, 5 kg"}, False),
    ],
)
def test_an_article_is_found_by_what_it_is(changes: dict[str, Any], is_found: bool):
    """Price, place, order and currency may change; size, pack, what the price is for, and number with name may not. A list may say no currency."""
    assert _pairs([RICE, OIL], [OIL, replace(RICE, **changes)]) == [*([(0, 1)] if is_found else []), (1, 0)]


def test_alike_rows_are_told_apart_by_section_and_then_by_price():
    """In the order of their prices where nothing else tells them apart and none is left over."""
    before = [replace(RICE, section="A"), replace(DEARER, section="B")]
    assert _pairs(before, [replace(DEARER, section="A"), replace(RICE, section="B")]) == [(0, 0), (1, 1)]
    assert _pairs([RICE, DEARER], [replace(DEARER, price=Decimal(82_000)), RICE]) == [(0, 1), (1, 0)]


def test_of_two_alike_rows_one_that_is_left_is_found_by_its_price_alone():
    """A new price could be that of either."""
    assert _pairs([RICE, DEARER], [DEARER]) == [(1, 0)]
    assert _pairs([RICE, DEARER], [replace(RICE, price=Decimal(77_000))]) == []


def test_of_alike_rows_with_one_price_as_many_are_found_as_there_are():
    """A row that stood twice, in other letters, and stands once now, is one article that stays and one that is gone."""
    shout = replace(RICE, original_name="BERAS 5KG", brand="SAWAH", source_row=30)
    assert len(_pairs([RICE, shout], [replace(RICE, source_row=12)])) == 1
    assert len(_pairs([RICE, replace(RICE, section="B"), replace(RICE, section="C")], [replace(RICE, section="D")])) == 1


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Router with 2 USIM slots, 1 LAN port, 2 USB ports, 802.11ac up to 866Mbps, 802.11n up to 300Mbps", True),
        ("Switch with 2 USIM slots, 8 LAN ports", False),
    ],
)
def test_a_description_may_change_a_little_under_its_number(text: str, is_found: bool):
    """Most words have to be the same: a running number means another article in each list."""
    words = "Router with 2 USIM slots, 1 LAN port, 2 USB ports, 802.11ac up to 850Mbps, 802.11n up to 300Mbps"
    before = replace(RICE, brand="", size=None, unit="", original_name=words, standardized_name=words)
    assert _pairs([before], [replace(before, original_name=text, standardized_name=text)]) == ([(0, 0)] if is_found else [])


@given(st.lists(st.sampled_from([RICE, DEARER, OIL, replace(RICE, sku="0043"), replace(OIL, section="B")]), max_size=8), st.randoms())
def test_a_list_is_found_again_whole_in_any_order(rows: list[ProductRow], random: Any):
    """Every article once, and as itself."""
    shuffled = random.sample(rows, len(rows))
    before, after = list_articles(rows), list_articles(shuffled)
    pairs = align(before, after)
    assert sorted(one for one, _ in pairs) == list(range(len(before)))
    assert all(before[one].row == after[other].row for one, other in pairs)
