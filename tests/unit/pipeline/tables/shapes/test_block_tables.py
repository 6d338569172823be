"""The tables of one block of columns, one below the other."""

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.tables.headers import find_headers, titled_rows
from monito_ray.pipeline.tables.shapes.block_tables import TableBlock, tables_of_block
from monito_ray.pipeline.tables.shapes.located_table import LocatedTable

GOODS: list[list[Value]] = [["Beras Ramos", 62000.0], ["Gula Pasir", 17500.0], ["Minyak Goreng", 38500.0], ["Garam Halus", 4500.0]]


def _extents(*rows: list[Value]) -> list[tuple[int, int]]:
    sheet = Sheet("S", list(rows))
    headers = find_headers(sheet, 0, 2, titled_rows(sheet, 0, 2))
    return [(table.first, table.last) for table in tables_of_block(TableBlock(sheet, 0, 2, None), headers)]


def test_a_repeated_header_begins_another_table():
    """Rows above the first header are a table, too, where they are offers."""
    header: list[Value] = ["Nama", "Harga"]
    assert _extents(header, *GOODS, header, *GOODS) == [(1, 4), (6, 9)]
    assert _extents(*GOODS, header, *GOODS) == [(5, 8), (0, 3)]


def test_without_a_header_the_cells_make_the_table():
    """A line of text above it stays outside."""
    assert _extents(["PT Contoh", ""], *GOODS) == [(1, 4)]


def test_on_a_page_a_title_may_stand_beside_its_cells():
    """A short title over right-aligned cells has a column of its own on a page; on a sheet an empty column stays empty."""
    rows: list[list[Value]] = [["Nama", "harga_m", "", "harga_l"]]
    rows += [[name, "", f"{price:.0f}", f"{price + 5000:.0f}"] for name, price in [*GOODS, ("Kopi Bubuk", 21000.0)]]  # type: ignore[operator,str-format]
    for paged, prices in ((True, (2, 3)), (False, (3,))):
        sheet = Sheet("page 1", rows, paged=paged)
        (table,) = tables_of_block(TableBlock(sheet, 0, 4, None), find_headers(sheet, 0, 4, titled_rows(sheet, 0, 4)))
        assert table.roles.prices == prices


def test_a_page_may_end_with_the_header_of_the_next_one():
    """Its rows above that header go on with the columns of the page before."""
    header: list[Value] = ["Nama", "Harga"]
    (before,) = _tables_of_page([header, *GOODS], None)
    (table,) = _tables_of_page([*GOODS, header], before)
    assert (table.first, table.last, table.roles.name, table.roles.prices) == (0, 3, 0, (1,))


def _tables_of_page(rows: list[list[Value]], previous: LocatedTable | None) -> list[LocatedTable]:
    sheet = Sheet("page", rows, paged=True)
    return tables_of_block(TableBlock(sheet, 0, 2, previous), find_headers(sheet, 0, 2, titled_rows(sheet, 0, 2)))
