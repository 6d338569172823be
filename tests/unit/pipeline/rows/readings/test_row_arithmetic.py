"""Amounts of a row prove, or contradict, its price where the others of the table are computed from prices."""

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.price_list import read_sheet_tables
from monito_ray.pipeline.rows.readings.picture_doubts import NOT_FITTING, doubt_pictures
from monito_ray.pipeline.rows.readings.row_arithmetic import rows_that_fit

_GOODS = ["Beras", "Gula", "Kopi", "Teh", "Garam", "Minyak", "Kecap", "Sambal", "Tepung", "Susu"]
_PRICES = [12500, 8000, 33500, 21000, 4500, 18000, 27000, 9500, 14000, 16500]
_QUANTITIES = [2, 5, 1, 12, 24, 3, 6, 10, 4, 20]


def _dotted(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def _sheet(rows: list[list[str]], titles: list[str], **options: object) -> Sheet:
    return Sheet("page 1", [titles, *rows], paged=True, is_picture=True, **options)  # type: ignore[arg-type]


def _orders(changed: dict[int, int] | None = None) -> Sheet:
    """Return a picture's page of an order; `changed` prices are read in place of the printed ones."""
    read = [(changed or {}).get(n, price) for n, price in enumerate(_PRICES)]
    rows = [
        [name, str(times), _dotted(shown), _dotted(times * price)]
        for name, times, shown, price in zip(_GOODS, _QUANTITIES, read, _PRICES, strict=True)
    ]
    return _sheet(rows, ["Nama Barang", "Qty", "Harga", "Jumlah"], unsure={"21.000": "a digit in the picture is not clear"})


def _fits(sheet: Sheet) -> dict[str, bool]:
    (tables,) = read_sheet_tables([sheet])
    return {line.name: fits for line, fits in rows_that_fit(tables).items()}


def test_a_quantity_times_a_price_is_the_sum_beside_them():
    """Each row of an order fits; one whose price was misread does not."""
    assert _fits(_orders()) == dict.fromkeys(_GOODS, True)
    assert _fits(_orders({3: 27000, 6: 21000})) == {**dict.fromkeys(_GOODS, True), "Teh": False, "Kecap": False}


def test_a_price_with_tax_is_as_many_times_the_price_in_every_row():
    """Of a column that is another price, now more and now less, nothing follows."""
    taxed = [[name, _dotted(price), _dotted(round(price * 1.11))] for name, price in zip(_GOODS, _PRICES, strict=True)]
    taxed[4][2] = "4.895"
    titles = ["Nama Barang", "Harga", "Harga + PPN"]
    assert _fits(_sheet(taxed, titles)) == {**dict.fromkeys(_GOODS, True), "Garam": False}
    others = [[name, _dotted(price), _dotted(price + 500 * n)] for n, (name, price) in enumerate(zip(_GOODS, _PRICES, strict=True))]
    assert _fits(_sheet(others, titles)) == {}


def test_a_round_price_among_prices_with_cents_is_not_rounded():
    """12.40 was read as 12.00, which 24 times is 9.60 off the sum."""
    prices = [1240, 835, 2199, 450, 1275, 980, 333, 1505, 260, 715]
    rows = [
        [name, str(times), f"{(1200 if price == 1240 else price) / 100:.2f}", f"{times * price / 100:.2f}"]
        for name, times, price in zip(_GOODS, [24, 5, 2, 12, 20, 3, 6, 10, 4, 20], prices, strict=True)
    ]
    assert _fits(_sheet(rows, ["Item", "Qty", "Price", "Amount"])) == {**dict.fromkeys(_GOODS, True), "Beras": False}


def test_rows_without_one_of_the_amounts_are_left_out():
    """And few rows prove nothing."""
    sheet = _orders()
    sheet.rows[2][3] = ""
    assert "Gula" not in _fits(sheet)
    assert _fits(_sheet(sheet.rows[1:5], ["Nama Barang", "Qty", "Harga", "Jumlah"])) == {}


def test_a_price_that_the_row_proves_is_in_doubt_no_more_and_one_that_it_contradicts_is():
    """The second look was not sure of "21.000", which twelve times is the sum; 27.000 was read for sure where 33.500 stands."""
    (tables,) = doubt_pictures(read_sheet_tables([_orders({2: 27000})]))
    assert {line.name: line.doubt for line in tables.lines if line.doubt} == {"Kopi": NOT_FITTING}
