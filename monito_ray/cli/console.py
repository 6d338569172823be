"""Tables on stdout: the summary of what a command did, lists of tasks, the history of one task."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.table import Table

from monito_ray.cli.phrases import STAGE_VERBS, count_text, duration_text, recorded_event_line
from monito_ray.records import SUPPLIER_QUESTION, Status, TaskEvent, TaskResult
from monito_ray.stages import Stage
from monito_ray.terminal.visible_text import visible

#: A cell that never breaks over lines: a day, with a time or without, or one short word or figure.
_WHOLE = re.compile(r"(\d{4}-\d\d-\d\d( \d\d:\d\d)?|\S{1,15})?")
#: Columns of a text that is read by a program rather than by a person: no line is broken.
_UNBROKEN = 10_000
_SHOWN_IF_ANY = frozenset(("Supplier", "Stage", "Error"))
_LIST_FIELDS = {"Supplier": "supplier", "  known by": "supplier_how", "Currency": "currency", "List date": "list_date"}

#: Unread amounts that are shown beside doubts.
_UNREAD_SHOWN = 3
_REMEDY = (
    "compare some rows with the list; `monito explain FILE` shows how it was read, `--columns name=B,price=F` says which columns to take"
)

_PRICE_REMEDY = (
    "ask the supplier; `monito review` shows what may be wrong, and `yes` under Price Right? in a copy of catalog.xlsx, "
    "brought back by `monito review --apply COPY.xlsx`, says that a price is right"
)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """How one file of a command ended."""

    name: str
    status: Status
    #: `TaskResult.result`; None when the task did not succeed
    result: Mapping[str, Any] | None = None
    #: Paths and links of what was written.
    outputs: tuple[str, ...] = ()
    task_id: str = ""


class GuardedConsole(Console):
    """A console whose colours and bars are its own, and whose texts are shown as `visible` returns them."""

    def __init__(self, stream: TextIO, **options: Any) -> None:
        super().__init__(file=getattr(stream, "unguarded", stream), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield what is printed of `renderable`."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def show_summary(outcomes: Sequence[FileOutcome], without_llm: str, stream: TextIO) -> None:
    """Print the counts of all files together, a line for each file before them when there are several, and the paths of what was written.

    `without_llm` stands in place of the LLM's figures when no request was made.
    """
    console = _console(stream)
    succeeded = [(outcome, outcome.result) for outcome in outcomes if outcome.result is not None]
    if len(outcomes) > 1:
        console.print(_overview(outcomes))
    if succeeded:
        title = succeeded[0][0].name if len(outcomes) == 1 else f"{count_text(len(succeeded), 'list')} together"
        console.print(_details([result for _, result in succeeded], title, without_llm))
    for outcome, result in succeeded:
        for note in result.get("notes", ()):
            console.print(f"{'Note:':<9}{escape(outcome.name)}: {escape(note)}", soft_wrap=True)
        _show_suspected_prices(console, outcome.name, result)
        _show_doubts(console, outcome.name, result)
        _show_unsaid_currency(console, outcome.name, result)
        _show_supplier_question(console, outcome, result)
        _show_same_file(console, outcome.name, result)
    written = list(dict.fromkeys(path for outcome, _ in succeeded for path in outcome.outputs))
    for index, path in enumerate(written):
        console.print(f"{'Written:' if index == 0 else '':<9}{escape(path)}", soft_wrap=True)


def _show_suspected_prices(console: GuardedConsole, name: str, result: Mapping[str, Any]) -> None:
    """Print which prices may be wrong and why, and how to say that they are right."""
    count, suspected = result.get("suspected_count", 0), result.get("suspected_prices") or ()
    for one in suspected:
        console.print(f"{'Price:':<9}{escape(name)}: {escape(one['name'])}: {escape(one['why'])}", soft_wrap=True)
    if count > len(suspected):
        console.print(f"{'':<9}and {count - len(suspected):,} more that may be wrong", soft_wrap=True)
    if suspected:
        console.print(f"{'To do:':<9}{escape(_PRICE_REMEDY)}", soft_wrap=True)


def _show_doubts(console: GuardedConsole, name: str, result: Mapping[str, Any]) -> None:
    """Print what may be misread, the amounts that were not read, and what can be done about them."""
    doubts = result.get("doubts") or ()
    for doubt in doubts:
        console.print(f"{'Doubt:':<9}{escape(name)}: {escape(doubt)}", soft_wrap=True)
    if doubts and (unread := result.get("unread_amounts")):
        cells = ", ".join(f"{cell['text']!r} ({cell['sheet']}, {cell['column']}{cell['row']})" for cell in unread[:_UNREAD_SHOWN])
        count = count_text(result.get("unread_count", len(unread)), "amount")
        console.print(f"{'Unread:':<9}{escape(name)}: {count}, such as {escape(cells)}", soft_wrap=True)
    if doubts:
        console.print(f"{'To do:':<9}{escape(_REMEDY)}", soft_wrap=True)


def _show_unsaid_currency(console: GuardedConsole, name: str, result: Mapping[str, Any]) -> None:
    """Print that nothing says which money the prices are in, and how to say so."""
    if rows := result.get("rows_without_currency"):
        count = count_text(rows, "price")
        console.print(f"{'Currency:':<9} {escape(name)}: not known of {count}, which cannot be compared with others", soft_wrap=True)
        console.print(f"{'To do:':<9}submit the list again with `--currency CODE`, such as `--currency IDR`", soft_wrap=True)


def _show_supplier_question(console: GuardedConsole, outcome: FileOutcome, result: Mapping[str, Any]) -> None:
    """Print that it is not sure whose list it is, who it may be of, and how to say so."""
    question = next((question for question in result.get("questions") or () if question["id"] == SUPPLIER_QUESTION), None)
    if question is None:
        return
    name = escape(outcome.name)
    console.print(f"{'Asked:':<9}{name}: {escape(question['text'])} {escape(question['choices'][0]['text'])}, for now", soft_wrap=True)
    for choice in question["choices"][1:]:
        console.print(f"{'':<9}or {escape(choice['text'])}", soft_wrap=True)
    console.print(
        f"{'To do:':<9}`monito suppliers assign {escape(outcome.task_id)} NAME` says whose it is, and is remembered", soft_wrap=True
    )


def _show_same_file(console: GuardedConsole, name: str, result: Mapping[str, Any]) -> None:
    """Print that the same file stands under another supplier, too, and how to have it under one."""
    if other := result.get("same_file"):
        task_id, supplier = escape(other["task_id"]), escape(str(result.get("supplier") or "NAME"))
        remedy = f'`monito undo {task_id}` takes that list back, `monito suppliers assign {task_id} "{supplier}"` moves it'
        sentence = f"the same file stands as the list of {escape(repr(other['supplier']))}, too"
        console.print(f"{'Twice:':<9}{escape(name)}: {sentence}: {remedy}", soft_wrap=True)


def show_tasks(results: Sequence[TaskResult], stream: TextIO) -> None:
    """Print a line for each task; suppliers, stages and errors have a column where there are any, so that most tables fit 80 characters."""
    titles = ("Task", "File", "Supplier", "Status", "Stage", "Submitted", "Error")
    rows = []
    for result in results:
        name, stage, created_at = (str(result.metadata.get(key, "")) for key in ("file_name", "stage", "created_at"))
        if result.status is Status.SUCCESS:
            stage = ""  # it has passed them all
        supplier = str((result.result or {}).get("supplier") or "")
        rows.append((result.task_id, name, supplier, result.status.value, stage, created_at[:16].replace("T", " "), result.error or ""))
    shown = [place for place, title in enumerate(titles) if title not in _SHOWN_IF_ANY or any(row[place] for row in rows)]
    show_texts([titles[place] for place in shown], [[row[place] for place in shown] for row in rows], stream)


def show_table(titles: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a table of a label on the left and figures, aligned right, behind it."""
    _print_rows(_figure_table(*titles), rows, stream)


