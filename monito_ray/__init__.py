"""Price lists of every shape become one clean catalogue.

The public names are loaded when they are first used: `import monito_ray` loads neither Ray nor pandas nor any client.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monito_ray.api import Monito, read_price_list, submit_file_async
    from monito_ray.records import QueueStatus, TaskResult, WorkerStats

__all__ = ["Monito", "QueueStatus", "TaskResult", "WorkerStats", "read_price_list", "submit_file_async"]

_HOMES = {
    "Monito": "monito_ray.api",
    "QueueStatus": "monito_ray.records",
    "TaskResult": "monito_ray.records",
    "WorkerStats": "monito_ray.records",
    "read_price_list": "monito_ray.api",
    "submit_file_async": "monito_ray.api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
