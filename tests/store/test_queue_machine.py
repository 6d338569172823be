"""The durable queue as a whole: whatever drivers, people and the bot do in any order, it is what a small model says."""

import os

import pytest
from catalogue_actions import empty_store
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from queue_machine import QueueMachine
from sqlalchemy import text

from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import metadata

#: More of them, each time others, with MONITO_EXAMPLES=2000.
EXAMPLES = int(os.environ.get("MONITO_EXAMPLES", "0"))
STEPS = 40


def _settings(examples: int) -> settings:
    return settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=STEPS,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class OnSqlite(QueueMachine):
    """Each sequence has a file of its own."""

    def empty_store(self) -> Store:
        """Return a new database."""
        self._file = empty_store()
        return self._file.__enter__()

    def teardown(self) -> None:
        """Remove it."""
        super().teardown()
        self._file.__exit__(None, None, None)


def test_the_queue_is_what_its_model_says_on_sqlite():
    """Claims, leases, deaths, cancels, retries, quotas, duplicates, messages, budgets and artifacts, in sequences of 40 operations."""
    run_state_machine_as_test(OnSqlite, settings=_settings(12))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_the_queue_is_what_its_model_says_on_postgresql(url: str):
    """The same on PostgreSQL, where the sequences share a database that is emptied."""

    class OnPostgres(QueueMachine):
        def empty_store(self) -> Store:
            store = open_store(url)
            with store.write() as connection:
                connection.execute(text(f"TRUNCATE {', '.join(table.name for table in metadata.sorted_tables)}"))
            return store

    run_state_machine_as_test(OnPostgres, settings=_settings(6))
