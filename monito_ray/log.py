"""Events and faults as lines on stderr: `time level name key=value …`."""

import logging
import sys
from contextlib import suppress
from dataclasses import fields
from io import StringIO
from typing import Any, TextIO

import structlog

from monito_ray.events import Event, LlmAdapted, LlmSkipped, LlmTraffic, TaskFailed, TaskRetried
from monito_ray.terminal.visible_text import visible

# Events that a person who runs the program should see without asking for them.
_WARNED = (TaskFailed, TaskRetried, LlmSkipped, LlmAdapted)
_threshold = {"level": logging.WARNING}


def configure(level: int = logging.WARNING) -> None:
    """Write only what is at least of `level`."""
    _threshold["level"] = level


def level() -> int:
    """Return the least level that is written."""
    return _threshold["level"]


def log_event(event: Event) -> None:
    """Write an event, its name and fields, on one line; failures and retries as warnings. A sink of events.

    Traffic is left out: it is for who looks on.
    """
    if isinstance(event, LlmTraffic):
        return
    values: dict[str, Any] = {field.name: getattr(event, field.name) for field in fields(event)}
    level = logging.WARNING if isinstance(event, _WARNED) else logging.INFO
    _logger().log(level, event.name, **values)


def warning(name: str, **values: Any) -> None:
    """Write something that a person who runs the program should know, though it goes on."""
    _logger().warning(name, **values)


def fault(name: str, error: BaseException, **values: Any) -> None:
    """Write a fault of the program itself, with its traceback."""
    _logger().error(name, exc_info=error, **values)


def write_line(text: str) -> None:
    """Write a plain line."""
    print(visible(text), file=_Stderr(), flush=True)


class _Stderr:
    """The current stderr. What cannot be written there (the disk is full, the terminal is gone) is lost; the work goes on."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            getattr(sys.stderr, "unguarded", sys.stderr).write(text)  # a guarded one would show our colours as signs
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _logger() -> Any:
    """Return a logger to the current stderr, independent of how a program around us configures structlog."""
    renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_write_traceback)
    return structlog.wrap_logger(
        structlog.PrintLogger(_Stderr()),  # type: ignore[arg-type]
        processors=[_show_texts, structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_threshold["level"]),
    )


def _show_texts(_logger: Any, _method: str, values: Any) -> Any:
    return {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}


def _write_traceback(stream: TextIO, fault: Any) -> None:
    """Write a traceback plain: a pretty one shows the values of variables, and among them may be a key."""
    own = StringIO()
    structlog.dev.plain_traceback(own, fault)
    stream.write(visible(own.getvalue()))
