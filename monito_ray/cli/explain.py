"""`monito explain`: why a list is read as it is."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, print_json, read_settings, report_errors
from monito_ray.cli.inputs import input_files
from monito_ray.cli.phrases import count_text, price_text

if TYPE_CHECKING:
    from monito_ray.pipeline.explanation.column_explanation import ExplainedColumn, ExplainedScore
    from monito_ray.pipeline.explanation.lines_explanation import ExplainedOffer, ExplainedText
    from monito_ray.pipeline.explanation.list_explanation import ExplainedSheet, Explanation
    from monito_ray.pipeline.explanation.table_explanation import ExplainedTable
    from monito_ray.pipeline.rows.price_list import Hints
    from monito_ray.settings import Settings

_EXAMPLES = """\b
Examples:
  monito explain june.xlsx                         tables or lines, columns, rejected rows
  monito explain lists/                            every list of a folder
  monito explain june.xlsx --why | less            and the points that decided what each column is taken for
  monito explain june.xlsx --columns price=F       as it would be read with the prices in column F
  monito explain photo.jpg --png seen              each page as it was seen, with what was read of it, in the folder `seen`
  monito explain june.xlsx --json | jq '.rejected[] | select(.reason == "no_price")'
"""


@app.command("explain", short_help="Show why a list is read as it is.", epilog=_EXAMPLES)
def explain_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", show_default=False, help="A price list; a folder for all in it; - for standard input.")
    ],
    columns: Annotated[str, typer.Option("--columns", metavar="ROLE=COLUMN,...", help="Read it by these columns: name=B,price=F.")] = "",
    sheet: Annotated[list[str] | None, typer.Option("--sheet", metavar="NAME", help="Read this sheet alone.")] = None,
    show_points: Annotated[bool, typer.Option("--why", help="Show the points for and against each column, too.")] = False,
    png: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Draw the pages of pictures, with what was read, as PNG into it.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show why a list is read as it is: the tables or lines of each sheet, what each column is taken for, why rows are rejected.

    Nothing is kept and no LLM is asked. Exit code: 0 the list can be read, 1 it cannot, 2 wrong usage.
    """
    with report_errors():
        settings = read_settings()
        hints = _hints(columns, sheet, settings)
        with input_files([file], settings.max_file_mb) as paths:
            are_readable = [_explain_file(path, hints, settings, png=png, show_points=show_points, as_json=as_json) for path in paths]
        if not all(are_readable):
            raise typer.Exit(FAILED)


def _hints(columns: str, sheet: list[str] | None, settings: "Settings") -> "Hints":
    from monito_ray.pipeline.rows.chosen_columns import parse_columns, sheet_names  # noqa: PLC0415
    from monito_ray.pipeline.rows.price_list import Hints  # noqa: PLC0415

    chosen = parse_columns(columns) if columns else {}
    return Hints(fallback_currency=settings.currency, columns=chosen, sheets=sheet_names(sheet))


def _explain_file(path: Path, hints: "Hints", settings: "Settings", *, png: Path | None, show_points: bool, as_json: bool) -> bool:
    """Show how a file is read; False when it cannot be."""
    from monito_ray.isolation.file_reading import read_isolated  # noqa: PLC0415
    from monito_ray.pipeline.explanation.list_explanation import explain  # noqa: PLC0415
    from monito_ray.store.source_files import read_source_file  # noqa: PLC0415

    with report_errors(continues=True):
        explanation = read_isolated(explain, read_source_file(path, settings.max_file_mb), path.name, hints)
        drawn = _draw_pages(explanation, png) if png else []
        if as_json:
            print_json(asdict(replace(explanation, pages=())) | {"pages": [str(path) for path in drawn]})
        else:
            _show(explanation, show_points=show_points)
        for path_drawn in drawn if not as_json else ():
            typer.echo(f"\nDrawn: {path_drawn}")
        if explanation.failure:
            typer.echo(f"monito: {explanation.failure}", err=True)
        return not explanation.failure
    return False


def _draw_pages(explanation: "Explanation", folder: Path) -> list[Path]:
    """Draw the pages of a list that is pictures into a folder."""
    from monito_ray.clients.pictures.page_png import draw_page  # noqa: PLC0415

    if not explanation.pages:
        typer.echo(f"monito: {explanation.file_name}: no page of it is a picture with offers, so none is drawn", err=True)
    if unplaced := sum(not offer.lines for page in explanation.pages for offer in page.offers):
        typer.echo(
            f"monito: {explanation.file_name}: not drawn: {count_text(unplaced, 'offer')} of which it is not sure where they stand",
            err=True,
        )
    # With the whole name: photo.jpg and photo.pdf are two lists.
    return [draw_page(page, folder / f"{explanation.file_name}-{number}.png") for number, page in enumerate(explanation.pages, start=1)]


