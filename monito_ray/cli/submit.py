"""`monito submit`: price lists become tasks, the tasks are done by the service or here, and the results are shown and written."""

import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import FAILED, INTERRUPTED, app, echo_error, open_monito, print_json, read_settings, report_errors, stop_on_signal
from monito_ray.cli.estimate import estimate_files
from monito_ray.cli.inputs import input_files
from monito_ray.clients.output_paths import OutputFormat, check_writable, destinations
from monito_ray.errors import ArtifactGone, FileUnusable, MonitoError, UsageWrong
from monito_ray.records import OPEN_STATUSES, Status, TaskResult

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.settings import Settings

_STOPPING = "stopping: what is running is put back ..."
_EXAMPLES = """\b
Examples:
  monito submit june.xlsx                           into the catalogue
  monito submit june.xlsx --out clean.csv           and its rows as CSV
  monito submit lists/ --out clean/                 all lists of a folder, a result for each
  monito submit veg.pdf --supplier "Sari Sayur" --currency IDR
  pbpaste | monito submit - --supplier "Sari Sayur" a list copied from a message
  monito submit lists/ --estimate                   what the LLM would cost
  monito submit june.xlsx --columns name=B,price=F  where a column was taken for the wrong thing
  monito submit june.xlsx --sheet Retail            one sheet of several
  monito submit june.xlsx --json | jq .result.rows_written
"""


def _check_currency(code: str) -> str:
    from monito_ray.jobs.intake.options import check_currency  # noqa: PLC0415

    try:
        check_currency(code.upper())
    except UsageWrong as error:
        raise typer.BadParameter(f"{code!r} is no currency; give its code of ISO 4217, such as IDR") from error
    return code.upper()


_Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        show_default=False,
        help="Price lists: xlsx, xlsm, xls, xlsb, ods, csv, tsv, txt, docx, odt, rtf, html, pdf, eml or zip, jpg, png, webp and heic with the extra `ocr`; a folder for all in it; - for standard input.",
    ),
]
_Supplier = Annotated[str, typer.Option("--supplier", metavar="NAME", help="Whose list it is; read from the file unless said.")]
_Currency = Annotated[
    str,
    typer.Option("--currency", metavar="CODE", callback=_check_currency, help="Currency of prices that do not say theirs, such as IDR."),
]
_UserId = Annotated[int, typer.Option("--user-id", metavar="N", min=0, help="Whom the task is counted for; 0 is the command line.")]
_Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PATH",
        show_default=False,
        help="Write the clean rows here too: a file for one list (.xlsx, .csv, .jsonl, .parquet), a folder for several. "
        "Rejected rows go to a sheet of the xlsx, else to NAME.rejected.SUFFIX beside it.",
    ),
]
_Format = Annotated[
    OutputFormat | None, typer.Option("--format", show_default=False, help="Format of the files in the folder --out; xlsx unless said.")
]
_Columns = Annotated[
    str,
    typer.Option(
        "--columns",
        metavar="ROLE=COLUMN,...",
        help="What columns hold, such as name=B,price=F; also size, pack, unit, brand, sku, category. Kept for the supplier's next lists.",
    ),
]
_SheetNames = Annotated[
    list[str] | None, typer.Option("--sheet", metavar="NAME", help="Read this sheet alone; may be given several times.")
]
_NoLlm = Annotated[bool, typer.Option("--no-llm", help="Use the built-in rules alone, even when an LLM is set.")]
_NoWait = Annotated[bool, typer.Option("--no-wait", help="Commit the tasks and leave; `monito status` shows how they go.")]
_Force = Annotated[bool, typer.Option("--force", help="Read a file again that was read before.")]
_EstimateOnly = Annotated[bool, typer.Option("--estimate", help="Say what asking the LLM would cost, and do nothing.")]
_AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a file on stdout, in order, and nothing else there.")]


