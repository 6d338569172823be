"""Steps for the process of long lists, which imports them by name."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from monito_ray.errors import FileEmpty
from monito_ray.steps.context import Attempt


def process_id(_attempt: Attempt) -> int:
    """Where it runs."""
    return os.getpid()


def wait_until_stopped(attempt: Attempt) -> None:
    """Say that it began, and go on until it is stopped."""
    Path(attempt.task.options["began"]).touch()
    while True:
        attempt.check_stop()
        time.sleep(0.01)


def fail(_attempt: Attempt) -> None:
    """An error of ours."""
    raise FileEmpty("june.csv is empty", "Send another.")


def crash(_attempt: Attempt) -> None:
    """An error of nobody's."""
    raise ZeroDivisionError("by nothing")


def die(_attempt: Attempt) -> None:
    """As when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


def unsendable(_attempt: Attempt) -> Any:
    """A result that cannot travel."""
    return lambda: None


def api_key(attempt: Attempt) -> str:
    """A setting that no environment has."""
    return attempt.services.settings.openai_api_key.get_secret_value()


def map_rows(attempt: Attempt) -> list[int]:
    """The processes that work on five rows."""
    rows = pa.table({"number": range(5)})
    return attempt.services.row_batches.map(rows, _with_process, _with_process, 2, attempt.check_stop).column("process").to_pylist()


def _with_process(rows: pa.Table) -> pa.Table:
    return rows.append_column("process", pa.array([os.getpid()] * rows.num_rows))
