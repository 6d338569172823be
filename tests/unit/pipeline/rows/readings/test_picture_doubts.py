"""Prices that were read from a picture are doubted where a figure is not clear, or where they are unlike the others."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.cells import PagePicture, SeenLine, Sheet, TextLine
from monito_ray.pipeline.rows.line_offers import _NOTHING
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.readings.picture_doubts import FIGURE_BEFORE, PRICED_TITLE, REPEATED_NAME, REPEATED_PRICE, doubt_pictures

_USUAL = ["12.500", "8.000", "9.500", "21.000", "33.500", "18.000", "7.500", "14.000", "26.500", "11.000"]


def _doubts(texts, *, unsure=None, is_picture=True):
    lines = [
        _NOTHING._replace(at=i, name=f"Goods {i}", price_text=text, price=Decimal("".join(filter(str.isdigit, text)) or 0))
        for i, text in enumerate(texts)
    ]
    sheet = Sheet("page 1", [], paged=True, is_picture=is_picture, unsure=unsure or {})
    return [line.doubt for line in doubt_pictures([SheetTables(sheet, (), lines)])[0].lines]


def test_prices_that_are_alike_and_clear_are_not_doubted():
    """A clear list has no doubt."""
    assert not any(_doubts(_USUAL))


@pytest.mark.parametrize(
    ("text", "said"),
    [("12.50", "unlike"), ("12,500", "unlike"), ("12.503", "unlike"), ("12500", "unlike"), ("9.999.000", "far")],
)
def test_a_price_unlike_the_others_is_doubted(text, said):
    """Another mark, other decimals, another last digit, or another size than nearly all others have is a doubt on that row alone."""
    *others, doubt = _doubts([*_USUAL, text])
    assert said in doubt
    assert not any(others)


def test_an_unclear_number_is_doubted_with_what_else_it_may_be():
    """What the second look saw is said on the rows whose price has that number, whatever stands around it."""
    doubts = _doubts([*_USUAL, "Rp 18 500"], unsure={"18500": "the picture may say 13500", "8.000": "a digit in the picture is not clear"})
    assert "may say 13500" in doubts[-1]
    assert "not clear" in doubts[1]
    assert not doubts[5]


def test_what_is_no_picture_is_left_alone():
    """A file with text says what it says."""
    assert not any(_doubts([*_USUAL, "12.50"], is_picture=False))


@pytest.mark.parametrize(
    ("texts", "is_list"),
    [
        pytest.param(["14", "22", "9", "31"], False, id="counts of stock"),
        pytest.param(["27,1", "27,0", "27,3", "26,8"], False, id="temperatures"),
        pytest.param(["71", "66", "60", "58", "55"], False, id="standings"),
        pytest.param(["14.000", "22.500", "9.000"], True, id="thousands"),
        pytest.param(["4.50", "12.00", "3.25"], True, id="cents"),
        pytest.param(["250", "180", "300", "210"], True, id="round numbers"),
        pytest.param([str(n) for n in range(21, 35)], True, id="a long menu of bare numbers"),
    ],
)
def test_a_picture_of_names_and_numbers_is_a_list_where_they_look_like_money(texts, is_list):
    """Maps, standings and counts of stock have names and numbers, too, and give no row."""
    lines = [
        _NOTHING._replace(at=i, name=f"Goods {i}", price_text=text, price=Decimal(text.replace(".", "").replace(",", ".")))
        for i, text in enumerate(texts)
    ]
    for is_picture, has_lines in ((True, is_list), (False, True)):
        sheet = SheetTables(Sheet("page 1", [], paged=True, is_picture=is_picture), (), lines)
        assert bool(doubt_pictures([sheet])[0].lines) == has_lines


def test_a_price_that_is_left_over_doubts_the_page():
    """Where rows are taken a line too high or too low, one price has no name: then none is sure to stand beside its own."""
    lines = [
        _NOTHING._replace(at=i, name=f"Goods {i}", price_text=text, price=Decimal(5)) for i, text in enumerate(["4.50", "12.00", "3.25"])
    ]
    left_over = [TextLine(n, text, 0, 1, n, n + 1) for n, text in enumerate(["12.05.2026", "Goods 1 4.50", "879.07"], start=1)]
    for texts, is_doubted in ((left_over, True), (left_over[:2], False)):
        sheet = Sheet("page 1", [], paged=True, is_picture=True, lines=texts)
        (read,) = doubt_pictures([SheetTables(sheet, (), lines)])
        assert all(bool(line.doubt) == is_doubted for line in read.lines)


@pytest.mark.parametrize(
    ("name", "text", "is_doubted"), [("Milk 500 g 1", "816,75", True), ("Milk 500 g", "816,75", False), ("Milk 1", "16,75", False)]
)
def test_a_figure_before_a_price_may_be_its_thousands(name, text, is_doubted):
    """The "1" of "1 816,75" behind a wide blank; of a price that does not begin with three digits it is none."""
    others = [_NOTHING._replace(at=i, name=f"Goods {i} kg", price_text="95,50", price=Decimal("95.5")) for i in range(4)]
    line = _NOTHING._replace(at=9, name=name, price_text=text, price=Decimal(text.replace(",", ".")))
    sheet = SheetTables(Sheet("page 1", [], paged=True, is_picture=True), (), [*others, line])
    *_, last = doubt_pictures([sheet])[0].lines
    assert (last.doubt == FIGURE_BEFORE) == is_doubted


def test_prices_are_in_doubt_where_one_stands_beside_a_title():
    """Every row is a line off then, whatever the prices look like."""
    lines = [
        _NOTHING._replace(at=i, name=name, price_text="9.500", price=Decimal(9500))
        for i, name in enumerate(["Nama Barang", "Rice 5 kg", "Tea"])
    ]
    sheet = SheetTables(Sheet("page 1", [], paged=True, is_picture=True), (), lines)
    assert [line.doubt for line in doubt_pictures([sheet])[0].lines] == [PRICED_TITLE] * 3


@pytest.mark.parametrize(
    ("names", "prices", "doubt"),
    [
        (["Soap 1 L"] * 3, ["4.50", "5.50", "6.50"], REPEATED_NAME),
        (["Soap 1 L", "Rice 2 kg", "Salt 500 g"], ["4.50"] * 3, REPEATED_PRICE),
        (["Soap 1 L"] * 2, ["4.50", "5.50"], ""),
    ],
)
def test_what_a_picture_shows_once_is_not_that_of_many_rows(names: list[str], prices: list[str], doubt: str):
    """Where a table's borders are seen in part a cell reaches over other rows; what stands there for each row belongs to it."""
    lines = [
        _NOTHING._replace(at=i, name=name, price_text=price, price=Decimal(price))
        for i, (name, price) in enumerate(zip(names, prices, strict=True))
    ]
    seen = ["".join(text.split()) for text in (*names, *prices)]
    for texts, expected in ((set(seen), doubt), (seen, "")):
        shown = tuple(SeenLine(text, 0, 0.5, 1, 0.6) for text in texts)
        sheet = SheetTables(Sheet("page 1", [], paged=True, is_picture=True, picture=PagePicture(b"", shown)), (), lines)
        assert [line.doubt for line in doubt_pictures([sheet])[0].lines] == [expected] * len(lines)
