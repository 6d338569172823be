"""The command line. What a command needs is imported inside it, so that `--help` answers at once and loads neither Ray nor pandas."""

import re
import signal
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli import catalog, explain, queues, service  # noqa: F401  they add their commands
from monito_ray.cli.app import FAILED, INTERRUPTED, app, echo_error, print_json, report_errors, stop_on_signal
from monito_ray.cli.app import read_settings as load
from monito_ray.cli.estimate import estimate_all
from monito_ray.clients.output_paths import OutputFormat, check_writable, destinations
from monito_ray.errors import FileUnusable, MonitoError, UsageWrong
from monito_ray.records import OPEN_STATUSES, Status, TaskResult

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.settings import Settings


_SUBMIT_EXAMPLES = """\b
Examples:
  monito submit june.xlsx                           into the catalogue
  monito submit june.xlsx --out clean.csv           and its rows as CSV
  monito submit lists/* --out clean/                a result for each list
  monito submit veg.pdf --supplier "Sari Sayur" --currency IDR
  monito submit lists/* --estimate                  what the LLM would cost
  monito submit june.xlsx --json | jq .result.rows_written
"""
_STATUS_EXAMPLES = """\b
Examples:
  monito status                    the newest tasks
  monito status 7829360che --json  one of them, as JSON
"""

_STOPPING = "stopping: what is running is put back ..."


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with 0 (all done), 1 (a file failed), 2 (wrong usage) or 130 (Ctrl-C)."""
    app(args=None if arguments is None else list(arguments), prog_name="monito")


@app.callback()
def _monito() -> None:
    """Suppliers' price lists of every shape become one clean catalogue."""


def _currency(code: str) -> str:
    if code and not re.fullmatch("[A-Za-z]{3}", code):
        raise typer.BadParameter(f"{code!r} is no currency code; give three letters, such as IDR")
    return code.upper()


@dataclass(slots=True)
class _Entry:
    """One file of a command on its way: where it comes from and goes to, the task made of it, how that ended."""

    path: Path
    place: tuple[Path, OutputFormat] | None = None
    task_id: str = ""
    is_done: bool = False
    result: TaskResult | None = None


