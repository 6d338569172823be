"""What every command shares: the app, one-line errors, an orderly stop, JSON output, and the connection to the store."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

import monito_ray
from monito_ray.errors import MonitoError, SettingsInvalid, UsageWrong
from monito_ray.terminal.visible_text import visible_json

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.settings import Settings

# Exit codes. 130 is what a shell reports for a process that Ctrl-C ended: 128 + SIGINT.
FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="monito",
    help="Suppliers' price lists of every shape become one clean catalogue.",
    context_settings={"help_option_names": ["-h", "--help"]},  # commands take it over from their parent
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, and nothing else there.")]


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"monito {monito_ray.__version__}")
        raise typer.Exit


@app.callback()
def _monito(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Suppliers' price lists of every shape become one clean catalogue."""


def supplier_part(monito: "Monito", part: str) -> str:
    """Return the part of suppliers' names that a person gave for choosing them, or the present name of the supplier whom it is another name of.

    Raises:
        SupplierUnknown: no supplier's name has it, so that an empty table would say what is not true.
    """
    if not part or any(part.casefold() in supplier.name.casefold() for supplier in monito.suppliers()):
        return part
    return monito.find_supplier(part).name


def echo_error(cause: str, remedy: str) -> None:
    """Print one line on stderr that names cause and remedy."""
    line = " ".join(f"{cause}. {remedy}".split()) if remedy else " ".join(cause.split())
    typer.echo(line, err=True)


def print_json(value: Any) -> None:
    """Print a record, dict or list as one line on stdout: decimals as numbers, times and everything else as text."""
    typer.echo(visible_json(value if isinstance(value, dict | list) else asdict(value), default=_json_value))


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def print_result(value: Any, line: str, *, as_json: bool) -> None:
    """Print `value` as JSON, or `line` for a person."""
    if as_json:
        print_json(value)
    else:
        typer.echo(line)


@contextmanager
def report_errors(*, continues: bool = False) -> Iterator[None]:
    """Turn a `MonitoError` into one line on stderr and, unless the command `continues`, an exit code: 2 for usage or settings, else 1."""
    try:
        yield
    except MonitoError as error:
        echo_error(f"monito: {error}", error.remedy)
        if continues:
            return
        raise typer.Exit(USAGE if isinstance(error, UsageWrong | SettingsInvalid) else FAILED) from None


@contextmanager
def stop_on_signal(*numbers: signal.Signals, message: str = "stopping ...") -> Iterator[threading.Event]:
    """Give an event that the first of these signals sets; the second one raises KeyboardInterrupt."""
    stop = threading.Event()

    def interrupted(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        typer.echo(message, err=True)

    before: dict[signal.Signals, Callable[..., Any] | int | None] = {number: signal.signal(number, interrupted) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def read_settings(*, is_child: bool = False) -> "Settings":
    """Return the settings of this process; what of them is ignored is told once, and not by a child, whose parent has told it."""
    from monito_ray.settings import ignored_settings, load_settings  # noqa: PLC0415

    settings = load_settings()
    if not is_child:
        _warn_of_ignored(tuple(ignored_settings()))
    return settings


@cache
def _warn_of_ignored(sentences: tuple[str, ...]) -> None:
    if sentences:
        from monito_ray import log  # noqa: PLC0415

        log.warning("settings.ignored", message="; ".join(sentences))


def open_monito(settings: "Settings | None" = None) -> "Monito":
    """Return a connection to the store of `settings`, those of this process unless given."""
    from monito_ray.api import Monito  # noqa: PLC0415

    return Monito(settings or read_settings())
