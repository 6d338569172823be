"""The price cells of a table's rows."""

import json
from decimal import Decimal

import pytest

from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.prices import Amount, Convention
from monito_ray.pipeline.rows.extract import extract_lines
from monito_ray.pipeline.rows.offer_line import OfferLine
from monito_ray.pipeline.rows.price_cells import amount_in
from monito_ray.pipeline.tables.locate import find_tables


def lines(rows: list[list], *merges: Merge) -> list[OfferLine]:
    """The lines of a sheet's tables."""
    sheet = Sheet("A", rows, merges)
    return [line for table in find_tables(sheet) for line in extract_lines(sheet, table)]


GOODS = [["Product", "Price"], *[[f"Product {chr(97 + n)}", 100.0 + 10 * n] for n in range(8)]]


def test_a_merged_price_is_that_of_each_named_row_it_covers():
    """The rows below its first one have empty cells."""
    rows = [list(row) for row in GOODS]
    rows[3][1] = rows[4][1] = ""
    assert [line.price for line in lines(rows, Merge(2, 1, 4, 1))][1:4] == [Decimal(110)] * 3
    assert [line.price for line in lines(rows)][1:4] == [Decimal(110), None, None]


def test_the_further_amounts_of_a_cell_are_tiers():
    """They have no title of their own."""
    rows = [list(row) for row in GOODS]
    rows[2][1] = "340/360/400"
    line = lines(rows)[1]
    assert (line.price, json.loads(line.price_tiers)) == (Decimal(340), {"Price 2": 360, "Price 3": 400})


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("(140)", -140),
        ("Rp (14,000.50)", Decimal("-14000.50")),
        ("(Rp 1 400)", -1400),
        ("( 140 ) / kg", -140),
        ("(140) (160)", None),
        ("140 (about)", 140),
        ("(about) 140", None),
    ],
)
def test_brackets_around_an_amount_mean_minus(text: str, price: Decimal | int | None):
    """Accountants write it so; brackets beside an amount hold remarks."""
    rows = [list(row) for row in GOODS]
    rows[2] = ["Salt 1 kg", text]
    assert lines(rows)[1].price == price


@pytest.mark.parametrize("text", [-130.0, "-130", "(130)", "130 CR"])
def test_another_price_below_zero_is_said_to_be_left_out(text: float | str):
    """It vanished beside the first price; the row stays."""
    rows: list[list] = [["Product", "from 1", "from 10", "from 50"]]
    rows += [[f"Product {chr(97 + n)}", *(100.0 + 15 * n * n - less for less in (0, 5, 10))] for n in range(8)]
    rows[4][2] = text
    line = lines(rows)[3]
    assert (line.price, json.loads(line.price_tiers)) == (Decimal(235), {"from 50": 225})
    assert line.doubt == "from 10: -130 is below zero and was left out"


def test_a_lone_letter_that_may_mean_thousands_makes_doubt():
    """It may as well name a column."""
    assert {line.doubt for line in lines([["Product", "Price (K)"], *GOODS[1:]])} == {
        'above the table stands "Price (K)": the price may be meant a thousand times as high'
    }


def test_differences_below_zero_are_not_said_to_be_left_out():
    """A column that is mostly below zero has no prices."""
    rows: list[list] = [["Product", "Price", "Wholesale", "Price difference"]]
    rows += [[f"Product {chr(97 + n)}", 100.0 + 10 * n, 90.0 + 10 * n, -10.0 - n] for n in range(8)]
    assert {line.doubt for line in lines(rows)} == {""}


def test_prices_that_all_stand_in_brackets_are_in_doubt():
    """No list sells its goods below zero, so they may be prices."""
    rows = [GOODS[0], *[[name, f"({price:.0f})"] for name, price in GOODS[1:]]]
    assert [(line.price, line.doubt) for line in lines(rows)[:1]] == [(100, "(100) was read as 100")]


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (25500, Amount(Decimal(25500))),
        (0.1, Amount(Decimal("0.1"))),
        ("Rp 25.500", Amount(Decimal(25500), "IDR")),
        ("700-900", Amount(Decimal(700))),
        (True, None),
        (None, None),
        ("", None),
        (float("inf"), None),
        (1e30, None),
    ],
)
def test_the_amount_of_a_cell(value: object, amount: Amount | None):
    """Numbers are amounts as typed, texts by the column's convention; truth values and endless numbers are none."""
    assert amount_in(value, Convention.COMMA) == amount


@pytest.mark.parametrize(
    ("text", "price", "doubt"), [("41,500", 41500, ""), ("1,500", Decimal("1.5"), "1,500 was read as 1.5"), ("950,00", 950, "")]
)
def test_three_digits_behind_a_mark_are_what_fits_the_column(text: str, price: Decimal, doubt: str):
    """They are thousands where only that is about as much as the others; where neither fits, the row says how it was read."""
    others = [[f"Product {chr(97 + n)}", f"{95 + n}.000,00"] for n in range(8)]
    line = lines([["Product", "Price"], *others, ["Product z", text]])[-1]
    assert (line.price, line.doubt) == (price, doubt)


@pytest.mark.parametrize(("text", "doubt"), [("$1.500", "$1.500 was read as 1500"), ("$1.500,00", ""), ("$45,00", "")])
def test_thousands_far_above_the_column_are_told(text: str, doubt: str):
    """The mark may separate decimals in this one cell."""
    rows = [[f"Product {chr(97 + n)}", f"${2 + n},75"] for n in range(8)]
    assert lines([["Product", "Price"], *rows, ["Product z", text]])[-1].doubt == doubt


def test_a_title_of_two_lines_multiplies_too():
    """Its second line may be the first row of the table."""
    assert (
        lines([["Product", "Unit", "Price"], ["", "", "(x1000)"], ["Rice", "kg", 41.5], ["Tea", "kg", 95], ["Salt", "kg", 12]])[-1].price
        == 12_000
    )


def test_an_unclear_remark_above_a_table_is_told():
    """It multiplies nothing."""
    head = [["Price list Rp x1000", "", ""], ["", "", ""]]
    line = lines([*head, ["Product", "Unit", "Price"], ["Rice", "kg", 41.5], ["Tea", "kg", 95], ["Salt", "kg", 12]])[-1]
    assert (line.price, "a thousand times" in line.doubt) == (12, True)