@app.command(epilog=_SUBMIT_EXAMPLES)
def submit(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", show_default=False, help="Price lists: xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt or pdf."),
    ],
    supplier: Annotated[str, typer.Option(metavar="NAME", help="Whose list it is; read from the file unless said.")] = "",
    currency: Annotated[
        str, typer.Option(metavar="CODE", callback=_currency, help="Currency of prices that do not say theirs, such as IDR.")
    ] = "",
    user_id: Annotated[int, typer.Option(metavar="N", help="Whom the task is counted for; 0 is the command line.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            show_default=False,
            help="Write the clean rows here too: a file for one list (.xlsx, .csv, .jsonl, .parquet), a folder for several. "
            "Rejected rows go to a sheet of the xlsx, else to NAME.rejected.SUFFIX beside it.",
        ),
    ] = None,
    form: Annotated[
        OutputFormat | None, typer.Option("--format", show_default=False, help="Format of the files in the folder --out; xlsx unless said.")
    ] = None,
    no_llm: Annotated[bool, typer.Option("--no-llm", help="Use the built-in rules alone, even when an LLM is set.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Commit the tasks and leave; `monito status` tells how they go.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Read a file anew that was read before.")] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help="Say what asking the LLM would cost, and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file on stdout, in order, and nothing else there.")] = False,
) -> None:
    """Read price lists, clean their rows and bring them into the catalogue.

    Needs no key, no account and no server: without an LLM the built-in rules do the work.
    Every file is a task in the store, so that nothing is lost when the command is stopped.

    The catalogue is drawn as catalog.xlsx in MONITO_HOME (./.monito unless set).
    Exit code: 0 all done, 1 a file failed, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    with report_errors():
        settings = load()
        if estimate:
            with _open(settings) as monito:
                raise typer.Exit(estimate_all(monito, files, {"supplier": supplier, "currency": currency}, as_json=as_json))
        entries = _entries(files, out, form)
        options = {"supplier": supplier, "currency": currency, "use_llm": False if no_llm else None, "force": force or None}
        why_no_llm: set[str] = set()
        with _open(settings) as monito, stop_on_signal(signal.SIGINT, says=_STOPPING) as stop:
            _submit_all(monito, entries, user_id, {name: value for name, value in options.items() if value not in ("", None)})
            if not no_wait and not stop.is_set():
                with report_errors(goes_on=True):
                    _work(entries, settings, stop, why_no_llm, shows_why=settings.has_llm and not no_llm)
            _collect(monito, entries)
        _show(entries, why_no_llm, as_json=as_json, no_wait=no_wait)
        raise typer.Exit(_exit_code(entries, is_stopped=stop.is_set(), no_wait=no_wait))


@app.command(epilog=_STATUS_EXAMPLES)
def status(
    task_id: Annotated[str, typer.Argument(metavar="[TASK_ID]", show_default=False, help="A task; without it the newest are listed.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout: one object a task.")] = False,
) -> None:
    """Tell how tasks stand, and of one task what happened to it, stage by stage."""
    with report_errors():
        from monito_ray.cli import console  # noqa: PLC0415

        with _open(load()) as monito:
            results = [monito.get_task_result(task_id)] if task_id else monito.get_newest_results()
            happened = monito.get_task_events(task_id) if task_id else []
        if as_json:
            for result in results:
                print_json(asdict(result) | ({"events": [asdict(event) for event in happened]} if task_id else {}))
            return
        if task_id:
            console.show_task(results[0], happened, sys.stdout)
        else:
            console.show_tasks(results, sys.stdout)


def _entries(files: Sequence[Path], out: Path | None, form: OutputFormat | None) -> list[_Entry]:
    """The files of the command, each with a place for its result that was seen to be writable."""
    if out is None:
        if form is not None:
            raise UsageWrong("--format says how --out is written, and there is no --out", "Add --out PATH.")
        return [_Entry(path) for path in files]
    places = destinations(files, out, form)
    for place, _ in places:
        check_writable(place)
    return [_Entry(path, place) for path, place in zip(files, places, strict=True)]


def _submit_all(monito: "Monito", entries: Sequence[_Entry], user_id: int, options: Mapping[str, Any]) -> None:
    """Make a task of each file; one that cannot be taken in is told of and set down as failed, and the others go on."""
    for entry in entries:
        try:
            entry.task_id = monito.submit_file_processing(entry.path, user_id, options)
            known = monito.get_task_result(entry.task_id)
            entry.is_done = known.status is Status.SUCCESS
            if known.status is not Status.PENDING:
                typer.echo(f"{entry.path.name}: known as task {entry.task_id}, {known.status}; --force reads it anew", err=True)
        except FileUnusable as error:
            _fail(entry, error)


def _work(entries: Sequence[_Entry], settings: "Settings", stop: threading.Event, why_no_llm: set[str], *, shows_why: bool) -> None:
    """See the tasks of `entries` through, by the service if one is alive and else here, until all have ended or `stop` is set, showing how they go.

    Why the LLM was not asked is added to `why_no_llm`, and told at once where a person counts on it.
    """
    from monito_ray import events, log, wiring  # noqa: PLC0415
    from monito_ray.cli import console, follow  # noqa: PLC0415

    names = {entry.task_id: entry.path.name for entry in entries if entry.task_id and not entry.is_done}
    if not names:
        return
    log.configure()
    with console.show_progress(names, sys.stderr) as show:

        def sink(event: events.Event) -> None:
            if isinstance(event, events.LlmSkipped):
                why_no_llm.add(event.reason)
                if not shows_why:
                    return
            show(event)

        if not follow.follow_tasks(settings, list(names), sink, stop):
            with wiring.local_driver(settings, sink) as driver:
                driver.work(list(names), stop)


def _collect(monito: "Monito", entries: Sequence[_Entry]) -> None:
    """Fetch how each task ended, and write the results that were asked for."""
    for entry in entries:
        if not entry.task_id:
            continue
        entry.result = monito.get_task_result(entry.task_id)
        if entry.result.status is Status.FAILURE:
            _complain(entry.path, entry.result.error or "failed", str(entry.result.metadata.get("remedy", "")))
        elif entry.result.status is Status.SUCCESS and entry.place:
            try:
                entry.result = _with_outputs(entry.result, _write_out(monito, entry.task_id, *entry.place))
            except MonitoError as error:
                _fail(entry, error)


def _write_out(monito: "Monito", task_id: str, place: Path, form: OutputFormat) -> list[Path]:
    from monito_ray.clients import exports  # noqa: PLC0415

    products, rejects = monito.tables(task_id)
    return exports.write_list(products, rejects, place, form)


def _with_outputs(result: TaskResult, paths: Sequence[Path]) -> TaskResult:
    told = result.result or {}
    return replace(result, result={**told, "outputs": [*told.get("outputs", ()), *map(str, paths)]})


def _show(entries: Sequence[_Entry], why_no_llm: Collection[str], *, as_json: bool, no_wait: bool) -> None:
    results = [entry.result for entry in entries if entry.result is not None]
    if as_json:
        for result in results:
            print_json(result)
        return
    from monito_ray.cli import console  # noqa: PLC0415

    ended = [_outcome(entry, entry.result) for entry in entries if entry.result and entry.result.status not in OPEN_STATUSES]
    if ended:
        without_llm = f"rules alone: {'; '.join(sorted(why_no_llm))}" if why_no_llm else "nothing to ask: every row was settled without"
        console.show_summary(ended, without_llm, sys.stdout)
    if no_wait:
        for result in results:
            if result.task_id:
                typer.echo(result.task_id)


def _outcome(entry: _Entry, result: TaskResult) -> Any:
    from monito_ray.cli.console import FileOutcome  # noqa: PLC0415

    told = result.result if result.status is Status.SUCCESS else None
    return FileOutcome(entry.path.name, result.status, told, tuple((told or {}).get("outputs", ())))


def _exit_code(entries: Sequence[_Entry], *, is_stopped: bool, no_wait: bool) -> int:
    results = [entry.result for entry in entries if entry.result is not None]
    waiting = [result.task_id for result in results if result.status in OPEN_STATUSES]
    if is_stopped:
        typer.echo(f"stopped; the tasks stay in the store: {', '.join(waiting) or 'all are done'}", err=True)
        return INTERRUPTED
    good = {Status.SUCCESS, *OPEN_STATUSES} if no_wait else {Status.SUCCESS}
    return 0 if all(result.status in good for result in results) else FAILED


def _fail(entry: _Entry, error: MonitoError) -> None:
    _complain(entry.path, str(error), error.remedy)
    metadata = {"file_name": entry.path.name, "error_code": error.code, "remedy": error.remedy}
    entry.result = TaskResult(entry.task_id, Status.FAILURE, error=str(error), metadata=metadata)


def _complain(path: Path, cause: str, remedy: str) -> None:
    """One line on stderr that names file, cause and remedy."""
    said = cause if path.name in cause else f"{path.name}: {cause}"
    echo_error(f"monito: {said}", remedy)


def _open(settings: "Settings") -> "Monito":
    from monito_ray.api import Monito  # noqa: PLC0415

    return Monito(settings)


if __name__ == "__main__":
    main()
