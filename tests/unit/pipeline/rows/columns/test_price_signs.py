"""Signs beside the amounts of price cells, each in a list of its own, from the file's bytes to the reasons."""

import itertools
from decimal import Decimal

import pytest

from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import Reason

GOODS = ("Apples", "Barley", "Carrots", "Dates", "Endives", "Figs", "Garlic", "Honey")
#: Ten ways to write an amount, each with where a sign may stand: "{}".
NOTATIONS = (
    "{}14.000",
    "{}Rp 14.000",
    "Rp {}14.000",
    "Rp.{}14.000",
    "{}IDR 14,000",
    "${}5",
    "{}$5.50",
    "{}5,50 €",
    "{}14rb",
    "€{}1 400,50/kg",
)
MINUS = ("-", "- ", "−", "–", "— ")


def read(cells: dict[str, str]) -> dict[str, tuple[Decimal | None, str, str]]:
    """The price, the reason and the doubt of each row of a list in CSV, by its name."""
    data = "\n".join(["Goods;Price", *(f"{name};{cell}" for name, cell in cells.items())]).encode()
    rows = validation.validate(price_list.read_price_list(data, "list.csv").rows).to_pylist()
    return {row["original_name"]: (row["price"], row["reason"], row["doubt"]) for row in rows}


def among_others(text: str, others: str = "{}") -> tuple[Decimal | None, str, str]:
    """What a price cell is read as that stands among seven plain ones."""
    cells = {name: others.format(f"{n + 3}.500") for n, name in enumerate(GOODS)}
    return read(cells | {"Dates": text})["Dates"]


@pytest.mark.parametrize("text", [notation.format(sign) for notation, sign in itertools.product(NOTATIONS, MINUS)])
def test_an_amount_with_a_minus_is_no_price(text: str):
    """Wherever the sign stands beside the currency, and whichever dash is typed for it."""
    price, reason, _ = among_others(text)
    assert price is not None
    assert (price < 0, reason) == (True, Reason.PRICE_NOT_POSITIVE)


@pytest.mark.parametrize("text", [notation.format("") for notation in NOTATIONS])
def test_the_same_amount_without_a_minus_is_a_price(text: str):
    """So that the test above says something of the sign."""
    price, reason, doubt = among_others(text)
    assert price is not None
    assert (price > 0, reason, doubt) == (True, "", "")


@pytest.mark.parametrize(
    "text",
    [
        "(14.000)",
        "(Rp 14.000)",
        "Rp (14.000)",
        "($5.50)",
        "-(14.000)",
        "14.000,00-",
        "Rp 14.000,00-",
        "5.00- €",
        "14.000 CR",
        "14.000cr.",
        "Rp 14.000 Cr",
        "14.000 Rp CR",
        "(14.000) CR",
    ],
)
def test_accountants_ways_to_write_a_minus_make_no_price(text: str):
    """Brackets, a minus behind cents, and the word for a credit."""
    assert among_others(text)[1] == Reason.PRICE_NOT_POSITIVE


@pytest.mark.parametrize(
    "text", ["14.000-", "Rp 14.000-", "Rp 14.000 -", "14.000 Rp-", "CHF -.50", "€ -,75", "10.000/-12.000", "10.000 / -12.000"]
)
def test_a_dash_that_may_be_a_minus_or_a_stroke_makes_a_price_in_doubt(text: str):
    """It may stand for the cents, or for the whole, that are none, or belong to a second amount."""
    price, reason, doubt = among_others(text)
    assert price is not None
    assert (price > 0, reason, doubt) == (True, "", f"{text} was read as {price.normalize():f}")


@pytest.mark.parametrize(
    "text",
    [
        "14.000,-",
        "14.000.-",
        "Rp 14.000,-",
        "14.000/-",
        "14,--",
        "--,75 €",
        "US-$ 14.000",
        "10.000 - 14.000",
        "Rp10.000-Rp14.000",
        "10rb-14rb",
        "14.000 (-10)",
        "14.000/kg - 15.000/kg",
        "14.000 crate",
    ],
)
def test_other_dashes_are_no_minus(text: str):
    """Strokes with a mark before them, hyphens of currencies, ranges, and what stands behind an amount."""
    price, reason, doubt = among_others(text)
    assert price is not None
    assert (price > 0, reason, doubt) == (True, "", "")


def test_a_dash_behind_an_amount_is_a_stroke_where_others_have_strokes():
    """The comma before it was left out."""
    assert among_others("Rp 14.000-", "Rp {},-") == (Decimal(14_000), "", "")


@pytest.mark.parametrize("others", ["Rp -{}", "-Rp {}", "({})", "Rp ({})"])
def test_signs_of_most_cells_of_a_column_mean_no_minus_but_doubt(others: str):
    """No list sells most of its goods below zero."""
    text = others.format("4.500")
    assert read({name: others.format(f"{n + 3}.500") for n, name in enumerate(GOODS)})["Barley"] == (4_500, "", f"{text} was read as 4500")


def test_dashes_that_part_most_prices_from_their_names_mean_nothing():
    """They were cut off with the prices."""
    assert read({name: f"- Rp {n + 3}.500" for n, name in enumerate(GOODS)})["Barley"] == (4_500, "", "")


def test_a_row_with_a_price_below_zero_is_rejected_whatever_its_other_prices_are():
    """What is paid back for a box is no price of what is in it."""
    rows = ["Goods;Price;Wholesale price", *(f"{name};{n + 3}.500;{n + 3}.250" for n, name in enumerate(GOODS)), "Dates;-Rp 9.500;9.250"]
    found = validation.validate(price_list.read_price_list("\n".join(rows).encode(), "list.csv").rows).to_pylist()
    assert (found[-1]["price"], found[-1]["reason"]) == (-9_500, Reason.PRICE_NOT_POSITIVE)


def test_a_price_below_zero_in_a_grid_is_rejected_alone():
    """The other prices of its row are offers."""
    rows = ["Pizza;25 cm;30 cm", *(f"{name};{n + 3}.500;{n + 5}.500" for n, name in enumerate(GOODS)), "Dates;-Rp 9.500;9.750"]
    found = validation.validate(price_list.read_price_list("\n".join(rows).encode(), "list.csv").rows).to_pylist()
    last = [(row["original_name"], row["price"], row["reason"]) for row in found[-2:]]
    assert last == [("Dates 25 cm", -9_500, Reason.PRICE_NOT_POSITIVE), ("Dates 30 cm", 9_750, "")]


@pytest.mark.parametrize(
    "line",
    [
        "{} - Rp 14.000",
        "{} -Rp 14.000",
        "{} -14.000",
        "{} - 14.000",
        "{} – 14.000",
        "{} — Rp14.000",
        "{}: -14.000",
        "{} Rp -14.000",
        "- {} 14.000",
        "- {} - Rp 14.000",
        "- {} -14.000",
        "{} 14.000,-",
        "{} 14.000 - 16.000",
    ],
)
@pytest.mark.parametrize("are_alike", [True, False])
def test_a_dash_between_name_and_price_of_a_line_is_no_minus(line: str, *, are_alike: bool):
    """In chats it parts them, in all lines or in one."""
    lines = [(line if are_alike or name == "Dates" else "{} 14.000").format(name) for name in GOODS]
    rows = validation.validate(price_list.read_price_list("\n".join(lines).encode(), "chat.txt").rows).to_pylist()
    assert [(row["price"], row["reason"]) for row in rows] == [(14_000, "")] * len(GOODS)
