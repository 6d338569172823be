"""What comes in several messages is one list: the pictures of an album, on SQLite and PostgreSQL."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monito_ray.jobs import admin, chat_messages, lifecycle, queue
from monito_ray.jobs.chat_messages import ChatMessage
from monito_ray.jobs.intake.bot_updates import ReceivedUpdate, commit_updates
from monito_ray.jobs.intake.dedup import Admission, Admitted, Joined, Replaced
from monito_ray.jobs.task import Task
from monito_ray.records import Status
from monito_ray.store.database import Store, new_id, open_store

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
PAUSE = timedelta(seconds=6)
ANN = 7


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open a database of this test's own."""
    with open_store(url) as opened:
        yield opened


class Sender:
    """Ann, who sends the pictures of an album."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._updates = itertools.count(1)

    def page(self, number: int, at: datetime = NOW, *, album: str = "a", only_joins: bool = False, **options: Any) -> Admission | None:
        """Send the picture of this message number."""
        options = {"chat_id": ANN, "album": album, "pages": [[number, f"file {number}"]], **options}
        task = Task(id=new_id(), created_at=at, updated_at=at, not_before=at + PAUSE, user_id=ANN, file_name="photo.jpg", options=options)
        received = ReceivedUpdate(next(self._updates), task, ChatMessage(task.id, ANN, "en"), f"album {album}", only_joins)
        (admission,) = commit_updates(self.store, "bot", [received], at).values()
        return admission

    def pages_of(self, task_id: str) -> list[int]:
        """Return the message numbers of a task's pages."""
        return [number for number, _ in queue.load(self.store, task_id).options["pages"]]


def test_pictures_of_an_album_are_one_task_in_the_order_of_their_messages(store: Store):
    """They wait for each other, the caption of any counts, one that is delivered again is no page, and another album is another list."""
    ann = Sender(store)
    first = ann.page(12)
    assert isinstance(first, Admitted)
    assert ann.page(11, NOW + timedelta(seconds=2), supplier="Sari Sayur") == Joined(first.task_id)
    assert ann.page(11, NOW + timedelta(seconds=3)) == Joined(first.task_id)
    other = ann.page(13, album="b")
    assert isinstance(other, Admitted)
    task = queue.load(store, first.task_id)
    assert (ann.pages_of(task.id), task.options["supplier"], task.not_before) == ([11, 12], "Sari Sayur", NOW + timedelta(seconds=9))
    assert ann.page(14, only_joins=True) == Joined(first.task_id)
    assert ann.page(15, album="c", only_joins=True) is None
    assert len(queue.newest_tasks(store, 10)) == 2


@pytest.mark.parametrize("is_done", [False, True])
def test_a_page_that_comes_late_has_all_pages_read_again_in_the_same_message(is_done: bool, store: Store):
    """Whether the list is being read or was: the task before ends or stays to be taken back, and its message shows the new one."""
    ann = Sender(store)
    first = ann.page(11)
    assert isinstance(first, Admitted)
    chat_messages.set_message_id(store, [first.task_id], 500)
    later = NOW + timedelta(minutes=2)
    (task,) = queue.claim(store, "d1", later, 1)
    while is_done and task.next_stage:
        task = lifecycle.advance(task, 1, later)
    if is_done:
        assert queue.save(store, lifecycle.succeed(task, {}, 1, later), "d1", "task.succeeded")
    late = ann.page(12, later)
    assert isinstance(late, Replaced)
    assert (late.list_before, late.is_shown, ann.pages_of(late.task_id)) == (first.task_id, True, [11, 12])
    assert queue.load(store, first.task_id).status is (Status.SUCCESS if is_done else Status.CANCELLED)
    (shown,) = chat_messages.tasks_in_message(store, ANN, 500)
    assert shown.task_id == late.task_id
    again = ann.page(13, later)
    assert again == Joined(late.task_id)
    assert queue.load(store, late.task_id).options["again_of"] == first.task_id


def test_the_pages_that_follow_a_cancelled_one_start_nothing(store: Store):
    """Who stopped an album meant all of it; tried again, it has all its pages."""
    ann = Sender(store)
    first = ann.page(11)
    assert isinstance(first, Admitted)
    admin.cancel(store, first.task_id, NOW)
    assert ann.page(12) == Joined(first.task_id)
    assert queue.claim(store, "d1", NOW + timedelta(hours=1), 5) == []
    assert ann.pages_of(first.task_id) == [11, 12]