def _show(explanation: "Explanation", *, show_points: bool) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    typer.echo(_summary_line(explanation))
    for sheet in explanation.sheets:
        typer.echo(f"\nSheet {sheet.name!r}, {count_text(sheet.rows, 'row')}")
        _show_sheet(sheet, show_points=show_points)
    for note in explanation.notes:
        typer.echo(f"\nNote: {note}")
    _show_certainty(explanation)
    if explanation.rejected:
        typer.echo(f"\nRejected: {count_text(len(explanation.rejected), 'row')}")
        rows = [(row.sheet, str(row.row), row.name, row.why) for row in explanation.rejected]
        console.show_texts(("Sheet", "Row", "Name", "Why"), rows, sys.stdout)


def _show_certainty(explanation: "Explanation") -> None:
    """Show how sure the list is read, and the amounts that were not read."""
    from monito_ray.cli import console  # noqa: PLC0415

    if not explanation.failure:
        typer.echo(f"\nProbably right: {explanation.predicted_share:.0%} of the rows")
    for doubt in explanation.doubts:
        typer.echo(f"Doubt: {doubt}")
    if explanation.unread_amounts:
        shown = f", the first {len(explanation.unread_amounts)}" if explanation.unread_count > len(explanation.unread_amounts) else ""
        typer.echo(f"\nNot read: {count_text(explanation.unread_count, 'amount')}{shown}")
        rows = [(cell.sheet, f"{cell.column}{cell.row}", cell.text) for cell in explanation.unread_amounts]
        console.show_texts(("Sheet", "Cell", "Text"), rows, sys.stdout)


def _summary_line(explanation: "Explanation") -> str:
    facts = {
        "supplier": explanation.supplier,
        "currency": explanation.currency,
        "list of": explanation.list_date,
        "tax": explanation.tax_note,
    }
    about = ", ".join(f"{name} {value}" for name, value in facts.items() if value)
    counts = f"{explanation.rows_found:,} rows found, {explanation.rows_written:,} are offers"
    return f"{explanation.file_name}: {counts}{f'; {about}' if about else ''}"


def _show_sheet(sheet: "ExplainedSheet", *, show_points: bool) -> None:
    for table in sheet.tables:
        typer.echo(f"  {_position(table)}")
        _show_columns(table.columns, show_points=show_points)
        for runner_up in table.runners_up if show_points or table.doubt else ():
            typer.echo(f"  Next best: {runner_up}")
        if table.doubt:
            leads = f" ({'; '.join(table.leads)})" if show_points else ""
            typer.echo(f"  Not sure: {table.doubt}{leads}")
    if sheet.text:
        _show_text(sheet.text)
    elif not sheet.tables:
        typer.echo("  no table with names and prices" if sheet.columns else "  empty")
        _show_columns(sheet.columns, show_points=show_points)


def _show_text(text: "ExplainedText") -> None:
    """Show a text that was read line by line: its first offers, and its first lines with an unread amount."""
    from monito_ray.cli import console  # noqa: PLC0415

    as_tables = "beside the tables" if text.offers_as_tables is None else f"as tables {text.offers_as_tables:,}"
    typer.echo(f"  read as running text: {count_text(text.offer_count, 'offer')} in {count_text(text.line_count, 'line')}; {as_tables}")
    console.show_texts(("Line", "Section", "Name", "Price", "Other prices"), [*map(_offer_row, text.offers)], sys.stdout)
    if text.offer_count > len(text.offers):
        typer.echo(f"  and {text.offer_count - len(text.offers):,} more")
    if text.unread_lines:
        typer.echo(f"  {count_text(text.unread_count, 'line')} with an amount that became no price")
        console.show_texts(("Line", "Text"), [(str(line.line), line.text) for line in text.unread_lines], sys.stdout)


def _offer_row(offer: "ExplainedOffer") -> tuple[str, ...]:
    tiers = "; ".join(f"{label}: {price_text(price)}" for label, price in offer.tiers.items())
    return str(offer.line), offer.section, offer.name, price_text(offer.price), tiers


def _position(table: "ExplainedTable") -> str:
    header = "without a header"
    if table.header_rows:
        header = f"header on row{'s' * (len(table.header_rows) > 1)} {' and '.join(map(str, table.header_rows))}"
    return f"Table on rows {table.first_row} to {table.last_row}, {header}"


def _show_columns(columns: "tuple[ExplainedColumn, ...]", *, show_points: bool) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    if not columns:
        return
    rows = [(column.letter, column.title, column.role or "-", "; ".join(column.evidence)) for column in columns]
    console.show_texts(("Column", "Title", "Taken for", "Because"), rows, sys.stdout)
    if show_points:
        points = [(column.letter, *_points_row(score)) for column in columns for score in column.scores]
        console.show_texts(("Column", "As", "Points", "Needs", "Sum of"), points, sys.stdout)


def _points_row(score: "ExplainedScore") -> tuple[str, str, str, str]:
    terms = ", ".join(f"{term.points:+.2f} {term.label}" for term in score.terms)
    return score.role, f"{score.points:.2f}", f"{score.floor:.2f}", terms
