"""Lists of a supplier that was renamed, or that comes under its name in other words: from the file to the result."""

import threading
from pathlib import Path

from lists import Bench, bench

from monito_ray import Monito, frames
from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.records import ProductRow

JUNE = "Nama;Harga\nGula Pasir Gulaku 1 kg;17.500\nBeras Pandan 5 kg;72.500\nTeh Celup isi 25;9.500\n"
JULY = JUNE.replace("17.500", "18.500")


def _drive(made: Bench, text: str, name: str, supplier: str) -> tuple[dict[str, object], set[str]]:
    """Return the result of a list, and the suppliers of its rows."""
    task_id = made.submit(text, name, supplier=supplier)
    Driver(made.services).work([task_id], threading.Event())
    rows = frames.from_table(made.services.files.read_table(task_id, PRODUCTS), ProductRow)
    return queue.load(made.store, task_id).result or {}, {row.supplier for row in rows}


def test_the_next_list_under_a_former_name_is_the_renamed_suppliers(tmp_path: Path):
    """Its summary and its rows say so, and its changed price is counted."""
    with bench(tmp_path) as made:
        _drive(made, JUNE, "june.csv", "june veg")
        with Monito(made.services.settings) as monito:
            monito.rename_supplier("june veg", "Sari Sayur")
            result, suppliers = _drive(made, JULY, "july.csv", "June Veg")
            assert (result["supplier"], suppliers, result["prices_changed"]) == ("Sari Sayur", {"Sari Sayur"}, 1)
            assert [(supplier.name, supplier.lists, supplier.offers) for supplier in monito.suppliers()] == [("Sari Sayur", 2, 3)]


def test_a_letterhead_in_other_words_makes_no_second_supplier(tmp_path: Path):
    """The legal form is left out, or stands behind the name; a company of another name is another supplier."""
    with bench(tmp_path) as made:
        for number, head in enumerate(("PT Zarvex Jaya", "ZARVEX JAYA Ltd", "CV Qorbit Jaya")):
            result, suppliers = _drive(made, f"{head}\n\n{JUNE}", f"list {number}.csv", "")
            assert suppliers == {result["supplier"]} == {"CV Qorbit Jaya" if number == 2 else "PT Zarvex Jaya"}
