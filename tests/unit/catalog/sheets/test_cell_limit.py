"""A spreadsheet at its limit of cells."""

from dataclasses import replace
from datetime import date

import pytest
from sheets import offer, snapshot

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.sheets.cell_limit import Room, make_room
from monito_ray.catalog.sheets.workbook_plan import Catalogue, catalogue_of, plan_workbook
from monito_ray.sheet_model import Deletion, ExistingSheet

SPARE = 50_000
NAMES = [f"Tea {number}" for number in range(20)]


def _list(supplier: str, month: int) -> list[Offer]:
    return [replace(made, row=replace(made.row, list_date=date(2026, month, 1))) for made in (offer(name, supplier) for name in NAMES)]


CATALOGUE = catalogue_of(snapshot(*_list("Old", 1), *_list("Middle", 2), *_list("New", 3)))
SIZES = {sheet.title: (len(sheet.rows) + 1) * len(sheet.columns) for sheet in plan_workbook(CATALOGUE)}
ALL = sum(max(size, 0) for size in SIZES.values()) + 100


def _existing(catalogue: Catalogue) -> list[ExistingSheet]:
    """The sheets as they stand once all were written."""
    return [
        ExistingSheet(
            number,
            sheet.title,
            len(sheet.rows) + 1,
            len(sheet.columns),
            [[column.title for column in sheet.columns], *[["" if cell is None else str(cell) for cell in row] for row in sheet.rows]],
        )
        for number, sheet in enumerate(plan_workbook(catalogue))
    ]


def _titles(room: Room) -> list[str]:
    return [sheet.title for sheet in plan_workbook(room.catalogue)][4:]


def test_with_room_for_all_nothing_is_left_out():
    """Below the limit the catalogue is as it was."""
    assert make_room(CATALOGUE, [], SPARE + ALL) == Room(CATALOGUE)


@pytest.mark.parametrize(("cells", "titles"), [(ALL - 200, ["Middle", "New"]), (ALL - SIZES["Old"] - 200, ["New"])])
def test_the_sheets_of_the_oldest_lists_are_left_out_first(cells: int, titles: list[str]):
    """The master table has all suppliers still, and a line says whose sheets are missing."""
    room = make_room(CATALOGUE, [], SPARE + cells)
    assert _titles(room) == titles
    table = plan_workbook(room.catalogue)[0]
    assert {"Old Price", "Middle Price", "New Price"} < {column.title for column in table.columns}
    (notice,) = room.catalogue.notices
    assert "Old" in notice


def test_peoples_sheets_count():
    """What people keep in the spreadsheet takes room, and is not touched."""
    notes = ExistingSheet(9, "Notes", 100, 26, [["mine"]])
    assert _titles(make_room(CATALOGUE, [notes], SPARE + ALL)) != _titles(make_room(CATALOGUE, [], SPARE + ALL))


def test_the_sheet_of_an_old_list_makes_room():
    """Its rows are deleted, and a line in it says so; one with a column of somebody's stays."""
    limit = SPARE + ALL - 200
    existing = _existing(CATALOGUE)
    (edit,) = make_room(CATALOGUE, existing, limit).deletions
    assert (edit.title, edit.deletions) == ("Old", (Deletion(is_rows=True, at=2, count=19),))
    assert edit.blocks[0].cells[0][0] == "not shown: this spreadsheet is full"
    noted = [replace(sheet, cells=[[*sheet.cells[0], "Note"], *sheet.cells[1:]]) if sheet.title == "Old" else sheet for sheet in existing]
    assert make_room(CATALOGUE, noted, limit).deletions == ()


def test_a_table_beyond_the_limit_has_the_newest_suppliers():
    """Columns of the others, and rows of what only they offer, leave the master table."""
    only_old = offer("Only here", "Old")
    only_old = replace(only_old, row=replace(only_old.row, list_date=date(2026, 1, 1)))
    catalogue = catalogue_of(snapshot(only_old, *_list("Old", 1), *_list("Middle", 2), *_list("New", 3)))
    small = sum((len(sheet.rows) + 1) * len(sheet.columns) for sheet in plan_workbook(catalogue)[1:4])
    fits_two = 21 * 20 + small + 3 * 2 * len(plan_workbook(catalogue)[-1].columns) + 20
    room = make_room(catalogue, _existing(catalogue), SPARE + fits_two)
    table = plan_workbook(room.catalogue)[0]
    assert [column.title for column in table.columns if column.title.endswith(" Price")][2:] == ["Middle Price", "New Price"]
    assert len(table.rows) == len(NAMES)
    edit = next(edit for edit in room.deletions if edit.title == "Master Table")
    assert [(one.is_rows, one.count) for one in edit.deletions] == [(True, 1), (False, 2)]
