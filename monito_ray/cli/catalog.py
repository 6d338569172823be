"""The commands that ask, correct and export the catalogue."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_json, print_result, report_errors, supplier_part
from monito_ray.cli.phrases import count_text, price_text
from monito_ray.clients.output_paths import check_writable, destinations

if TYPE_CHECKING:
    from monito_ray.catalog.sheets.review import ReviewEntry

_REVIEW_EXAMPLES = """\b
Examples:
  monito review                        what needs a person
  monito review --supplier dewata --json | jq '.[].why'
  monito review --apply corrected.xlsx a copy of catalog.xlsx in which you have put right Product, Brand,
                                       Size, Unit, Pack or Category (Master Table, Review), or answered what Same asks
"""
_EXPORT_EXAMPLES = """\b
Examples:
  monito export --out all.xlsx
  monito export --out all.parquet      for pandas, DuckDB or a warehouse
"""
_SupplierPart = Annotated[str, typer.Option("--supplier", metavar="NAME", help="Only suppliers whose name has this in it.")]


@app.command("review", short_help="Show rows that need a person, take corrections.", epilog=_REVIEW_EXAMPLES)
def review_command(
    supplier: _SupplierPart = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most rows to show.")] = 200,
    apply: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="Apply what you put right in a copy of the workbook.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which rows of the catalogue need a person and why, the least sure first, or apply what a person put right.

    They are the rows of the sheet Review. `monito explain FILE` says more about how a list was read.
    """
    with report_errors():
        if apply is not None:
            _apply_corrections(apply, as_json=as_json)
            return
        with open_monito() as monito:
            entries = monito.get_review(supplier_part(monito, supplier))
        if as_json:
            print_json([asdict(entry.row) | {"why": list(entry.why)} for entry in entries[:most]])
        elif entries:
            _show_review(entries[:most], len(entries))
        else:
            typer.echo("no row needs a person")


@app.command("export", short_help="Write the whole catalogue into a file.", epilog=_EXPORT_EXAMPLES)
def export_command(
    out: Annotated[Path, typer.Option(metavar="PATH", show_default=False, help="Where to: .xlsx, .csv, .jsonl or .parquet.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole catalogue: a row for each row of the suppliers' lists that stand."""
    with report_errors():
        from monito_ray.clients import exports  # noqa: PLC0415

        ((path, output_format),) = destinations([Path("catalog")], out, None)
        check_writable(path)
        with open_monito() as monito:
            columns, tables = monito.export_tables()
            count = exports.write_tables("Catalogue", columns, tables, path, output_format)
        print_result({"rows": count, "outputs": [str(path)]}, f"{count:,} rows: {path}", as_json=as_json)


def _apply_corrections(path: Path, *, as_json: bool) -> None:
    with open_monito() as monito:
        edits = monito.correct(path)
    if as_json:
        print_json(
            {
                "corrected": len(edits.corrections),
                "linked": len(edits.links),
                "confirmed": len(edits.confirmed),
                "refused": list(edits.refused),
            }
        )
    else:
        count = count_text(len(edits.corrections), "row")
        taken = count_text(len(edits.links) + len(edits.confirmed), "answer")
        typer.echo(f"{count} corrected, {taken} taken; they hold now and for all lists to come")
    for reason in edits.refused:
        typer.echo(f"monito: {path.name}, {reason}", err=True)
    if edits.corrections or edits.links or edits.confirmed:
        from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415

        workbook_drawing.draw_workbook_in_subprocess()
    if edits.refused:
        raise typer.Exit(FAILED)


def _show_review(entries: "Sequence[ReviewEntry]", total: int) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    rows = []
    for entry in entries:
        row = entry.row
        price = f"{price_text(row.price)} {row.currency}".strip()
        source = f"{row.source_file}, {row.source_sheet}, row {row.source_row}"
        rows.append(("; ".join(entry.why), row.original_name, row.supplier, price, source))
    console.show_texts(("Why", "Name", "Supplier", "Price", "Where"), rows, sys.stdout)
    if total > len(entries):
        typer.echo(f"{total - len(entries):,} more; --most shows them")