def show_texts(titles: Sequence[str], rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print a table of texts, all aligned left."""
    table = Table(header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    _print_rows(table, rows, stream)


def _print_rows(table: Table, rows: Sequence[Sequence[str]], stream: TextIO) -> None:
    """Print the rows; where they are too wide, columns of dates, figures and short words stay whole and the others break."""
    for index, column in enumerate(table.columns):
        column.no_wrap = all(_WHOLE.fullmatch(row[index]) for row in rows)
    for row in rows:
        table.add_row(*map(escape, row))
    _console(stream).print(table)


def _console(stream: TextIO) -> GuardedConsole:
    """Return what prints on `stream`: as wide as the terminal, or as COLUMNS says; what goes to a program or file has no breaks in lines."""
    is_for_people = stream.isatty() or "COLUMNS" in os.environ
    return GuardedConsole(stream, highlight=False, width=None if is_for_people else _UNBROKEN)


def show_task(result: TaskResult, history: Sequence[TaskEvent], stream: TextIO) -> None:
    """Print the status of one task, its history, and its summary once it has succeeded."""
    console = _console(stream)
    name = str(result.metadata.get("file_name", ""))
    console.print(f"{escape(result.task_id)}  {escape(name)}  {result.status.value}", soft_wrap=True)
    if result.error:
        console.print(f"{escape(result.error)}. {escape(str(result.metadata.get('remedy', '')))}", soft_wrap=True)
    if waiting_for := result.metadata.get("waiting_for"):
        console.print(f"Waiting: {escape(waiting_for)}", soft_wrap=True)
    if history:
        console.print(_timeline(history))
    if result.status is Status.SUCCESS and result.result is not None:
        outcome = FileOutcome(name, result.status, result.result, tuple(result.result.get("outputs", ())), result.task_id)
        show_summary([outcome], "not asked", stream)


def _timeline(history: Sequence[TaskEvent]) -> Table:
    """Return the events as rows: the day in the header, then for each its time, the time since the first, stage and text."""
    first = history[0].at
    table = _figure_table(f"{first.astimezone():%Y-%m-%d}", "After", "")
    table.columns[-1].justify = "left"
    table.add_column("What happened", overflow="fold")
    for event in history:
        after = duration_text((event.at - first).total_seconds() * 1000)
        stage = STAGE_VERBS[Stage(event.data["stage"])] if event.data.get("stage") in set(Stage) else ""
        table.add_row(f"{event.at.astimezone():%H:%M:%S}", after, stage, escape(recorded_event_line(event)))
    return table


def _figure_table(*titles: str, **styles: Any) -> Table:
    table = Table(title_justify="left", title_style="bold", header_style="bold", **styles)
    for index, title in enumerate(titles):
        table.add_column(title, justify="left" if index == 0 else "right", overflow="fold")
    return table


def _overview(outcomes: Sequence[FileOutcome]) -> Table:
    table = _figure_table("File", "Supplier", "Found", "Written", "Rejected", "Duplicates", "Time", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].justify = "left"
    for column in table.columns[2:]:
        column.no_wrap = True
    for outcome in outcomes:
        if outcome.result is None:
            table.add_row(escape(outcome.name), "", f"[red]{outcome.status}[/]", "", "", "", "")
            continue
        counts = [outcome.result.get(key, 0) for key in ("rows_found", "rows_written", "rows_rejected", "rows_duplicate")]
        duration = duration_text(sum(outcome.result.get("stages", {}).values()))
        supplier = str(outcome.result.get("supplier") or "")
        table.add_row(escape(outcome.name), escape(supplier), *(f"{count:,}" for count in counts), duration)
    return table


def _details(results: Sequence[Mapping[str, Any]], title: str, without_llm: str) -> Table:
    table = _figure_table("", "", title=escape(title), show_header=False)
    for label, value in _detail_rows(results, without_llm):
        table.add_row(escape(label), escape(value))
    return table


def _detail_rows(results: Sequence[Mapping[str, Any]], without_llm: str) -> Iterator[tuple[str, str]]:
    def total(key: str) -> str:
        return f"{sum(result.get(key) or 0 for result in results):,}"

    if len(results) == 1:
        yield from ((label, str(results[0][key])) for label, key in _LIST_FIELDS.items() if results[0].get(key))
    yield "Rows found", total("rows_found")
    yield "Rows written", total("rows_written")
    yield "Rows rejected", total("rows_rejected")
    yield from ((f"  {reason.replace('_', ' ')}", f"{count:,}") for reason, count in _sum_by_key(results, "rejected").most_common())
    yield "Duplicates", total("rows_duplicate")
    yield "New products", total("products_new")
    yield "Changed prices", total("prices_changed")
    if in_doubt := sum(result.get("review_count") or 0 for result in results):
        yield "Rows to look at", f"{in_doubt:,}"
    yield "LLM", _llm_text(_sum_by_key(results, "llm")) or without_llm
    stages = _sum_by_key(results, "stages")
    yield from ((f"Time {STAGE_VERBS[stage]}", duration_text(stages[stage.value])) for stage in Stage if stage.value in stages)


def _sum_by_key(results: Sequence[Mapping[str, Any]], field: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for result in results:
        sums.update(result.get(field) or {})
    return sums


def _llm_text(use: Mapping[str, Any]) -> str:
    """Return what the LLM was asked and what that cost, "" when no request was made."""
    if not use.get("requests"):
        return ""
    rows = f"{count_text(use['rows'], 'row')} in {count_text(use['requests'], 'request')}"
    tokens = f"{use['prompt_tokens']:,} tokens in ({use['cached_tokens']:,} cached), {use['completion_tokens']:,} out"
    return f"{rows}, {tokens}, {use['cost_usd']:.4f} USD"
