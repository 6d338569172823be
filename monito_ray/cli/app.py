"""What every command of the command line is made with: the app, its errors in one line, its way to stop, its JSON."""

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.errors import MonitoError, SettingsInvalid, UsageWrong

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.settings import Settings

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="monito",
    help="Suppliers' price lists of every shape become one clean catalogue.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, and nothing else there.")]


def echo_error(cause: str, remedy: str) -> None:
    """A line on stderr that names cause and remedy."""
    line = " ".join(f"{cause}. {remedy}".split()) if remedy else " ".join(cause.split())
    typer.echo(line, err=True)


def print_json(value: Any) -> None:
    """A record, or what JSON knows, as a line on stdout; decimals as numbers, times and the rest as text."""
    typer.echo(json.dumps(value if isinstance(value, dict | list) else asdict(value), ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def report_errors(*, goes_on: bool = False) -> Iterator[None]:
    """Turn our errors into a line on stderr and, unless the command `goes_on`, an exit code: 2 for wrong usage or settings, else 1."""
    try:
        yield
    except MonitoError as error:
        echo_error(f"monito: {error}", error.remedy)
        if goes_on:
            return
        raise typer.Exit(USAGE if isinstance(error, UsageWrong | SettingsInvalid) else FAILED) from None


@contextmanager
def stop_on_signal(*numbers: signal.Signals, says: str = "stopping ...") -> Iterator[threading.Event]:
    """Give an event that the first of these signals sets; the second ends the process the hard way."""
    stop = threading.Event()

    def interrupted(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        typer.echo(says, err=True)

    before: dict[signal.Signals, Callable[..., Any] | int | None] = {number: signal.signal(number, interrupted) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_settings() -> "Settings":
    """The settings of this process."""
    from monito_ray.settings import load_settings  # noqa: PLC0415

    return load_settings()


def open_monito() -> "Monito":
    """A connection to the store of this process's settings."""
    from monito_ray.api import Monito  # noqa: PLC0415

    return Monito(read_settings())
