"""The command that tells why a list is read as it is."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, print_json, read_settings, report_errors

if TYPE_CHECKING:
    from monito_ray.pipeline.explanation import ColumnSeen, Explanation, SheetSeen, TableSeen

_EXAMPLES = """\b
Examples:
  monito explain june.xlsx                         tables, columns, rejected rows
  monito explain june.xlsx | less
  monito explain june.xlsx --json | jq '.rejected[] | select(.reason == "no_price")'
"""


@app.command(epilog=_EXAMPLES)
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False, help="A price list.")],
    as_json: AsJson = False,
) -> None:
    """Tell why a list is read as it is: the tables on each sheet, what each column is taken for, why rows are rejected.

    Nothing is kept and no LLM is asked. Exit code: 0 the list can be read, 1 it cannot, 2 wrong usage.
    """
    with report_errors():
        from monito_ray.jobs.submission import read_source_file  # noqa: PLC0415
        from monito_ray.pipeline.explanation import explain  # noqa: PLC0415
        from monito_ray.pipeline.rows.price_list import Hints  # noqa: PLC0415

        chosen = read_settings()
        found = explain(read_source_file(file, chosen.max_file_mb), file.name, Hints(fallback_currency=chosen.currency))
        if as_json:
            print_json(asdict(found))
        else:
            _show(found)
        if found.failure:
            typer.echo(f"monito: {found.failure}", err=True)
            raise typer.Exit(FAILED)


def _show(found: "Explanation") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    for line in _head(found):
        typer.echo(line)
    for sheet in found.sheets:
        typer.echo(f"\nSheet {sheet.name!r}, {console.count_text(sheet.rows, 'row')}")
        _show_sheet(sheet)
    for note in found.notes:
        typer.echo(f"\nNote: {note}")
    if found.rejected:
        typer.echo(f"\nRejected: {console.count_text(len(found.rejected), 'row')}")
        rows = [(row.sheet, str(row.row), row.name, row.why) for row in found.rejected]
        console.show_texts(("Sheet", "Row", "Name", "Why"), rows, sys.stdout)


def _head(found: "Explanation") -> Iterator[str]:
    said = {"supplier": found.supplier, "currency": found.currency, "list of": found.list_date, "tax": found.tax_note}
    about = ", ".join(f"{name} {value}" for name, value in said.items() if value)
    yield f"{found.file_name}: {found.rows_found:,} rows found, {found.rows_written:,} are offers{f'; {about}' if about else ''}"


def _show_sheet(sheet: "SheetSeen") -> None:
    for table in sheet.tables:
        typer.echo(f"  {_place(table)}")
        _show_columns(table.columns)
        if table.doubt:
            typer.echo(f"  Not sure: {table.doubt}")
    if not sheet.tables:
        typer.echo("  no table with names and prices" if sheet.columns else "  empty")
        _show_columns(sheet.columns)


def _place(table: "TableSeen") -> str:
    header = "without a header"
    if table.header_rows:
        header = f"header on row{'s' * (len(table.header_rows) > 1)} {' and '.join(map(str, table.header_rows))}"
    return f"Table on rows {table.first_row} to {table.last_row}, {header}"


def _show_columns(columns: "tuple[ColumnSeen, ...]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    if columns:
        rows = [(column.letter, column.title, column.role or "-", "; ".join(column.evidence)) for column in columns]
        console.show_texts(("Column", "Title", "Taken for", "Because"), rows, sys.stdout)
