"""Admission of files: no file twice, and not too many of one person."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rows import RICE

from monito_ray.catalog.lists import undo, writing
from monito_ray.errors import QuotaExceeded
from monito_ray.jobs import lifecycle, queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake import dedup, reading_again
from monito_ray.jobs.intake.dedup import UNLIMITED, AdmissionPolicy
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.pipeline import versions
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
ANN = 7
Submit = Callable[..., str]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def submit(store: Store, tmp_path: Path) -> Submit:
    """Return a function that submits a file with this text."""
    files = Artifacts(str(tmp_path / "files"))

    def submit(text: str = "Rice;10", user_id: int = ANN, now: datetime = NOW, policy: AdmissionPolicy = UNLIMITED, **options: Any) -> str:
        path = tmp_path / f"{threading.get_ident()}.csv"
        path.write_text(text)
        return submit_file(store, files, path, user_id, options, now, policy)

    return submit


def _end(store: Store, task_id: str, at: datetime = NOW, rows_written: int = 0) -> None:
    (task,) = queue.claim(store, "d1", at, 1, [task_id])
    while task.next_stage:
        task = lifecycle.advance(task, 1, at)
    assert queue.save(store, lifecycle.succeed(task, {"rows_written": rows_written}, 1, at), "d1", "task.succeeded")


def _read(store: Store, task_id: str, hours: int, supplier: str = "Toko A") -> str:
    """Bring the list of a task into the catalogue so many hours after the first, and end the task, whose id is returned."""
    at = NOW + timedelta(hours=hours)
    writing.write_list(store, task_id, [replace(RICE, supplier=supplier, list_date=None)], at)
    _end(store, task_id, at, rows_written=1)
    return task_id


def test_the_same_file_is_the_same_task(submit: Submit, store: Store):
    """While it is open, and for a day after it succeeded; later, or with `force`, it is another task."""
    first = submit()
    assert submit() == first
    _end(store, first)
    assert submit(now=NOW + timedelta(hours=23)) == first
    assert submit(now=NOW + timedelta(hours=25)) != first
    assert submit(force=True) not in (first, "")


@pytest.mark.parametrize(
    "other",
    [{"text": "Rice;11"}, {"user_id": 8}, {"supplier": "Toko B"}, {"use_llm": False}, {"policy": AdmissionPolicy(model="gpt-6-luna")}],
)
def test_a_file_with_another_result_is_another_task(submit: Submit, other: dict[str, Any]):
    """Another content, sender, option or model gives another task."""
    assert submit() != submit(**other)


def test_after_an_upgrade_the_same_file_is_read_again(submit: Submit, monkeypatch: pytest.MonkeyPatch):
    """The result of other rules does not count."""
    first = submit()
    monkeypatch.setattr(versions, "PIPELINE", "reader 2")
    assert submit() != first


def test_a_file_that_failed_may_be_sent_again(submit: Submit, store: Store):
    """A task that failed or was cancelled does not count as the same file."""
    first = submit()
    queue.transition(store, first, lambda task: lifecycle.cancel(task, NOW), "task.cancelled")
    assert submit() != first


def test_a_list_that_another_reading_of_its_file_replaced_is_read_again(submit: Submit, store: Store):
    """Not answered with what the catalogue no longer has; where the later reading is taken back, the earlier one counts."""
    first = _read(store, submit(), 0)
    mended = _read(store, submit(columns="name=A,price=B"), 1)
    assert submit(columns="name=A,price=B", now=NOW + timedelta(hours=2)) == mended
    third = submit(now=NOW + timedelta(hours=2))
    assert third not in (first, mended)
    queue.transition(store, third, lambda task: lifecycle.cancel(task, NOW), "task.cancelled")
    undo.undo(store, mended, ANN, NOW)
    assert submit(now=NOW + timedelta(hours=2)) == first


@pytest.mark.parametrize(
    ("later", "supplier"),
    [
        ({"user_id": 8}, "Toko A"),
        ({"supplier": "Toko B"}, "Toko B"),
        ({"text": "Rice;11"}, "Toko A"),
    ],
    ids=["another sender", "another supplier", "another file"],
)
def test_a_list_that_the_catalogue_has_is_not_read_again(submit: Submit, store: Store, later: dict[str, Any], supplier: str):
    """However others send the same file, under whichever supplier it stands, too, and whatever list follows."""
    first = _read(store, submit(), 0)
    _read(store, submit(**later), 1, supplier)
    assert submit(now=NOW + timedelta(hours=2)) == first


def test_two_sheets_of_a_file_stand_beside_each_other(submit: Submit, store: Store):
    """Neither takes the place of the other."""
    sheets = [_read(store, submit(sheet=sheet), hours) for hours, sheet in enumerate(("Retail", "Bulk"))]
    assert [submit(sheet=sheet, now=NOW + timedelta(hours=2)) for sheet in ("Retail", "Bulk")] == sheets


def test_a_file_is_answered_with_its_reading_again(submit: Submit, store: Store):
    """The one with a person's answers, which took the place of the first."""
    first = _read(store, submit(), 0)
    again = reading_again.read_again(store, queue.load(store, first), {"currency": "IDR"}, None, NOW + timedelta(hours=1))
    _read(store, again, 1)
    assert submit(now=NOW + timedelta(hours=2)) == again
    sent_anew = replace(queue.load(store, first), options={"telegram_file_id": "x"})
    found = dedup.find_reading(store, sent_anew, sent_anew.file_hash, NOW + timedelta(hours=2))
    assert found is not None
    assert found.id == again


def test_a_file_in_a_chat_whose_reading_was_replaced_is_read_again(submit: Submit, store: Store):
    """Its bytes are known, but the catalogue has another reading of them."""
    first = queue.load(store, _read(store, submit(), 0))
    assert dedup.find_reading(store, first, first.file_hash, NOW + timedelta(hours=2)) is not None
    _read(store, submit(columns="name=A,price=B"), 1)
    assert dedup.find_reading(store, first, first.file_hash, NOW + timedelta(hours=2)) is None


def test_a_file_sent_many_times_at_once_is_one_task(submit: Submit):
    """Admission is decided within the transaction that commits the task."""
    task_ids: list[str] = []
    threads = [threading.Thread(target=lambda: task_ids.append(submit())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(task_ids) == 8
    assert len(set(task_ids)) == 1


def test_a_file_over_the_quota_is_refused_with_a_time(submit: Submit):
    """Duplicates, other people and the command line do not count towards it."""
    policy = AdmissionPolicy(files_per_hour=2)
    for text in ("a;1", "b;1", "a;1"):
        submit(text, policy=policy)
    with pytest.raises(QuotaExceeded, match="user 7 has sent 2 files within an hour") as caught:
        submit("c;1", policy=policy, now=NOW + timedelta(minutes=59))
    assert "MONITO_USER_FILES_PER_HOUR" in caught.value.remedy
    submit("c;1", user_id=8, policy=policy)
    submit("c;1", policy=policy, now=NOW + timedelta(minutes=61))
    for text in ("d;1", "e;1", "f;1"):
        submit(text, user_id=dedup.COMMAND_LINE_USER, policy=policy)
