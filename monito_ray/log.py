"""Events and faults as lines on stderr: `time level name key=value …`."""

import logging
import sys
from dataclasses import fields
from typing import Any

import structlog

from monito_ray.events import Event, LlmUnset, TaskFailed, TaskRetried

_LOUD = (TaskFailed, TaskRetried, LlmUnset)


def configure(level: int = logging.WARNING) -> None:
    """Send what is at least of `level` to the stderr of now."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def event(happened: Event) -> None:
    """A sink: the event's name and its fields on one line; failures and detours as warnings."""
    values: dict[str, Any] = {field.name: getattr(happened, field.name) for field in fields(happened)}
    level = logging.WARNING if isinstance(happened, _LOUD) else logging.INFO
    structlog.get_logger().log(level, happened.name, **values)


def fault(name: str, error: BaseException, **values: Any) -> None:
    """A fault of the program itself, with its traceback."""
    structlog.get_logger().error(name, exc_info=error, **values)
