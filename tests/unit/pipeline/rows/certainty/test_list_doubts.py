"""The sentences of doubts: what a buyer reads."""

from decimal import Decimal

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.certainty.list_doubts import ReadList, describe_doubts
from monito_ray.pipeline.rows.certainty.list_signs import ListSigns
from monito_ray.pipeline.rows.certainty.predicted_share import Prediction
from monito_ray.pipeline.rows.certainty.unread_amounts import unread_outside
from monito_ray.pipeline.rows.offer_line import SheetTables

GOODS = [["Beras Pandan", 72500], ["Gula Pasir", 15750], ["Kopi Bubuk", 48250], ["Teh Celup", 12900], ["Kecap Manis", 22400]]


def _sheet(*rows: list, name: str = "Harga") -> SheetTables:
    return price_list.read_sheet_tables([Sheet(name, [list(row) for row in rows])])[0]


def _text(*more: str) -> SheetTables:
    """The same goods as lines of a text, of which one price is a thousand times too low, and further lines that gave no offer."""
    goods = _sheet(["Nama", "Harga"], *GOODS).lines
    low = goods[4]._replace(price=Decimal("22.4"), price_text="22,400")
    rows = [[""], *([f"{line.name} Rp {line.price}"] for line in (*goods[:4], low)), *([text] for text in more)]
    return SheetTables(Sheet("csv", rows), (), [*goods[:4], low])


def _doubts(sheet: SheetTables, **signs: float) -> tuple[str, ...]:
    """What is told of a list with a poor outlook against which these signs speak."""
    return describe_doubts(ReadList([sheet], unread_outside([sheet]), ListSigns(**signs)), Prediction(0.8, signs))


def test_a_short_list_is_said_to_lose_only_amounts_that_it_lost():
    """Greetings and blank lines are no loss; where there is none, the share that is probably right is told."""
    assert _doubts(_text("Thank you!", ""), few=0.9) == ("The text: about 80% of the rows are probably right; compare some with the list",)
    assert _doubts(_text("Thank you!", "Pandan cake Rp 90.000 or so"), few=0.9) == (
        "The text: 1 amount looks like a price and was not read, such as line 8, 'Pandan cake Rp 90.000 or so'",
    )


def test_a_price_far_from_the_others_is_told_with_its_product_and_cell():
    """A buyer sees at once that thousands were read as decimals."""
    assert _doubts(_text(), outliers=0.2) == (
        "The text: 1 price is far from the others, near 15,750: '22,400' was read as 22.4 for 'Kecap Manis' (line 6)",
    )


def test_prices_that_go_far_apart_are_told_by_their_ends():
    """The lowest and the highest one."""
    (doubt,) = _doubts(_text(), spread=0.9)
    assert doubt.startswith("The text: look at the lowest and the highest price")
    assert "'22,400' was read as 22.4 for 'Kecap Manis' (line 6)" in doubt
    assert " 72,500 for 'Beras Pandan' (line 2)" in doubt


def test_sums_taxes_and_blank_rows_are_no_goods_without_a_price():
    """A row of goods is, and is shown."""
    sheet = _sheet(["Nama", "Harga"], *GOODS)
    blank, *others = (sheet.lines[0]._replace(name=name, price=None, price_text="", role="") for name in ("", "Subtotal", "VAT 11%"))
    assert "no price" not in " ".join(_doubts(SheetTables(sheet.sheet, sheet.tables, [*sheet.lines, blank, *others]), unpriced=0.3))
    tea = sheet.lines[0]._replace(at=3, name="Teh Hijau", price=None, price_text="", role="")
    assert _doubts(SheetTables(sheet.sheet, sheet.tables, [*sheet.lines, blank, tea]), unpriced=0.3) == (
        "Sheet Harga, column B: 1 of 6 rows has no price, such as 'Teh Hijau' in row 4",
    )


def test_the_other_column_of_prices_is_told_with_its_title():
    """Both are, and a sheet without a name is the list."""
    sheet = _sheet(
        ["Nama", "Harga", "Harga promo"], *([name, price, price - 1000 - n * 130] for n, (name, price) in enumerate(GOODS)), name="csv"
    )
    table = sheet.tables[0]
    assert table.say_rival("prices", 1, 2) == "column C ('Harga promo') may be the price instead of column B ('Harga')"
    assert all(doubt.startswith("The list") for doubt in _doubts(sheet, rival_price=0.9, few=0.9))
