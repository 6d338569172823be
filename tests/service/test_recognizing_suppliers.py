"""A supplier's next list is recognized, or somebody is asked: from the file to the result."""

import threading
from pathlib import Path
from typing import Any

import pytest
from lists import START, Bench, bench

from monito_ray import Monito
from monito_ray.catalog.lists.undo import undo
from monito_ray.driver.driver import Driver
from monito_ray.errors import NothingToUndo, UsageWrong
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.store.database import new_id

GOODS = [
    f"Barang {word}"
    for word in "Anggrek Bakung Cempaka Dahlia Edelweis Flamboyan Gardenia Hortensia Ilalang Jempiring Kenanga Lotus".split()
]
HEAD = "PT Zarvex Jaya\nTelp 0361 9075914\n\n"


def _list(factor: float = 1.0, wave: int = 0) -> str:
    prices = (round((12_000 + 700 * n) * factor) + wave * (n * 37 % 11) for n in range(len(GOODS)))
    return "Nama;Harga\n" + "".join(f"{name};{price}\n" for name, price in zip(GOODS, prices, strict=True))


def _result(made: Bench, text: str, name: str, **options: Any) -> dict[str, Any]:
    return _drive(made, made.submit(text, name, supplier="", **options))


def _drive(made: Bench, task_id: str) -> dict[str, Any]:
    Driver(made.services).work([task_id], threading.Event())
    return queue.load(made.store, task_id).result or {}


def test_next_months_list_under_another_name_is_the_same_suppliers(tmp_path: Path):
    """Its rows show it, or its telephone, and the changed prices are told; a rename holds."""
    with bench(tmp_path) as made:
        first = _result(made, HEAD + _list(), "document (1).csv")
        assert (first["supplier"], first["supplier_how"], first["questions"]) == ("PT Zarvex Jaya", "its letterhead", [])
        with Monito(made.services.settings) as monito:
            monito.rename_supplier("PT Zarvex Jaya", "Zarvex")
        second = _result(made, _list(1.1), "harga 01-08-2026.csv")
        assert (second["supplier"], second["prices_changed"]) == ("Zarvex", len(GOODS))
        assert second["supplier_how"] == "100% of the rows are in its list"
        third = _result(made, "Telp (0361) 907-5914\n\nNama;Harga\nGula Qorbit;17.500\nTeh Qorbit;9.500\n", "scan.csv")
        assert (third["supplier"], third["supplier_how"]) == ("Zarvex", "its telephone number 623619075914")


def test_a_rivals_list_with_the_same_goods_is_asked_about(tmp_path: Path):
    """Same columns and goods, other prices: it stands under a name of its own, and the result asks whose it is."""
    with bench(tmp_path) as made:
        _result(made, HEAD + _list(), "document (1).csv")
        rival = _result(made, _list(wave=1_900), "document (2).csv")
        assert rival["supplier"] == "document (2)"
        [question] = rival["questions"]
        assert (question["id"], [choice["id"] for choice in question["choices"]]) == ("supplier", ["document (2)", "PT Zarvex Jaya"])


def test_a_caption_of_talk_does_not_replace_what_the_file_says(tmp_path: Path):
    """A caption that is a name does, and one that names a supplier in other words."""
    with bench(tmp_path) as made:
        for caption, supplier in (
            ("harga sayur minggu ini", "PT Zarvex Jaya"),
            ("zarvex jaya", "PT Zarvex Jaya"),
            ("UD Qorbit", "UD Qorbit"),
        ):
            digest = made.services.files.stage_upload(f"{HEAD}{_list()}Extra {caption};5.000\n".encode())
            options = {"supplier": caption, "telegram_file_id": "f1"}
            task = Task(
                id=new_id(), created_at=START, updated_at=START, not_before=START, file_name="a.csv", file_hash=digest, options=options
            )
            queue.submit(made.store, task)
            result = _drive(made, task.id)
            assert result["supplier"] == supplier


def test_a_list_that_was_taken_back_shows_nothing(tmp_path: Path):
    """Neither its telephone nor its rows, nor that its letterhead was said to be another supplier's."""
    with bench(tmp_path) as made, Monito(made.services.settings) as monito:
        task_id = made.submit(HEAD + _list(), "document (1).csv", supplier="Toko Salah")
        assert _drive(made, task_id)["supplier"] == "Toko Salah"
        undo(made.store, task_id, 0, START)
        assert monito.suppliers() == []
        assert len(_result(made, _list(1.1), "document (2).csv")["questions"]) == 1
        assert _result(made, HEAD + "Nama;Harga\nGula Qorbit;17.500\n", "scan.csv")["supplier"] == "PT Zarvex Jaya"


