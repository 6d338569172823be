"""Corrections in the sheet Review: from the edited workbook to the next list."""

import shutil
import threading
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lists import Bench, bench
from sqlalchemy import select, update

from monito_ray import Monito, frames
from monito_ray.catalog import offers
from monito_ray.catalog.sheets import review
from monito_ray.driver.driver import Driver
from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.records import Method, ProductRow
from monito_ray.store import schema
from monito_ray.wiring import utc_now

LIST = "Nama;Harga\nZorblax Quim;12.500\nGula Pasir Gulaku 1 kg;17.500\nVrumplet;9.000\n"
#: A rival's list with articles that may be two of the other's.
RIVAL = "Nama;Harga\nZorblax Quim Original;12.900\nVrumplet Spesial;9.400\n"
RIGHT = {"Product": "Quim powder", "Brand": "Zorblax", "Size": 0.5, "Unit": "kg", "Pack": 12, "Category": "cleaning"}


def _drive(made: Bench, name: str) -> list[ProductRow]:
    task_id = made.submit(LIST, name)
    Driver(made.services).work([task_id], threading.Event())
    return frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)


def _edited(home: Path, **values: object) -> Path:
    """Return a copy of the workbook in which the row of Zorblax is edited in Review."""
    copy = home / "corrected.xlsx"
    shutil.copy(home / "catalog.xlsx", copy)
    return _edit(copy, "Review", ("Original Name", "Zorblax Quim"), **values)


def _edit(copy: Path, sheet_title: str, where: tuple[str, object], **values: object) -> Path:
    """Write into a row of a sheet of the copy."""
    book = openpyxl.load_workbook(copy)
    sheet = book[sheet_title]
    titles = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[titles.index(where[0])].value == where[1])
    for title, value in values.items():
        line[titles.index(title.replace("_", " "))].value = value
    book.save(copy)
    return copy


def _standing(made: Bench) -> dict[str, ProductRow]:
    return {offer.row.original_name: offer.row for offer in offers.snapshot(made.store).offers}


def test_the_master_table_and_the_answers_of_a_copy_are_taken(tmp_path: Path):
    """A product is corrected in the table, its row in Review too, and a question is answered; all holds at once."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        task_id = made.submit(RIVAL, "rival.csv", supplier="Toko B")
        Driver(made.services).work([task_id], threading.Event())
        copy = _edited(tmp_path, Size=0.5, Unit="kg", Category="cleaning")
        _edit(copy, "Master Table", ("Product", _standing(made)["Zorblax Quim"].standardized_name), Brand="Quim & Co", Pack=6)
        (question, *_) = pd.read_excel(copy, sheet_name="Same", engine="openpyxl").to_dict("records")
        _edit(copy, "Same", ("Offer ID", question["Offer ID"]), Answer="1")
        with Monito(made.services.settings) as monito:
            applied = monito.correct(copy, user_id=7)
        assert applied.refused == ()
        row = _standing(made)["Zorblax Quim"]
        assert (row.brand, row.pack_count, row.size, row.unit, row.category) == ("Quim & Co", 6, Decimal("0.5"), "kg", "cleaning")
        assert row.method is Method.MANUAL
        products = {offer.offer_id: offer.product_id for offer in offers.snapshot(made.store).offers}
        assert len(applied.links) == 1
        assert products[question["Offer ID"]] == products[question["ID 1"]]
        with made.store.read() as connection:
            assert {row.user_id for row in connection.execute(select(schema.corrections))} == {7}


def test_what_cannot_be_taken_is_named_with_sheet_and_row(tmp_path: Path):
    """A wrong unit, an answer that is none, and a row that a newer list changed each have a sentence; nothing of them is taken."""
    with bench(tmp_path) as made:
        _drive(made, "june.csv")
        task_id = made.submit(RIVAL, "rival.csv", supplier="Toko B")
        Driver(made.services).work([task_id], threading.Event())
        copy = _edited(tmp_path, Unit="liter")
        (question, *_) = pd.read_excel(copy, sheet_name="Same", engine="openpyxl").to_dict("records")
        _edit(copy, "Same", ("Offer ID", question["Offer ID"]), Answer="9")
        _edit(copy, "Master Table", ("Product", _standing(made)["Vrumplet"].standardized_name), Brand="Old")
        task_id = made.submit(LIST.replace("9.000", "9.900"), "july.csv")
        Driver(made.services).work([task_id], threading.Event())
        with Monito(made.services.settings) as monito:
            applied = monito.correct(copy)
        assert (applied.corrections, applied.links) == ((), ())
        places = [sentence.partition(": ")[0].partition(", row ")[0] for sentence in applied.refused]
        assert places[0] == "Master Table"
        assert {"Review", "Same"} <= set(places)
        assert set(places) <= set(openpyxl.load_workbook(copy).sheetnames)
        assert "please edit a new copy" in applied.refused[0]


def test_a_price_that_a_copy_calls_right_is_suspected_no_more(tmp_path: Path):
    """By "yes" in Review; another word, and a price that is written into the table, are named with sheet and row, and change nothing."""
    with bench(tmp_path) as made:
        for text, name in ((LIST, "june.csv"), (LIST.replace("17.500", "175.000"), "july.csv")):
            task_id = made.submit(text, name)
            Driver(made.services).work([task_id], threading.Event())
        price = {"Price Right?": "perhaps"}
        copy = shutil.copy(tmp_path / "catalog.xlsx", tmp_path / "copy.xlsx")
        _edit(copy, "Review", ("Original Name", "Gula Pasir Gulaku 1 kg"), **price)
        _edit(copy, "Master Table", ("Product", _standing(made)["Vrumplet"].standardized_name), Best_Price=1)
        with Monito(made.services.settings) as monito:
            applied = monito.correct(copy)
            assert [sentence.partition(", row ")[0] for sentence in applied.refused] == ["Master Table", "Review"]
            assert "Best Price: this is computed" in applied.refused[0]
            assert "Price Right? 'perhaps': write 'yes'" in applied.refused[1]
            assert [offer.suspicion != "" for offer in offers.snapshot(made.store).offers].count(True) == 1
            _edit(tmp_path / "copy.xlsx", "Review", ("Original Name", "Gula Pasir Gulaku 1 kg"), **{"Price Right?": "yes"})
            assert [row.original_name for row in monito.correct(copy).confirmed] == ["Gula Pasir Gulaku 1 kg"]
        assert [offer.suspicion for offer in offers.snapshot(made.store).offers if offer.suspicion] == []


def test_a_copy_that_is_older_than_the_catalogue_is_nobodys_word(tmp_path: Path):
    """A newer list has other computed cells; who edits an older copy changed none of them."""
    with bench(tmp_path) as made:
        Driver(made.services).work([made.submit(LIST, "june.csv")], threading.Event())
        copy = shutil.copy(tmp_path / "catalog.xlsx", tmp_path / "copy.xlsx")
        with made.store.write() as connection:
            connection.execute(update(schema.products).values(last_updated=utc_now() + timedelta(days=2)))
        with Monito(made.services.settings) as monito:
            assert monito.correct(copy).refused == ()


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
