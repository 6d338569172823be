"""Progress on stderr while tasks run: bars on a terminal, plain lines elsewhere."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self, TextIO

from rich.console import RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from monito_ray import events
from monito_ray.cli.console import GuardedConsole
from monito_ray.cli.phrases import STAGE_VERBS, LlmTotals, event_line, llm_text
from monito_ray.stages import Stage

# The bars of this many files, five stages each, fit on a screen of 24 lines together with the lines above and below them.
_FILES_WITH_LASTING_BARS = 3


@contextmanager
def show_progress(names: Mapping[str, str], stream: TextIO) -> Iterator[events.Sink]:
    """Give a sink that shows the progress of the tasks `names` (id to file name) on `stream`; any thread may call it.

    On a terminal each file and stage has a bar, and the bars of finished files are folded into a line when there are many files.
    Elsewhere each finished stage is a plain line.
    """
    if stream.isatty():
        with _ProgressBars(names, GuardedConsole(stream)) as bars:
            yield bars
    else:
        yield _ProgressLines(names, stream)


class _ProgressLines:
    """Progress for log files and pipes."""

    def __init__(self, names: Mapping[str, str], stream: TextIO) -> None:
        self._names, self._stream = names, stream

    def __call__(self, event: events.Event) -> None:
        if line := event_line(event):
            self._stream.write(f"{self._names.get(event.task_id, event.task_id)}: {line}\n")
            self._stream.flush()


class _ProgressAndLines(Progress):
    """Bars, and lines of text below them."""

    def __init__(self, *columns: ProgressColumn, console: GuardedConsole) -> None:
        #: By task; a line is shown as far as it fits.
        self.lines: dict[str, str] = {}
        super().__init__(*columns, console=console)

    def get_renderables(self) -> Iterator[RenderableType]:
        """Yield the bars, then the lines."""
        yield from super().get_renderables()
        for line in list(self.lines.values()):
            yield Text(line, style="dim", no_wrap=True, overflow="ellipsis")


class _ProgressBars:
    """Progress on a terminal."""

    def __init__(self, names: Mapping[str, str], console: GuardedConsole) -> None:
        self._names, self._console = names, console
        self._progress = _ProgressAndLines(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.fields[rows]:>15}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._lock = threading.Lock()
        self._bars: dict[tuple[str, Stage], TaskID] = {}
        self._llm_totals: dict[str, LlmTotals] = {}
        self._startup: TaskID | None = None
        self._width = max((len(name) for name in names.values()), default=0)

    def __enter__(self) -> Self:
        self._progress.start()
        self._startup = self._progress.add_task("starting Ray", total=None, rows="")
        return self

    def __exit__(self, *_: object) -> None:
        self._end_startup()
        self._progress.stop()

    def __call__(self, event: events.Event) -> None:
        with self._lock:
            match event:
                case events.StageStarted():
                    self._end_startup()
                    self._move(event, 0, event.rows)
                case events.StageAdvanced():
                    self._move(event, event.rows_done, event.rows)
                case events.StageFinished():
                    self._progress.lines.pop(event.task_id, None)
                    self._move(event, event.rows, event.rows, is_done=True)
                case events.LlmTraffic() | events.LlmCalled():
                    self._show_llm(event)
                case events.TaskSucceeded() | events.TaskFailed():
                    self._end(event)
                case _ if line := event_line(event):
                    self._progress.print(f"{escape(self._name(event))}: {escape(line)}", style="yellow", highlight=False)

    def _move(
        self, event: events.StageStarted | events.StageAdvanced | events.StageFinished, done: int, rows: int, *, is_done: bool = False
    ) -> None:
        """Set a stage's bar to `done` of `rows`; while `rows` is 0 (not counted yet) the bar swings, and it is full once done."""
        key = (event.task_id, event.stage)
        if key not in self._bars:
            name = escape(self._name(event).ljust(self._width))
            self._bars[key] = self._progress.add_task(f"{name}  {STAGE_VERBS[event.stage]:<13}", total=None, rows="")
        shown = "" if not rows else f"{rows:,} rows" if is_done else f"{done:,}/{rows:,}"
        total, completed = (1, 1) if is_done else (rows or None, done)
        self._progress.update(self._bars[key], total=total, completed=completed, rows=shown)

    def _show_llm(self, event: events.LlmTraffic | events.LlmCalled) -> None:
        """Show below the bars how the requests of a task to the LLM stand."""
        totals = self._llm_totals.get(event.task_id, LlmTotals()).after(event)
        self._llm_totals[event.task_id] = totals
        self._progress.lines[event.task_id] = f"  {self._name(event)}: {llm_text(totals)}"

    def _end(self, event: events.TaskSucceeded | events.TaskFailed) -> None:
        """Stop the bars of a file, and fold them into one line when the bars of all files would not fit."""
        self._progress.lines.pop(event.task_id, None)
        bars = [bar for (task_id, _), bar in self._bars.items() if task_id == event.task_id]
        for bar in bars:
            self._progress.stop_task(bar)
        if len(self._names) > _FILES_WITH_LASTING_BARS:
            for bar in bars:
                self._progress.update(bar, visible=False)
            mark = "[green]✓[/]" if isinstance(event, events.TaskSucceeded) else "[red]✗[/]"
            self._progress.print(f"{mark} {escape(self._name(event))}", highlight=False)

    def _end_startup(self) -> None:
        if self._startup is not None:
            self._progress.remove_task(self._startup)
            self._startup = None

    def _name(self, event: events.Event) -> str:
        return self._names.get(event.task_id, event.task_id)
