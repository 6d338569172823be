"""Tables on sheets of our own making, each with one trap."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.rows import extract
from monito_ray.pipeline.tables import locate


def sheet(*lines: list, merges: tuple[Merge, ...] = ()) -> Sheet:
    width = max(map(len, lines))
    return Sheet("S", [[*line, *[""] * (width - len(line))] for line in lines], merges)


def offers(goods_sheet: Sheet) -> list[tuple[int, str, Decimal]]:
    lines = [line for table in locate.find_tables(goods_sheet) for line in extract.extract_lines(goods_sheet, table)]
    return [(line.at + 1, line.name, line.price) for line in lines if line.price and line.price > 0 and line.name]


GOODS = [
    ["Beras Ramos", 62000.0],
    ["Gula Pasir", 17500.0],
    ["Minyak Goreng", 38500.0],
    ["Garam Halus", 4500.0],
    ["Tepung Beras", 12000.0],
    ["Kopi Bubuk", 21500.0],
]


def test_header_below_a_letterhead():
    """The header is found wherever it stands; what is above it is no row."""
    goods_sheet = sheet(["PT Contoh"], ["Jl. Raya 1, tel 0361 123456"], [], ["Nama Barang", "Harga"], *GOODS)
    assert [row for row, _, _ in offers(goods_sheet)] == [5, 6, 7, 8, 9, 10]


def test_first_product_is_not_eaten_as_header():
    """Without a header the first row counts."""
    assert offers(sheet(*GOODS))[0] == (1, "Beras Ramos", Decimal("62000.00"))


def test_two_row_header_names_the_tiers():
    """Sub-titles under a price title say which price is the main one."""
    goods_sheet = sheet(
        ["No", "Nama", "Harga", ""],
        ["", "", "Grosir", "Eceran"],
        *[[float(i), name, price * 0.9, price] for i, (name, price) in enumerate(GOODS, 1)],
    )
    assert offers(goods_sheet)[0] == (3, "Beras Ramos", Decimal("62000.00"))
    assert "Grosir" in next(line for t in locate.find_tables(goods_sheet) for line in extract.extract_lines(goods_sheet, t)).price_tiers


def test_side_by_side_tables_are_read_one_by_one():
    """A header whose titles repeat themselves holds two tables; each sheet row has two offers."""
    goods_sheet = sheet(["Item", "Unit", "Price", "Item", "Unit", "Price"], *[[a, "kg", p, a + " super", "pcs", p * 2] for a, p in GOODS])
    assert len(offers(goods_sheet)) == 12


def test_side_by_side_without_titles():
    """Names and prices that take turns are two tables without any header."""
    left = [(f"{name} {grade}", price + 250 * i) for i, grade in enumerate("ABC") for name, price in GOODS]
    goods_sheet = sheet(*[[a, p, f"{a} lokal", p + 500] for a, p in left])
    assert len(offers(goods_sheet)) == 36


def test_stacked_tables_with_other_columns():
    """A second header lower down starts a table of its own columns."""
    second = [["Harga", "Produk", "Isi"], *[[p, n, 12.0] for n, p in GOODS]]
    goods_sheet = sheet(["Nama Barang", "Harga", ""], *GOODS, [], *second)
    assert len(offers(goods_sheet)) == 12


def test_names_merged_over_a_group():
    """A name that stands once over several rows belongs to each; what tells them apart is joined to it."""
    lines = [["Наименование", "", "Цена"]]
    for name in ("Вентиль", "Муфта", "Тройник", "Угол"):
        lines += [[name, "20 x 15", 55.5], ["", "25 x 20", 71.3], ["", "32 x 25", 94.0]]
    merges = tuple(Merge(top, 0, top + 2, 0) for top in (1, 4, 7, 10))
    read = offers(sheet(*lines, merges=merges))
    assert [name for _, name, _ in read[:4]] == ["Вентиль 20 x 15", "Вентиль 25 x 20", "Вентиль 32 x 25", "Муфта 20 x 15"]


def test_a_blank_name_is_not_filled_from_above_without_reason():
    """A single row that wants its name stays without."""
    goods = [[float(n), name, price] for n, (name, price) in enumerate(GOODS * 3, 1)]
    goods[5][1] = ""
    goods_sheet = sheet(["No", "Nama", "Harga"], *goods)
    assert len(offers(goods_sheet)) == len(goods) - 1


def test_fallback_to_another_price_column():
    """A row that is blank under the main price is priced by the next tier."""
    goods = [[name, price, price * 20] for name, price in GOODS]
    goods[2][1] = ""
    goods_sheet = sheet(["Nama", "Harga/pcs", "Harga/karton"], *goods)
    assert offers(goods_sheet)[2][2] == Decimal("770000.00")


@pytest.mark.parametrize("column", ["stock", "code", "year", "running"])
def test_numbers_that_are_no_prices(column):
    """Without titles, stock, article numbers, years and running numbers do not become prices."""
    other = {
        "stock": lambda _: 8.0,
        "code": lambda i: 586786610.0 + 7 * i,
        "year": lambda i: 2001.0 + i % 20,
        "running": lambda i: float(i),
    }[column]
    goods = [(name + f" {i}", price + 250 * i) for i, (name, price) in enumerate(GOODS * 5)]
    goods_sheet = sheet(*[[other(i), name, price] for i, (name, price) in enumerate(goods, 1)])
    assert [price for _, _, price in offers(goods_sheet)] == [Decimal(f"{price:.2f}") for _, price in goods]


def test_no_price_column_no_rows():
    """A stock list has titles that are understood, and none of them is a price's: nothing is invented."""
    goods_sheet = sheet(["Артикул", "Наименование", "Остаток"], *[[474210.0 + i, name, float(i * 5)] for i, (name, _) in enumerate(GOODS)])
    assert locate.find_tables(goods_sheet) == []


