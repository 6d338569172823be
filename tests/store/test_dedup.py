"""Which files become tasks: no file twice, and not too many of one person."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monito_ray.errors import QuotaExceeded
from monito_ray.jobs import dedup, lifecycle, queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.dedup import UNLIMITED, AdmissionPolicy
from monito_ray.jobs.submission import submit_file
from monito_ray.pipeline import versions
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
ANN = 7
Submit = Callable[..., str]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open it."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def submit(store: Store, tmp_path: Path) -> Submit:
    """Submit a file of this text."""
    files = Artifacts(str(tmp_path / "files"))

    def submit(text: str = "Rice;10", user_id: int = ANN, now: datetime = NOW, policy: AdmissionPolicy = UNLIMITED, **options: Any) -> str:
        path = tmp_path / f"{threading.get_ident()}.csv"
        path.write_text(text)
        return submit_file(store, files, path, user_id, options, now, policy)

    return submit


def _end(store: Store, task_id: str, at: datetime = NOW) -> None:
    (task,) = queue.claim(store, "d1", at, 1, [task_id])
    while task.next_stage:
        task = lifecycle.advance(task, 1, at)
    assert queue.save(store, lifecycle.succeed(task, {}, 1, at), "d1", "task.succeeded")


def test_the_same_file_is_the_same_task(submit: Submit, store: Store):
    """While it waits, and for a day after it was done; then, or by force, it is another."""
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
def test_what_may_come_out_otherwise_is_another_task(submit: Submit, other: dict[str, Any]):
    """Another content, person, option or model."""
    assert submit() != submit(**other)


def test_an_upgrade_reads_the_same_file_anew(submit: Submit, monkeypatch: pytest.MonkeyPatch):
    """What other rules made is no answer any more."""
    first = submit()
    monkeypatch.setattr(versions, "PIPELINE", "reader 2")
    assert submit() != first


def test_what_failed_may_be_sent_again(submit: Submit, store: Store):
    """A failure or a cancelled task is no answer."""
    first = submit()
    queue.transition(store, first, lambda task: lifecycle.cancel(task, NOW), "task.cancelled")
    assert submit() != first


def test_sent_at_once_by_many_it_is_one_task(submit: Submit):
    """The decision is taken in the transaction that commits."""
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(submit())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(found) == 8
    assert len(set(found)) == 1


def test_one_file_too_many_is_refused_with_its_time(submit: Submit):
    """Known files, other people and the command line are not counted."""
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


def test_an_artifact_of_other_rules_is_not_in_place(submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """After an upgrade a stage runs again rather than going on from what the former version left."""
    import pyarrow as pa  # noqa: PLC0415

    files = Artifacts(str(tmp_path / "files"))
    files.write_table(submit(), "raw", pa.table({"a": [1]}))
    task_id = submit()
    assert files.has_table(task_id, "raw")
    monkeypatch.setattr(versions, "PIPELINE", "reader 2")
    assert not files.has_table(task_id, "raw")
