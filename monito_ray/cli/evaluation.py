"""`monito eval`: how true the standardized fields are on labelled rows, and whether one fell since an earlier evaluation."""

import json
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import FAILED, INTERRUPTED, AsJson, app, print_json, read_settings, report_errors, stop_on_signal
from monito_ray.clients.output_paths import atomic_write
from monito_ray.errors import SettingsInvalid, UsageWrong

if TYPE_CHECKING:
    from monito_ray.evaluation.comparison import FieldChange
    from monito_ray.evaluation.labelled_rows import LabelledList
    from monito_ray.evaluation.recorded_answers import RecordedAnswers
    from monito_ray.evaluation.report import Cost, Report

    _Answers = tuple[()] | tuple[RecordedAnswers] | tuple[RecordedAnswers, Cost]

_EXAMPLES = """\b
Examples:
  monito eval                                       the built-in rules on the project's own rows
  monito eval my_rows/ --save before.json           on CSV files of yours; keep the figures
  monito eval my_rows/ --baseline before.json       exit code 1 where a field fell since
  monito eval --llm --record answers.json           with the LLM that is set; keep what it answered
  monito eval --answers answers.json                the same answers again, nothing asked

\b
A labelled list is a CSV file with the columns original_name and price, and those of section, brand, size_text, pack_text,
unit_text, category_text, price_tiers, currency, sku that the list has; and what is right as right_name, right_brand,
right_size, right_unit, right_pack_count, right_price_unit, right_category. docs/evaluation.md says what each holds.
"""
_TITLES = ("Field", "Right", "Share", "95 %", "Given", "Of these", "Off by", "Since")
_SHOWN_ROWS = 5


@app.command("eval", short_help="Measure how often each field is right.", epilog=_EXAMPLES)
def eval_command(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]", show_default=False, help="Labelled lists: CSV files or folders of them; none for the project's own."
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", show_default=False, help="Compare with this report, row by row.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", show_default=False, help="Keep the report for a later --baseline.")
    ] = None,
    llm: Annotated[bool, typer.Option("--llm", help="Ask the LLM that is set about the rows that the rules are unsure of.")] = False,
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE", show_default=False, help="Keep what the LLM answered.")] = None,
    recorded: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", show_default=False, help="Take these answers of --record instead of asking.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how often each standardized field is right, on rows whose truth is written down.

    The project brings labelled rows of its own making, in Indonesian, English, Russian and Spanish; a folder of yours says more about your lists.
    Given are the rows in which the field is not blank, and then the share of these that is right; "off by" is how far the confidence of
    the field is from the truth on average; "since" are points of a hundred since the baseline.

    Exit code: 0, 1 a field fell since the baseline or a file cannot be read, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    from monito_ray.evaluation.evaluate import evaluate  # noqa: PLC0415

    with report_errors():
        _check_options(llm=llm, record=record, recorded=recorded)
        lists = _lists(folders or ())
        report = evaluate(lists, *_answers(lists, record, recorded, llm=llm))
        changes = _changes(report, baseline)
        if save is not None:
            _save(report, save)
        _show(report, changes, as_json=as_json)
        raise typer.Exit(FAILED if any(change.fell for change in changes) else 0)


def _lists(paths: Sequence[Path]) -> "list[LabelledList]":
    from monito_ray.evaluation.labelled_rows import own_lists, read_lists  # noqa: PLC0415

    return [one for path in paths for one in read_lists(path)] if paths else list(own_lists())


def _check_options(*, llm: bool, record: Path | None, recorded: Path | None) -> None:
    if llm and recorded is not None:
        raise UsageWrong("--llm asks, and --answers takes what was answered before", "Give one of them.")
    if record is not None and not llm:
        raise UsageWrong("--record keeps what the LLM answers, and it is not asked", "Add --llm.")


