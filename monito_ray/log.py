"""Events and faults as lines on stderr: `time level name key=value …`."""

import logging
import sys
from contextlib import suppress
from dataclasses import fields
from typing import Any

import structlog

from monito_ray.events import Event, LlmSkipped, TaskFailed, TaskRetried

_LOUD = (TaskFailed, TaskRetried, LlmSkipped)
_said = {"level": logging.WARNING}


def configure(level: int = logging.WARNING) -> None:
    """Say only what is at least of `level`."""
    _said["level"] = level


def log_event(happened: Event) -> None:
    """A sink: the event's name and its fields on one line; failures and detours as warnings."""
    values: dict[str, Any] = {field.name: getattr(happened, field.name) for field in fields(happened)}
    level = logging.WARNING if isinstance(happened, _LOUD) else logging.INFO
    _logger().log(level, happened.name, **values)


def warning(name: str, **values: Any) -> None:
    """Something that a person who runs the program should know, though it goes on."""
    _logger().warning(name, **values)


def fault(name: str, error: BaseException, **values: Any) -> None:
    """A fault of the program itself, with its traceback."""
    _logger().error(name, exc_info=error, **values)


def write_line(text: str) -> None:
    """A plain line on stderr."""
    print(text, file=_Stderr(), flush=True)


class _Stderr:
    """The stderr of now. What cannot be written there (the disk is full, the terminal is gone) is not said; the work goes on."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _logger() -> Any:
    """A logger to the stderr of now, apart from whatever the program around us does with structlog."""
    # Plain tracebacks: pretty ones show the values of variables, and among them may be a key.
    renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    return structlog.wrap_logger(
        structlog.PrintLogger(_Stderr()),  # type: ignore[arg-type]
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_said["level"]),
    )