@dataclass(slots=True)
class _Submission:
    """One file of the command, from its path to the result of its task."""

    path: Path
    #: Where the clean rows are written, and how; None without --out.
    destination: tuple[Path, OutputFormat] | None = None
    #: Empty until the task is committed.
    task_id: str = ""
    #: The same list was done before, so that there is nothing to wait for.
    is_done: bool = False
    result: TaskResult | None = None
    #: A person was asked what its columns hold.
    is_questioned: bool = False


@dataclass(slots=True)
class _SubmitRun:
    """One run of the command."""

    submissions: Sequence[_Submission]
    #: Of each task, as `Monito.submit_file_processing` takes them.
    options: Mapping[str, Any]
    user_id: int
    waits: bool
    as_json: bool
    #: Why rows were not asked of the LLM; shown at once where a person counts on it.
    llm_skips: set[str] = field(default_factory=set)
    shows_llm_skips: bool = False

    @property
    def results(self) -> list[TaskResult]:
        """The results so far, in order of the files."""
        return [submission.result for submission in self.submissions if submission.result is not None]


@app.command("submit", short_help="Read price lists into the catalogue.", epilog=_EXAMPLES)
def submit_command(
    files: _Files,
    supplier: _Supplier = "",
    currency: _Currency = "",
    user_id: _UserId = 0,
    columns: _Columns = "",
    sheet: _SheetNames = None,
    out: _Out = None,
    output_format: _Format = None,
    no_llm: _NoLlm = False,
    no_wait: _NoWait = False,
    force: _Force = False,
    estimate: _EstimateOnly = False,
    as_json: _AsJson = False,
) -> None:
    """Read price lists, clean their rows and bring them into the catalogue.

    Needs no key, no account and no server: without an LLM the built-in rules do the work.
    Every file is a task in the store, so that nothing is lost when the command is stopped.

    The catalogue is drawn as catalog.xlsx in MONITO_HOME (./.monito unless set).
    Exit code: 0 all done, 1 a file failed, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    with report_errors():
        settings = read_settings()
        with input_files(files, settings.max_file_mb) as paths:
            if estimate:
                with open_monito(settings) as monito:
                    raise typer.Exit(estimate_files(monito, paths, {"supplier": supplier, "currency": currency}, as_json=as_json))
            submissions = _plan_submissions(paths, out, output_format)
            options = _task_options(supplier=supplier, currency=currency, columns=columns, sheet=sheet, no_llm=no_llm, force=force)
            run = _SubmitRun(submissions, options, user_id, not no_wait, as_json, shows_llm_skips=settings.has_llm and not no_llm)
            raise typer.Exit(_submit_and_show(run, settings))


def _task_options(*, supplier: str, currency: str, columns: str, sheet: list[str] | None, no_llm: bool, force: bool) -> dict[str, Any]:
    """Return the options that were given; one that is left out means the default, also when lists are compared with earlier ones."""
    options = {
        "supplier": supplier,
        "currency": currency,
        "columns": columns,
        "sheet": sheet,
        "use_llm": False if no_llm else None,
        "force": force or None,
    }
    return {name: value for name, value in options.items() if value not in ("", None, [])}


def _plan_submissions(paths: Sequence[Path], out: Path | None, output_format: OutputFormat | None) -> list[_Submission]:
    """Return a submission for each file, its destination checked to be writable before any work."""
    if out is None:
        if output_format is not None:
            raise UsageWrong("--format says how --out is written, and there is no --out", "Add --out PATH.")
        return [_Submission(path) for path in paths]
    planned = destinations(paths, out, output_format)
    for path, _ in planned:
        check_writable(path)
    return [_Submission(path, destination) for path, destination in zip(paths, planned, strict=True)]


def _submit_and_show(run: _SubmitRun, settings: "Settings") -> int:
    """Commit the tasks, see them through unless the command does not wait, show the results; the exit code."""
    with open_monito(settings) as monito, stop_on_signal(signal.SIGINT, message=_STOPPING) as stop:
        _submit_all(monito, run)
        if run.waits and not stop.is_set():
            with report_errors(continues=True):
                _see_through(run, settings, stop)
        _collect_results(monito, run.submissions)
        _show_results(run)
        while not stop.is_set() and (again := _ask(monito, run)):
            _submit_all(monito, again)
            with report_errors(continues=True):
                _see_through(again, settings, stop)
            _collect_results(monito, again.submissions)
            _show_results(again)
    return _exit_code(run, is_stopped=stop.is_set())


def _ask(monito: "Monito", run: _SubmitRun) -> _SubmitRun | None:
    """Ask a person at a terminal about the lists in doubt that were not asked about; the first that is to be read again, None for no more.

    Whose a list is, and what its columns hold, is kept for the supplier's next list.
    """
    from monito_ray.cli import asking  # noqa: PLC0415

    if run.as_json or not run.waits or not asking.is_possible():
        return None
    for submission in run.submissions:
        result = (submission.result.result if submission.result else None) or {}
        if submission.is_questioned or not result.get("questions") or run.options.get("columns"):
            continue
        submission.is_questioned = True
        supplier = asking.ask_supplier(submission.path.name, result["questions"])
        if supplier:
            supplier = _assign(monito, submission, supplier)
        columns = asking.ask_columns(submission.path.name, result["questions"])
        if columns:
            submission.task_id, submission.is_done, submission.result = "", False, None
            whose = {"supplier": supplier} if supplier else {}
            return replace(run, submissions=[submission], options={**run.options, **whose, "columns": columns, "force": True})
    return None


def _assign(monito: "Monito", submission: _Submission, name: str) -> str:
    """Give a list to the supplier that a person named, and return its name."""
    from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415

    answer = monito.answer_supplier(submission.task_id, name)
    workbook_drawing.draw_workbook_in_subprocess()
    submission.result = monito.get_task_result(submission.task_id)
    typer.echo(f"{submission.path.name}: it is {answer.supplier!r}'s")
    return answer.supplier


def _submit_all(monito: "Monito", run: _SubmitRun) -> None:
    """Commit a task for each file; one that is refused is reported and marked failed, and the others go on."""
    for submission in run.submissions:
        try:
            _submit_one(monito, run, submission)
        except FileUnusable as error:
            _fail(submission, error)


def _submit_one(monito: "Monito", run: _SubmitRun, submission: _Submission) -> None:
    """Commit a task for a file, or take the one that has it already: not where its rows are to be written and are kept no longer."""
    task_id = monito.submit_file_processing(submission.path, run.user_id, run.options)
    status = monito.get_task_result(task_id).status
    is_done = status is Status.SUCCESS
    if is_done and submission.destination and not _can_write_rows(monito, task_id):
        typer.echo(f"{submission.path.name}: what was kept of task {task_id} is gone, so it is read again", err=True)
        submission.task_id = monito.submit_file_processing(submission.path, run.user_id, {**run.options, "force": True})
        return
    submission.task_id, submission.is_done = task_id, is_done
    _report_repeat(submission, status)


def _can_write_rows(monito: "Monito", task_id: str) -> bool:
    """Return whether the clean rows of a task that succeeded can be written once more; the retention may have removed them."""
    try:
        monito.tables(task_id)
    except ArtifactGone:
        return False
    except MonitoError:
        pass  # told where they are written
    return True


def _report_repeat(submission: _Submission, status: Status) -> None:
    """Print that the list was sent before, and how to have it read again; one that is new, or was sent and waits, is no news."""
    name, task_id = submission.path.name, submission.task_id
    if status is Status.RUNNING:
        typer.echo(f"{name}: task {task_id} is reading it now", err=True)
    elif status is Status.RETRY:
        typer.echo(f"{name}: task {task_id} waits for another try at it", err=True)
    elif status is not Status.PENDING:
        typer.echo(f"{name}: was sent before as task {task_id}, {status}; --force reads it again", err=True)


def _see_through(run: _SubmitRun, settings: "Settings", stop: threading.Event) -> None:
    """Show the progress of the tasks until all have ended or `stop` is set: done by a live service, or else by a driver in this process."""
    from monito_ray import events, log, wiring  # noqa: PLC0415
    from monito_ray.cli import follow, progress  # noqa: PLC0415

    names = {one.task_id: one.path.name for one in run.submissions if one.task_id and not one.is_done}
    if not names:
        return
    log.configure()
    with progress.show_progress(names, sys.stderr) as show:

        def sink(event: events.Event) -> None:
            if isinstance(event, events.LlmSkipped):
                run.llm_skips.add(event.reason)
                if not run.shows_llm_skips:
                    return
            show(event)

        if not follow.follow_tasks(settings, list(names), sink, stop):
            with wiring.local_driver(settings, sink, stop) as driver:
                driver.work(list(names), stop)


def _collect_results(monito: "Monito", submissions: Sequence[_Submission]) -> None:
    """Fetch the result of each task, and write the clean rows where --out asks for them."""
    for submission in submissions:
        if not submission.task_id:
            continue
        result = monito.get_task_result(submission.task_id)
        submission.result = result
        if result.status is Status.FAILURE:
            _echo_failure(submission.path, result.error or "failed", str(result.metadata.get("remedy", "")))
        elif result.status is Status.SUCCESS and submission.destination:
            try:
                submission.result = _with_outputs(result, _write_rows(monito, submission.task_id, *submission.destination))
            except MonitoError as error:
                _fail(submission, error)


def _write_rows(monito: "Monito", task_id: str, path: Path, output_format: OutputFormat) -> list[Path]:
    from monito_ray.clients import exports  # noqa: PLC0415

    products, rejects = monito.tables(task_id)
    return exports.write_list(products, rejects, path, output_format)


def _with_outputs(result: TaskResult, paths: Sequence[Path]) -> TaskResult:
    fields = result.result or {}
    return replace(result, result={**fields, "outputs": [*fields.get("outputs", ()), *map(str, paths)]})


def _show_results(run: _SubmitRun) -> None:
    if run.as_json:
        for result in run.results:
            print_json(result)
        return
    from monito_ray.cli import console  # noqa: PLC0415

    ended = [_outcome(one.path.name, one.result) for one in run.submissions if one.result and one.result.status not in OPEN_STATUSES]
    if ended:
        skips = "; ".join(sorted(run.llm_skips))
        settled = "nothing to ask: every row was settled without" if run.shows_llm_skips else "rules alone"
        without_llm = f"rules alone: {skips}" if skips else settled
        console.show_summary(ended, without_llm, sys.stdout)
    if not run.waits:
        for result in run.results:
            if result.task_id:
                typer.echo(result.task_id)


def _outcome(name: str, result: TaskResult) -> Any:
    from monito_ray.cli.console import FileOutcome  # noqa: PLC0415

    fields = result.result if result.status is Status.SUCCESS else None
    return FileOutcome(name, result.status, fields, tuple((fields or {}).get("outputs", ())), result.task_id)


def _exit_code(run: _SubmitRun, *, is_stopped: bool) -> int:
    if is_stopped:
        waiting = [result.task_id for result in run.results if result.status in OPEN_STATUSES]
        typer.echo(f"stopped; the tasks stay in the store: {', '.join(waiting) or 'all are done'}", err=True)
        return INTERRUPTED
    good = {Status.SUCCESS} if run.waits else {Status.SUCCESS, *OPEN_STATUSES}
    return 0 if all(result.status in good for result in run.results) else FAILED


def _fail(submission: _Submission, error: MonitoError) -> None:
    name = submission.path.name
    _echo_failure(submission.path, str(error), error.remedy)
    metadata = {"file_name": name, "error_code": error.code, "remedy": error.remedy}
    submission.result = TaskResult(submission.task_id, Status.FAILURE, error=str(error), metadata=metadata)


def _echo_failure(path: Path, cause: str, remedy: str) -> None:
    """Print one line on stderr that names file, cause and remedy."""
    echo_error(f"monito: {cause if path.name in cause else f'{path.name}: {cause}'}", remedy)
