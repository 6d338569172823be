"""Which files give the same result."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monito_ray.jobs.intake.dedup import dedup_key
from monito_ray.jobs.task import Task
from monito_ray.pipeline import versions

NOW = datetime(2024, 7, 1, tzinfo=UTC)
TASK = Task(id="t", created_at=NOW, updated_at=NOW, not_before=NOW, user_id=7, options={"supplier": "Toko A"}, program_version="1")
KEY = dedup_key(TASK, "hash", "model")


@pytest.mark.parametrize(
    "same",
    [
        {"id": "u", "file_name": "copy.csv"},
        {"options": {"supplier": "Toko A", "chat_id": 9, "force": True, "priority": 3, "language": "ru"}},
    ],
)
def test_options_without_effect_on_the_result_do_not_change_the_key(same: dict[str, Any]):
    """File name, chat, language and priority leave the key as it is."""
    assert dedup_key(replace(TASK, **same), "hash", "model") == KEY


@pytest.mark.parametrize(
    ("other", "content", "model"),
    [
        ({}, "other hash", "model"),
        ({}, "hash", ""),
        ({"user_id": 8}, "hash", "model"),
        ({"options": {"supplier": "Toko B"}}, "hash", "model"),
        ({"program_version": "2"}, "hash", "model"),
    ],
)
def test_whatever_changes_the_result_changes_the_key(other: dict[str, Any], content: str, model: str):
    """Content, model, sender, options and version of the program."""
    assert dedup_key(replace(TASK, **other), content, model) != KEY


def test_other_rules_change_the_key(monkeypatch: pytest.MonkeyPatch):
    """After an upgrade of the rules the same file is read again."""
    monkeypatch.setattr(versions, "PIPELINE", "reader 2")
    assert dedup_key(TASK, "hash", "model") != KEY
