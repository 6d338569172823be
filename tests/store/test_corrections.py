"""What people put right in Review holds from the next list on."""

import shutil
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from lists import Bench, bench

from monito_ray import Monito, frames
from monito_ray.catalog import corrections, offers, review, review_edits
from monito_ray.driver.driver import Driver
from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.records import Method, ProductRow, RawRow

LIST = "Nama;Harga\nZorblax Quim;12.500\nGula Pasir Gulaku 1 kg;17.500\nVrumplet;9.000\n"


def _drive(made: Bench, name: str) -> list[ProductRow]:
    task_id = made.submit(LIST, name)
    Driver(made.services).work([task_id], threading.Event())
    return frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)


def _edited(home: Path, **values: object) -> Path:
    """A copy of the workbook in whose Review the row of Zorblax was changed."""
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


RIGHT = {"Product": "Quim powder", "Brand": "Zorblax", "Size": 0.5, "Unit": "kg", "Pack": 12, "Category": "cleaning"}


def test_a_correction_holds_in_the_next_list_and_the_row_leaves_review(tmp_path: Path):
    """Every field is as the person said, marked as theirs; the other rows and the price are as before."""
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


WRONG = [
    ({"Category": "tea things"}, "no category 'tea things'"),
    ({"Unit": "liter"}, "the unit 'liter' is none of"),
    ({"Unit": None}, "a size needs a unit"),
    ({"Size": "half"}, "the size 'half' is no number"),
    ({"Size": "NaN"}, "the size 'NaN' is no number"),
    ({"Size": -1}, "out of reason"),
    ({"Pack": 1.5}, "no whole number"),
    ({"Product": None}, "the product is empty"),
    ({"Brand": "-x"}, "begins like a formula"),
    ({"Source Row": 99}, "the catalogue has this row no more"),
]


@pytest.mark.parametrize(("change", "why"), WRONG, ids=[why for _, why in WRONG])
def test_what_cannot_be_is_refused_and_the_rest_is_kept(change: dict[str, object], why: str, tmp_path: Path):
    """The line is named, with the reason; nothing of it is kept."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        with Monito(made.services.settings) as monito:
            found = monito.correct(_edited(tmp_path, **(RIGHT | change)))
        assert found.corrections == ()
        (refused,) = found.refused
        assert why in refused


def test_lines_that_nobody_touched_are_never_judged(tmp_path: Path):
    """A row without a category stands in Review as it is: a copy of it is no error."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        snapshot = offers.snapshot(made.store)
        bare = [replace(offer, row=replace(offer.row, category="", standardized_name="two  spaces")) for offer in snapshot.offers]
        lines = [
            {
                "Product": "two spaces", "Brand": offer.row.brand, "Size": "", "Unit": "", "Pack": "1.0", "Category": "",
                "Supplier": offer.row.supplier, "Source File": offer.row.source_file, "Source Sheet": offer.row.source_sheet,
                "Source Row": str(offer.row.source_row), "Product ID": offer.product_id,
            }
            for offer in bare
            if offer.row.size is None
        ]  # fmt: skip
        assert len(lines) == 2
        assert review_edits.read_edits(replace(snapshot, offers=tuple(bare)), lines) == review_edits.ReviewEdits((), ())


def test_an_untouched_copy_corrects_nothing_and_a_wrong_file_is_named(tmp_path: Path):
    """Sending back what was drawn changes nothing."""
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


def test_the_last_word_counts_and_other_suppliers_are_left_alone(tmp_path: Path):
    """Kept by supplier, name and article number."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        snapshot = offers.snapshot(made.store)
        line = dict.fromkeys(review_edits.COLUMNS, "") | {
            "Product": "Quim powder", "Category": "cleaning", "Supplier": "Toko A", "Source File": "june.csv",
        }  # fmt: skip
        (row, product_id), *_ = [(offer.row, offer.product_id) for offer in snapshot.offers if offer.row.original_name == "Zorblax Quim"]
        line |= {"Source Sheet": row.source_sheet, "Source Row": str(row.source_row), "Product ID": product_id}
        for name in ("Quim powder", "Quim paste"):
            corrections.save_corrections(
                made.store, review_edits.read_edits(snapshot, [line | {"Product": name}]).corrections, made.services.clock()
            )
        raw = [_raw(row, supplier) for supplier in ("TOKO  a", "Toko B")]
        found = corrections.find_corrections(made.store, raw)
        assert [(place, standard.standardized_name) for place, standard in found.items()] == [(0, "Quim paste")]


def _raw(row: ProductRow, supplier: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=row.original_name, price=row.price, supplier=supplier)
