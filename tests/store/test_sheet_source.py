"""What the workbook shows, read from SQLite and PostgreSQL a part at a time."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from rows import OIL, RICE

from monito_ray.catalog import offers
from monito_ray.catalog.corrections import save_corrections
from monito_ray.catalog.lists import writing
from monito_ray.catalog.sheets.sheet_diff import to_scalar
from monito_ray.catalog.sheets.sheet_source import BesideTable, catalogue_from, read_beside_table, read_compared
from monito_ray.catalog.sheets.workbook_plan import Catalogue, catalogue_of, plan_workbook
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Method, ProductRow, Standard
from monito_ray.sheet_model import PlannedSheet
from monito_ray.steps.background.workbook_drawing import draw_workbook
from monito_ray.store.database import Store, open_store

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
UNSURE = replace(OIL, standardized_name="Olive Oil", original_name="Olive oil", field_confidence='{"size": 0.2}', source_row=11)
LISTS = [
    [replace(RICE, list_date=date(2026, 6, 1)), OIL, replace(OIL, source_row=30)],
    [replace(RICE, list_date=date(2026, 7, 1), price=Decimal(90_000)), OIL, UNSURE],
    [replace(RICE, supplier="Toko B", list_date=None, category=""), replace(OIL, supplier="Toko B", currency="")],
    [replace(UNSURE, supplier="toko C", size=None, method=Method.MANUAL), replace(RICE, supplier="toko C", base_price=Decimal(90))],
]


def _write(store: Store, number: int, rows: list[ProductRow]) -> None:
    at = NOW + timedelta(days=number)
    queue.submit(store, Task(id=f"t{number}", created_at=at, updated_at=at, not_before=at))
    writing.write_list(store, f"t{number}", rows, at)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a catalogue of three suppliers."""
    opened = open_store(url)
    for number, rows in enumerate(LISTS):
        _write(opened, number, rows)
    yield opened
    opened.close()


def _shown(sheet: PlannedSheet) -> tuple[object, ...]:
    return sheet.title, sheet.columns, [tuple(map(to_scalar, row)) for row in sheet.rows], sheet.marked


def _catalogue(store: Store) -> tuple[Catalogue, BesideTable]:
    beside = read_beside_table(store)
    return catalogue_from(store, read_compared(store), beside), beside


def _versions(store: Store) -> dict[str, str]:
    return {supplier: state.version for supplier, state in read_beside_table(store).lists.items()}


def test_the_sheets_are_those_of_the_whole_catalogue(store: Store):
    """What is read in parts gives the same sheets as the snapshot: every cell, every mark."""
    catalogue, beside = _catalogue(store)
    whole = catalogue_of(offers.snapshot(store), catalogue.changes)
    assert [_shown(sheet) for sheet in plan_workbook(catalogue)] == [_shown(sheet) for sheet in plan_workbook(whole)]
    assert [[price.price for price in line.prices] for line in beside.lines] == [[Decimal("75000.5"), Decimal(90_000)]]


def test_a_corrected_row_with_a_suspected_price_stays_in_review(store: Store):
    """As in the snapshot: the price is in doubt, whatever the goods are called."""
    _write(store, 9, [replace(RICE, supplier="toko C", price=Decimal(900_000), base_price=Decimal(900), method=Method.MANUAL)])
    beside = read_beside_table(store)
    shown = [
        (entry.row.supplier, entry.why) for group in beside.doubts.groups for entry in group.shown if entry.row.method == Method.MANUAL
    ]
    assert [supplier for supplier, why in shown if "times its last price" in why[0]] == ["toko C"]


def test_rows_are_counted_without_being_read(store: Store):
    """The number of a supplier's rows is known before they are, repeats too."""
    catalogue, _ = _catalogue(store)
    assert [(one.supplier, len(one.rows), len(list(one.rows))) for one in catalogue.lists] == [
        ("Toko A", 3, 3), ("Toko B", 2, 2), ("toko C", 2, 2),
    ]  # fmt: skip


def test_a_suppliers_list_changes_its_version_alone(store: Store):
    """The sheets of the others are as they were drawn."""
    before = _versions(store)
    _write(store, 9, [replace(RICE, supplier="Toko B", price=Decimal(1000))])
    after = _versions(store)
    assert {supplier for supplier in before if before[supplier] != after[supplier]} == {"Toko B"}
    assert len(set(after.values())) == len(after)


def test_a_correction_changes_the_version(store: Store):
    """A correction under a supplier's name has its sheet drawn again."""
    before = _versions(store)
    with store.write() as connection:
        save_corrections(connection, [(OIL, Standard(standardized_name="Palm Oil", method=Method.MANUAL))], NOW)
    assert {supplier for supplier, version in _versions(store).items() if version != before[supplier]} == {"Toko A"}


def test_the_command_draws_what_is_drawn_here(store: Store, tmp_path: Path):
    """A process with copies beside it, each with a store of its own, draws every cell that one process draws."""
    draw_workbook(store, tmp_path / "here.xlsx")
    there = tmp_path / "home"
    settings = {"MONITO_HOME": str(there), "MONITO_DATABASE_URL": store.url.render_as_string(hide_password=False)}
    subprocess.run([sys.executable, "-m", "monito_ray", "draw"], env=os.environ | settings, check=True)
    assert _parts(there / "catalog.xlsx") == _parts(tmp_path / "here.xlsx")


def _parts(path: Path) -> dict[str, bytes]:
    """Return all of a workbook but its times."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


def test_a_workbook_drawn_again_shows_what_is_new(store: Store, tmp_path: Path):
    """Sheets that are copied and sheets that are drawn are one workbook."""
    path = tmp_path / "catalog.xlsx"
    draw_workbook(store, path)
    _write(store, 9, [replace(RICE, supplier="Toko B", price=Decimal(1000))])
    draw_workbook(store, path)
    book = openpyxl.load_workbook(path)
    prices = {name: [cell.value for cell in book[name]["I"]] for name in ("Toko A", "Toko B")}
    assert prices == {"Toko A": ["price", 90000, 75000.5, 75000.5], "Toko B": ["price", 1000]}