def _answers(lists: "Sequence[LabelledList]", record: Path | None, recorded: Path | None, *, llm: bool) -> "_Answers":
    """Return the answers to measure with and what they took: none, those of a file, or those of the LLM."""
    from monito_ray.evaluation.recorded_answers import read_answers, write_answers  # noqa: PLC0415

    if recorded is not None:
        return (read_answers(recorded),)
    if not llm:
        return ()
    answers, cost = _ask(lists)
    if record is not None:
        with atomic_write(record) as temporary:
            write_answers(answers, temporary)
    return answers, cost


def _ask(lists: "Sequence[LabelledList]") -> "tuple[RecordedAnswers, Cost]":
    from monito_ray import log  # noqa: PLC0415
    from monito_ray.cli import progress  # noqa: PLC0415
    from monito_ray.evaluation.live import ask_about  # noqa: PLC0415

    settings = read_settings()
    if not settings.has_llm:
        raise SettingsInvalid("no LLM is set: OPENAI_API_KEY and OPENAI_BASE_URL are empty", "Set one of them, or leave out --llm.")
    log.configure()
    with stop_on_signal(signal.SIGINT) as stop:
        answered = ask_about(lists, settings, partial(progress.show_progress, stream=sys.stderr), stop)
        if stop.is_set():
            raise typer.Exit(INTERRUPTED)
        return answered


def _changes(report: "Report", baseline: Path | None) -> "list[FieldChange]":
    from monito_ray.evaluation.comparison import compare  # noqa: PLC0415
    from monito_ray.evaluation.labelled_rows import MOST_MB  # noqa: PLC0415
    from monito_ray.evaluation.report import from_json  # noqa: PLC0415
    from monito_ray.store.source_files import read_source_file  # noqa: PLC0415

    if baseline is None:
        return []
    return compare(report, from_json(read_source_file(baseline, MOST_MB).decode("utf-8", "replace"), baseline.name))


def _save(report: "Report", path: Path) -> None:
    from monito_ray.evaluation.report import to_json  # noqa: PLC0415

    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _show(report: "Report", changes: "Sequence[FieldChange]", *, as_json: bool) -> None:
    from monito_ray.evaluation.report import to_json  # noqa: PLC0415

    if as_json:
        fell = {
            change.field: {"points": round(change.points, 2), "worse": change.worse, "better": change.better, "fell": change.fell}
            for change in changes
        }
        print_json({**to_json(report), "changes": fell})
        return
    from monito_ray.cli import console  # noqa: PLC0415
    from monito_ray.cli.phrases import count_text  # noqa: PLC0415

    points = {change.field: change for change in changes}
    console.show_table(_TITLES, [_line(report, name, points.get(name)) for name in report.fields], sys.stdout)
    who = report.model or "rules alone"
    versions = f"reader {report.reader_version}, rules {report.rules_version}, prompt {report.prompt_version}"
    typer.echo(f"{count_text(len(report.verdicts), 'row')}, {who} ({versions}), {report.seconds:.1f} s")
    if report.cost.requests:
        cost = report.cost
        tokens = f"{cost.prompt_tokens:,} + {cost.completion_tokens:,} tokens"
        typer.echo(f"{cost.requests} requests, {tokens}, {cost.cost_usd:.4f} USD")
    for change in changes:
        if change.fell:
            typer.echo(f"{change.field} fell by {-change.points:.1f} points: {', '.join(change.worse[:_SHOWN_ROWS])} ...", err=True)


def _line(report: "Report", name: str, change: "FieldChange | None") -> tuple[str, ...]:
    truth = report.fields[name]
    if not truth.total:
        return (name.replace("_", " "), "none", *[""] * (len(_TITLES) - 2))
    low, high = truth.interval
    of_filled = f"{truth.filled_right / truth.filled:.3f}" if truth.filled else ""
    error = "" if truth.calibration_error is None else f"{truth.calibration_error:.3f}"
    since = "" if change is None else f"{change.points:+.1f}"
    counts, spread = f"{truth.right}/{truth.total}", f"{low:.2f}-{high:.2f}"
    return name.replace("_", " "), counts, f"{truth.share:.3f}", spread, f"{truth.filled}", of_filled, error, since
