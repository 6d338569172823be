"""What a person sees at the terminal: progress while the work goes on, a summary when it is done, errors in one line each."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from monito_ray import events
from monito_ray.records import Status, TaskEvent, TaskResult
from monito_ray.stages import Stage

STAGE_VERBS = {
    Stage.FILE_PROCESSING: "reading",
    Stage.DATA_VALIDATION: "validating",
    Stage.LLM_PROCESSING: "standardizing",
    Stage.SHEETS_WRITING: "cataloguing",
    Stage.NOTIFICATIONS: "reporting",
}
_FEW_FILES = 3


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """How one file came off: `result` as in `TaskResult.result`, or why there is none."""

    name: str
    status: Status
    result: Mapping[str, Any] | None = None
    outputs: tuple[str, ...] = ()


@contextmanager
def show_progress(names: Mapping[str, str], stream: TextIO) -> Iterator[events.Sink]:
    """Give a sink that shows the progress of the tasks `names` (id to file name) on `stream`; it may be called from any thread.

    On a terminal: a bar for each file and stage, those of finished files folded into a line when there are many. Elsewhere: a
    plain line for each stage that ended.
    """
    if stream.isatty():
        with _Bars(names, Console(file=stream)) as bars:
            yield bars
    else:
        yield _Lines(names, stream)


class _Lines:
    """Progress for log files and pipes."""

    def __init__(self, names: Mapping[str, str], stream: TextIO) -> None:
        self._names, self._stream = names, stream

    def __call__(self, event: events.Event) -> None:
        if line := event_line(event):
            self._stream.write(f"{self._names.get(event.task_id, event.task_id)}: {line}\n")
            self._stream.flush()


class _Bars:
    """Progress on a terminal."""

    def __init__(self, names: Mapping[str, str], console: Console) -> None:
        self._names, self._console = names, console
        self._progress = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.fields[rows]:>15}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._lock = threading.Lock()
        self._bars: dict[tuple[str, Stage], TaskID] = {}
        self._opening: TaskID | None = None
        self._width = max((len(name) for name in names.values()), default=0)

    def __enter__(self) -> Self:
        self._progress.start()
        self._opening = self._progress.add_task("starting Ray", total=None, rows="")
        return self

    def __exit__(self, *_: object) -> None:
        self._end_opening()
        self._progress.stop()

    def __call__(self, event: events.Event) -> None:
        with self._lock:
            match event:
                case events.StageStarted():
                    self._end_opening()
                    self._move(event, 0, event.rows)
                case events.StageAdvanced():
                    self._move(event, event.rows_done, event.rows)
                case events.StageFinished():
                    self._move(event, event.rows, event.rows, is_done=True)
                case events.TaskSucceeded() | events.TaskFailed():
                    self._end(event)
                case _ if line := event_line(event):
                    self._progress.print(f"{escape(self._name(event))}: {escape(line)}", style="yellow", highlight=False)

    def _move(
        self, event: events.StageStarted | events.StageAdvanced | events.StageFinished, done: int, rows: int, *, is_done: bool = False
    ) -> None:
        """Bring a stage's bar to `done` of `rows`; one whose rows are not known swings until it is done, and then is full."""
        key = (event.task_id, event.stage)
        if key not in self._bars:
            name = escape(self._name(event).ljust(self._width))
            self._bars[key] = self._progress.add_task(f"{name}  {STAGE_VERBS[event.stage]:<13}", total=None, rows="")
        shown = "" if not rows else f"{rows:,} rows" if is_done else f"{done:,}/{rows:,}"
        total, completed = (1, 1) if is_done else (rows or None, done)
        self._progress.update(self._bars[key], total=total, completed=completed, rows=shown)

    def _end(self, event: events.TaskSucceeded | events.TaskFailed) -> None:
        """Fold a file's bars into one line when the bars of all files would not fit, and stop what a failed one left turning."""
        mine = [bar for (task_id, _), bar in self._bars.items() if task_id == event.task_id]
        for bar in mine:
            self._progress.stop_task(bar)
        if len(self._names) > _FEW_FILES:
            for bar in mine:
                self._progress.update(bar, visible=False)
            mark = "[green]✓[/]" if isinstance(event, events.TaskSucceeded) else "[red]✗[/]"
            self._progress.print(f"{mark} {escape(self._name(event))}", highlight=False)

    def _end_opening(self) -> None:
        if self._opening is not None:
            self._progress.remove_task(self._opening)
            self._opening = None

    def _name(self, event: events.Event) -> str:
        return self._names.get(event.task_id, event.task_id)


