"""Faults that befall a running service, each for some seconds and then over."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing

from filelock import FileLock
from service import Lost, Service

from monito_ray.testing.telegram_chats import Flood

HELD_S = 10.0
_SOON_S = 60.0
_BLOCK = b"\0" * 65536


def kill_soon(made: Service, target: str) -> int:
    """SIGKILL a part of the service as soon as there is one; the LLM requests in flight then.

    Raises:
        Lost: there was none for a minute.
    """
    deadline = time.monotonic() + _SOON_S
    while (flying := made.kill(target)) is None:
        if time.monotonic() > deadline:
            raise Lost(f"there is no {target} to kill")
        time.sleep(0.02)
    return flying


def _driver(made: Service) -> None:
    kill_soon(made, "driver")


def _actor(made: Service) -> None:
    kill_soon(made, "actor")


def _locked(made: Service) -> None:
    """Somebody else holds the database for ten seconds: its own lock, and the queue before it."""
    path = made.home / "monito.db"
    with FileLock(f"{path}.lock"), closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(HELD_S)
        other.execute("ROLLBACK")


def _full(made: Service) -> None:
    """The disk of its home is full for ten seconds; the home has to be on a small disk of its own."""
    filler = made.home / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while file.write(_BLOCK):
                pass
    except OSError:
        pass
    time.sleep(HELD_S)
    filler.unlink()


def _llm_500(made: Service) -> None:
    made.llm.fail({"status_500": 1.0})
    time.sleep(HELD_S / 2)
    made.llm.fail({})


def _llm_hangs(made: Service) -> None:
    made.llm.inject("hang")


def _sheets_answer_lost(made: Service) -> None:
    made.sheets.fail({"applied_reset": 1.0}, requests=1)


def _telegram_429(made: Service) -> None:
    usual, made.telegram.flood = made.telegram.flood, Flood(chat_interval_s=HELD_S, a_second=1)
    time.sleep(HELD_S)
    made.telegram.flood = usual


FAULTS: Mapping[str, Callable[[Service], None]] = {
    "driver": _driver,
    "actor": _actor,
    "locked": _locked,
    "full": _full,
    "llm500": _llm_500,
    "hang": _llm_hangs,
    "sheets": _sheets_answer_lost,
    "telegram": _telegram_429,
}
