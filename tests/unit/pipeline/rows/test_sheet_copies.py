"""Sheets that repeat another one."""

from decimal import Decimal

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.sheet_copies import FEWEST_COPIED, without_copies


def sheet(name: str, first: int, last: int, *, paged: bool = False) -> SheetTables:
    """A sheet with the offers of these numbers."""
    blank = OfferLine(0, "", None, "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "")
    lines = [blank._replace(at=n, name=f"Barang {n}", price=Decimal(n)) for n in range(first, last + 1)]
    return SheetTables(Sheet(name, [["x"]] * len(lines), paged=paged), [], lines)


def lengths(*sheets: SheetTables) -> list[int]:
    """How many lines stay of each."""
    return [len(sheet.lines) for sheet in without_copies(sheets)[0]]


def test_the_smaller_of_two_equal_lists_goes():
    """It is named in a note; of two of one size the later goes."""
    sheets, notes = without_copies([sheet("Part", 1, 20), sheet("All", 1, 40)])
    assert [len(one.lines) for one in sheets] == [0, 40]
    assert notes == ("sheet 'Part' repeats sheet 'All' and was read once",)
    assert lengths(sheet("A", 1, 20), sheet("B", 1, 20)) == [20, 0]


def test_a_few_rows_of_its_own_leave_a_sheet_a_copy():
    """One of twenty is as new as a typing error; three are another list."""
    assert lengths(sheet("All", 1, 40), sheet("Part", 22, 41)) == [40, 0]
    assert lengths(sheet("All", 1, 40), sheet("Other", 24, 43)) == [40, 20]


def test_short_sheets_and_pages_are_no_copies():
    """A few offers stand on two sheets by chance, and a page of a PDF goes on with the page before."""
    assert lengths(sheet("All", 1, 40), sheet("Few", 1, FEWEST_COPIED - 1)) == [40, FEWEST_COPIED - 1]
    assert lengths(sheet("page 1", 1, 20, paged=True), sheet("page 2", 1, 20, paged=True)) == [20, 20]


def test_a_sheet_is_no_copy_of_one_that_goes_itself():
    """Of three equal sheets the first stays."""
    assert lengths(sheet("A", 1, 20), sheet("B", 1, 20), sheet("C", 1, 20)) == [20, 0, 0]