def event_line(event: events.Event) -> str:
    """`event` as a line for a person, "" when it is not worth one."""
    match event:
        case events.StageFinished():
            rows = f"{count_text(event.rows, 'row')}, " if event.rows else ""
            return f"{STAGE_VERBS[event.stage]} done, {rows}{duration_text(event.duration_ms)}"
        case events.LlmSkipped():
            return f"by rules alone: {event.reason}"
        case events.TaskRetried():
            return f"{event.message}; again in {event.wait_s:.0f} s"
        case events.TaskSucceeded():
            return f"done, {duration_text(event.duration_ms)}"
    return ""


def show_summary(outcomes: Sequence[FileOutcome], without_llm: str, stream: TextIO) -> None:
    """Print what came of the files: for several a line each and then the sum, and at last the paths of what was written.

    `without_llm` stands in the place of the LLM's figures when it was not asked.
    """
    console = Console(file=stream, highlight=False)
    done = [outcome for outcome in outcomes if outcome.result is not None]
    if len(outcomes) > 1:
        console.print(_overview(outcomes))
    if done:
        title = done[0].name if len(outcomes) == 1 else f"{count_text(len(done), 'list')} together"
        console.print(_details([outcome.result for outcome in done if outcome.result is not None], title, without_llm))
    for outcome in done:
        for note in (outcome.result or {}).get("notes", ()):
            console.print(f"{'Note:':<9}{escape(outcome.name)}: {escape(note)}", soft_wrap=True)
    written = list(dict.fromkeys(path for outcome in done for path in outcome.outputs))
    for place, path in enumerate(written):
        console.print(f"{'Written:' if place == 0 else '':<9}{escape(path)}", soft_wrap=True)


def show_tasks(results: Sequence[TaskResult], stream: TextIO) -> None:
    """Print a line for each task."""
    table = Table(header_style="bold")
    for title in ("Task", "File", "Status", "Stage", "Submitted", "Error"):
        table.add_column(title, overflow="fold")
    for result in results:
        about = [str(result.metadata.get(key, "")) for key in ("file_name", "stage", "created_at")]
        told = (result.task_id, about[0], result.status.value, about[1], about[2][:16].replace("T", " "), result.error or "")
        table.add_row(*map(escape, told))
    Console(file=stream, highlight=False).print(table)