def test_a_letterhead_is_whose_a_person_said(tmp_path: Path):
    """The next list with that letterhead is of the same supplier."""
    with bench(tmp_path) as made:
        _drive(made, made.submit(HEAD + _list(), "a.csv", supplier="Toko Qorbit"))
        assert _result(made, "CV Zarvex Jaya\n\nNama;Harga\nGula Qorbit;17.500\nTeh;9.500\n", "scan.csv")["supplier"] == "Toko Qorbit"


def test_a_deleted_supplier_is_not_recognized(tmp_path: Path):
    """Nothing of its lists is evidence any more."""
    with bench(tmp_path) as made:
        _result(made, HEAD + _list(), "document (1).csv")
        with Monito(made.services.settings) as monito:
            monito.delete_supplier("PT Zarvex Jaya")
        again = _result(made, _list(), "document (2).csv")
        assert (again["supplier"], len(again["questions"])) == ("document (2)", 1)


def _unnamed(made: Bench, text: str, name: str) -> str:
    """Return the task of a list that does not say whose it is."""
    task_id = made.submit(text, name, supplier="")
    assert len(_drive(made, task_id)["questions"]) == 1
    return task_id


def test_an_answer_names_all_lists_of_the_unnamed_supplier(tmp_path: Path):
    """Their results say so and ask no more, the next list is sure, and the file's name is nobody's again."""
    with bench(tmp_path) as made, Monito(made.services.settings) as monito:
        tasks = [_unnamed(made, _list(), "document (3).csv"), _unnamed(made, _list(1.1), "document (4).csv")]
        assert [supplier.name for supplier in monito.suppliers()] == ["document (3)"]
        answer = monito.answer_supplier(tasks[1], " Sari  Sayur ")
        assert (answer.supplier, answer.before, set(answer.tasks)) == ("Sari Sayur", "document (3)", set(tasks))
        for task_id in tasks:
            result = monito.get_task_result(task_id).result or {}
            assert (result["supplier"], result["supplier_how"], result["questions"]) == ("Sari Sayur", "a person said so", [])
        assert [(supplier.name, supplier.lists, supplier.other_names) for supplier in monito.suppliers()] == [("Sari Sayur", 2, ())]
        third = _result(made, _list(1.2), "document (5).csv")
        assert (third["supplier"], third["questions"]) == ("Sari Sayur", [])
        assert _result(made, _list(wave=1_900), "document (3).csv")["supplier"] == "document (3)"


def test_an_answer_moves_one_list_of_a_supplier_that_is_sure(tmp_path: Path):
    """What was taken for its list by mistake goes to another, and what it showed with it."""
    with bench(tmp_path) as made, Monito(made.services.settings) as monito:
        _result(made, HEAD + _list(), "document (1).csv")
        other = HEAD + "Nama;Harga\nGula Qorbit;17.500\nTeh Qorbit;9.500\n"
        task_id = made.submit(other, "scan.csv", supplier="")
        assert _drive(made, task_id)["supplier"] == "PT Zarvex Jaya"
        assert monito.answer_supplier(task_id, "zarvex jaya").supplier == "PT Zarvex Jaya"
        assert monito.answer_supplier(task_id, "UD Qorbit").supplier == "UD Qorbit"
        assert {supplier.name: supplier.offers for supplier in monito.suppliers()} == {"PT Zarvex Jaya": len(GOODS), "UD Qorbit": 2}
        phone_alone = "Telp 0361 9075914\n\nNama;Harga\nKopi Vrumplet;7.500\nSusu Vrumplet;9.500\n"
        assert len(_result(made, phone_alone, "IMG 1.csv")["questions"]) == 1  # the number is in lists of both


def test_an_answer_about_no_list_or_no_name_is_refused(tmp_path: Path):
    """Nothing changes."""
    with bench(tmp_path) as made, Monito(made.services.settings) as monito:
        task_id = _unnamed(made, _list(), "document (3).csv")
        with pytest.raises(NothingToUndo):
            monito.answer_supplier("none", "Sari Sayur")
        with pytest.raises(UsageWrong):
            monito.answer_supplier(task_id, "  ")
        assert [supplier.name for supplier in monito.suppliers()] == ["document (3)"]
