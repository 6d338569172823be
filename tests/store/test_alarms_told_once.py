"""Alarms are told once each, also to who reads them in the morning, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monito_ray.jobs import chat_follows, queue
from monito_ray.jobs.chat_follows import Alarm
from monito_ray.store.database import open_store

NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)
DAY = timedelta(days=1)
LATE = Alarm(7, 7, "UD Sayur Segar: the next list is overdue.", "late UD Sayur Segar 2026-06-01", NOW + DAY, is_daily=True)


def test_a_list_that_stays_overdue_is_told_one_morning(url: str):
    """However often it is looked at, and on however many days; the next list that is overdue is told."""
    other = replace(LATE, about="late Toko Melati 2026-06-09", text="Toko Melati: the next list is overdue.")
    with open_store(url) as store:
        for days in range(4):
            for _ in range(2):
                late = [replace(LATE, at=LATE.at + days * DAY), *([replace(other, at=LATE.at + days * DAY)] if days > 1 else [])]
                chat_follows.commit_alarms(store, late, NOW + days * DAY)
        told = [(str(task.options["message"]), task.not_before) for task in queue.newest_tasks(store, 10)]
        assert sorted(told, key=lambda one: one[1]) == [(LATE.text, LATE.at), (other.text, LATE.at + 2 * DAY)]
        chat_follows.commit_alarms(store, [replace(LATE, chat_id=-70, at=LATE.at + 5 * DAY)], NOW)
        assert len(queue.newest_tasks(store, 10)) == 3