def show_table(titles: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a table: texts on the left, the figures behind them on the right."""
    table = _table(*titles)
    for row in rows:
        table.add_row(*map(escape, row))
    Console(file=stream, highlight=False).print(table)


def show_texts(titles: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a table of texts, all on the left."""
    table = Table(header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console(file=stream, highlight=False).print(table)


def show_task(result: TaskResult, happened: Sequence[TaskEvent], stream: TextIO) -> None:
    """Print how one task stands, what happened to it, and its summary once there is one."""
    console = Console(file=stream, highlight=False)
    name = str(result.metadata.get("file_name", ""))
    console.print(f"{escape(result.task_id)}  {escape(name)}  {result.status.value}", soft_wrap=True)
    if result.error:
        console.print(f"{escape(result.error)}. {escape(str(result.metadata.get('remedy', '')))}", soft_wrap=True)
    if happened:
        console.print(_timeline(happened))
    if result.status is Status.SUCCESS and result.result is not None:
        show_summary([FileOutcome(name, result.status, result.result, tuple(result.result.get("outputs", ())))], "not asked", stream)


def _timeline(happened: Sequence[TaskEvent]) -> Table:
    """Events below one another: the day once, the time of each, and how long after the first it was."""
    first = happened[0].at
    table = _table(f"{first.astimezone():%Y-%m-%d}", "After", "")
    table.columns[-1].justify = "left"
    table.add_column("What happened", overflow="fold")
    for event in happened:
        after = duration_text((event.at - first).total_seconds() * 1000)
        stage = STAGE_VERBS[Stage(event.data["stage"])] if event.data.get("stage") in set(Stage) else ""
        table.add_row(f"{event.at.astimezone():%H:%M:%S}", after, stage, escape(_happening(event)))
    return table


def _happening(event: TaskEvent) -> str:
    data = event.data
    match event.name:
        case "task.submitted":
            return f"submitted: {data.get('file_name', '')}"
        case "stage.finished":
            return f"done, {count_text(data['rows'], 'row')}, {duration_text(data['duration_ms'])}"
        case "task.succeeded":
            return f"succeeded, {duration_text(data['task_ms'])} in all"
        case "task.failed":
            return f"failed: {data['message']}"
        case "task.retried":
            return f"{data['message']}; again in {data['wait_s']:.0f} s"
        case "task.released" if "lost" in data:
            return f"its driver {data['lost']} died; it waits for another"
        case "task.released":
            return "put back: its driver stopped"
        case "llm.skipped":
            return f"by rules: {data['reason']}"
    return event.name.removeprefix("task.")


def count_text(number: int, thing: str) -> str:
    """`1 row`, `1,200 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def duration_text(duration_ms: float) -> str:
    """A duration as people say it: `0.24 s`, `12.3 s`, `2 min 5 s`."""
    if duration_ms < 60_000:
        return f"{duration_ms / 1000:.2f} s" if duration_ms < 1000 else f"{duration_ms / 1000:.1f} s"
    minutes, rest = divmod(round(duration_ms / 1000), 60)
    return f"{minutes} min {rest} s"


def _table(*titles: str, **looks: Any) -> Table:
    table = Table(title_justify="left", title_style="bold", header_style="bold", **looks)
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place == 0 else "right", overflow="fold")
    return table


def _overview(outcomes: Sequence[FileOutcome]) -> Table:
    table = _table("File", "Found", "Written", "Rejected", "Duplicates", "Time")
    for outcome in outcomes:
        if outcome.result is None:
            table.add_row(escape(outcome.name), f"[red]{outcome.status}[/]", "", "", "", "")
            continue
        counts = [outcome.result.get(key, 0) for key in ("rows_found", "rows_written", "rows_rejected", "rows_duplicate")]
        took = duration_text(sum(outcome.result.get("stages", {}).values()))
        table.add_row(escape(outcome.name), *(f"{count:,}" for count in counts), took)
    return table


def _details(results: Sequence[Mapping[str, Any]], title: str, without_llm: str) -> Table:
    table = _table("", "", title=escape(title), show_header=False)
    for label, value in _detail_rows(results, without_llm):
        table.add_row(escape(label), escape(value))
    return table


def _detail_rows(results: Sequence[Mapping[str, Any]], without_llm: str) -> Iterator[tuple[str, str]]:
    def total(key: str) -> int:
        return sum(result.get(key) or 0 for result in results)

    if len(results) == 1:
        yield from ((label, str(results[0][key])) for label, key in _ABOUT.items() if results[0].get(key))
    yield "Rows found", f"{total('rows_found'):,}"
    yield "Rows written", f"{total('rows_written'):,}"
    yield "Rows rejected", f"{total('rows_rejected'):,}"
    yield from ((f"  {reason.replace('_', ' ')}", f"{count:,}") for reason, count in _summed(results, "rejected").most_common())
    yield "Duplicates", f"{total('rows_duplicate'):,}"
    yield "New products", f"{total('products_new'):,}"
    yield "Changed prices", f"{total('prices_changed'):,}"
    yield "LLM", _llm(_summed(results, "llm")) or without_llm
    stages = _summed(results, "stages")
    yield from ((f"Time {STAGE_VERBS[stage]}", duration_text(stages[stage.value])) for stage in Stage if stage.value in stages)


_ABOUT = {"Supplier": "supplier", "Currency": "currency", "List date": "list_date"}


def _summed(results: Sequence[Mapping[str, Any]], key: str) -> Counter[str]:
    summed: Counter[str] = Counter()
    for result in results:
        summed.update(result.get(key) or {})
    return summed


def _llm(use: Mapping[str, Any]) -> str:
    if not use.get("requests"):
        return ""
    asked = f"{count_text(use['rows'], 'row')} in {count_text(use['requests'], 'request')}"
    tokens = f"{use['prompt_tokens']:,} tokens in ({use['cached_tokens']:,} cached), {use['completion_tokens']:,} out"
    return f"{asked}, {tokens}, {use['cost_usd']:.4f} USD"