def test_sections_are_kept_for_the_rows_below():
    """A row of one text over the others is a section, and says so on the rows that follow."""
    goods_sheet = sheet(["No", "Nama", "Satuan", "Harga"], ["MINUMAN"], *[[float(i), n, "pcs", p] for i, (n, p) in enumerate(GOODS, 1)])
    lines = [line for table in locate.find_tables(goods_sheet) for line in extract.extract_lines(goods_sheet, table)]
    assert lines[0].role == "section"
    assert {line.section for line in lines} == {"MINUMAN"}


def test_unit_of_a_title_belongs_to_its_numbers():
    """A bare number takes the unit of its column's title."""
    goods_sheet = sheet(
        ["Название масла", "Артикул", "Тара(л)", "Цена"], *[[f"Масло {i}", f"A{i}", 20.0, 9116.7 + 300 * i] for i in range(6)]
    )
    lines = [line for table in locate.find_tables(goods_sheet) for line in extract.extract_lines(goods_sheet, table)]
    assert {line.size_text for line in lines} == {"20 л"}


def test_carton_under_a_price_title_is_a_price():
    """A sub-title that alone would be a pack is a price where a price's title covers it, and stands in when the piece has none."""
    goods = [[float(i), name, "12 x 1 kg", price, price * 11.5] for i, (name, price) in enumerate(GOODS, 1)]
    goods[3][3] = ""
    goods_sheet = sheet(["No", "Nama Barang", "Kemasan", "Harga (Rp)", ""], ["", "", "", "Ecer", "Karton"], *goods)
    assert [price for _, _, price in offers(goods_sheet)][2:4] == [Decimal("38500.00"), Decimal("51750.00")]


def test_footers_are_notes():
    """One text alone on a row below the last price is a note, above it a section."""
    goods_sheet = sheet(
        ["No", "Nama", "Satuan", "Harga"],
        ["MINUMAN"],
        *[[float(i), n, "pcs", p] for i, (n, p) in enumerate(GOODS, 1)],
        [],
        ["Hormat kami,"],
    )
    lines = [line for table in locate.find_tables(goods_sheet) for line in extract.extract_lines(goods_sheet, table)]
    assert [line.role for line in (lines[0], lines[-1])] == ["section", "note"]


def test_the_newest_of_a_history_is_the_price():
    """Of price columns titled by dates the latest is the main one."""
    goods_sheet = sheet(
        ["Produk", "Harga 01.03.2024", "Harga 01.06.2024", "Harga 01.05.2024"], *[[n, p, p + 700, p + 300] for n, p in GOODS]
    )
    assert offers(goods_sheet)[0][2] == Decimal("62700.00")


def test_the_sum_of_an_order_is_no_price():
    """Without titles, quantity times price gives the sum away."""
    goods_sheet = sheet(*[[f"{n} {i}", float(i % 7 + 2), p + 250 * i, (i % 7 + 2) * (p + 250 * i)] for i, (n, p) in enumerate(GOODS * 3)])
    assert offers(goods_sheet)[1] == (2, "Gula Pasir 1", Decimal("17750.00"))
