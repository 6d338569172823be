"""Corrections in the sheet Review: from the edited workbook to the next list."""

import shutil
import threading
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from lists import Bench, bench

from monito_ray import Monito, frames
from monito_ray.catalog import offers
from monito_ray.catalog.sheets import review
from monito_ray.driver.driver import Driver
from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.records import Method, ProductRow

LIST = "Nama;Harga\nZorblax Quim;12.500\nGula Pasir Gulaku 1 kg;17.500\nVrumplet;9.000\n"
RIGHT = {"Product": "Quim powder", "Brand": "Zorblax", "Size": 0.5, "Unit": "kg", "Pack": 12, "Category": "cleaning"}


def _drive(made: Bench, name: str) -> list[ProductRow]:
    task_id = made.submit(LIST, name)
    Driver(made.services).work([task_id], threading.Event())
    return frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)


def _edited(home: Path, **values: object) -> Path:
    """Return a copy of the workbook in which the row of Zorblax is edited in Review."""
    copy = home / "corrected.xlsx"
    shutil.copy(home / "catalog.xlsx", copy)
    book = openpyxl.load_workbook(copy)
    sheet = book["Review"]
    titles = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[titles.index("Original Name")].value == "Zorblax Quim")
    for title, value in values.items():
        line[titles.index(title)].value = value
    book.save(copy)
    return copy


def test_a_correction_holds_in_the_next_list_and_its_row_leaves_review(tmp_path: Path):
    """Every field is as the person wrote it and marked as theirs; the other rows and the price are as before."""
    with bench(tmp_path) as made:
        before = _drive(made, "june.csv")
        with Monito(made.services.settings) as monito:
            found = monito.correct(_edited(tmp_path, **RIGHT))
        assert (len(found.corrections), found.refused) == (1, ())
        first, *others = _drive(made, "july.csv")
        assert (first.standardized_name, first.brand, first.size, first.unit, first.pack_count, first.category) == (
            "Quim powder", "Zorblax", Decimal("0.5"), "kg", 12, "cleaning",
        )  # fmt: skip
        assert (first.method, first.confidence, first.price) == (Method.MANUAL, 1.0, before[0].price)
        assert [row.standardized_name for row in others] == [row.standardized_name for row in before[1:]]
        rows = [entry.row for entry in review.review_entries(offers.snapshot(made.store))]
        assert not [row for row in rows if row.source_file == "july.csv" and row.original_name == "Zorblax Quim"]


def test_an_untouched_copy_corrects_nothing_and_a_wrong_file_is_named(tmp_path: Path):
    """An unedited workbook has no corrections; a file that is no such workbook is refused by name."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        with Monito(made.services.settings) as monito:
            assert monito.correct(_edited(tmp_path)).corrections == ()
            with pytest.raises(FileMissing):
                monito.correct(tmp_path / "none.xlsx")
            (tmp_path / "other.csv").write_text("a,b\n1,2\n")
            with pytest.raises(FileUnusable, match="lacks the columns Product"):
                monito.correct(tmp_path / "other.csv")
            (tmp_path / "torn.xlsx").write_bytes(b"PK")
            with pytest.raises(FileUnusable, match="no workbook"):
                monito.correct(tmp_path / "torn.xlsx")
