"""The commands that ask the catalogue."""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_json, report_errors
from monito_ray.clients.output_paths import check_writable, destinations

if TYPE_CHECKING:
    from monito_ray.catalog.offers import Offer
    from monito_ray.catalog.price_changes import PriceChange
    from monito_ray.catalog.review import ReviewEntry
    from monito_ray.catalog.search import SearchResult

_PRICES_EXAMPLES = """\b
Examples:
  monito prices beras                  everything that is rice
  monito prices "minyak goreng 2 l"    of that size
  monito prices bimoli --json | jq '.[0].offers[0].price'
"""
_CHANGES_EXAMPLES = """\b
Examples:
  monito changes                       of the last 30 days
  monito changes --days 7 --supplier dewata
"""


_REVIEW_EXAMPLES = """\b
Examples:
  monito review                        what needs a person
  monito review --supplier dewata --json | jq '.[].why'
  monito review --apply corrected.xlsx a copy of catalog.xlsx in whose sheet Review you have put right
                                       Product, Brand, Size, Unit, Pack or Category
"""


@app.command(epilog=_PRICES_EXAMPLES)
def prices(
    query: Annotated[list[str], typer.Argument(metavar="QUERY...", show_default=False, help="Words of name, brand, size or category.")],
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most products to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Tell who sells a product, and for how much; the best price comes first."""
    with report_errors():
        asked = " ".join(query)
        with open_monito() as monito:
            found = monito.get_prices(asked, most)
        if as_json:
            print_json([asdict(one.product) | {"offers": [_offer(offer) for offer in one.offers]} for one in found])
        elif found:
            _show_prices(found)
        if not found:
            typer.echo(f"monito: the catalogue has no product for {asked!r}. Try fewer words.", err=True)
            raise typer.Exit(FAILED)


@app.command(epilog=_CHANGES_EXAMPLES)
def changes(
    days: Annotated[int, typer.Option(metavar="N", min=1, max=36_500, help="How far to look back.")] = 30,
    supplier: Annotated[str, typer.Option(metavar="NAME", help="Only suppliers whose name has this in it.")] = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most changes to show.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Tell which prices moved: the newest list first, in it the greatest change first."""
    with report_errors():
        with open_monito() as monito:
            found = monito.get_changes(timedelta(days=days), supplier, most)
        if as_json:
            print_json([asdict(move) | {"share": round(move.relative_change, 4)} for move in found])
        elif found:
            _show_changes(found)
        else:
            typer.echo(f"no price has changed in the last {days} days")


@app.command(epilog=_REVIEW_EXAMPLES)
def review(
    supplier: Annotated[str, typer.Option(metavar="NAME", help="Only suppliers whose name has this in it.")] = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most rows to show.")] = 200,
    apply: Annotated[Path | None, typer.Option(metavar="FILE", show_default=False, help="Keep what you put right in a copy.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell which rows of the catalogue need a person, and why; the least sure come first. Or keep what a person put right.

    They are those of the sheet Review. `monito explain FILE` tells more about how a list was read.
    """
    with report_errors():
        if apply is not None:
            _correct(apply, as_json=as_json)
            return
        with open_monito() as monito:
            found = monito.get_review(supplier)
        if as_json:
            print_json([asdict(entry.row) | {"why": list(entry.why)} for entry in found[:most]])
        elif found:
            _show_review(found[:most], len(found))
        else:
            typer.echo("no row needs a person")


def _correct(path: Path, *, as_json: bool) -> None:
    with open_monito() as monito:
        found = monito.correct(path)
    if as_json:
        print_json({"corrected": len(found.corrections), "refused": list(found.refused)})
    else:
        files = sorted({row.source_file for row, _ in found.corrections})
        count = len(found.corrections)
        typer.echo(f"{count:,} {'row' if count == 1 else 'rows'} corrected; it holds from their suppliers' next lists on")
        if files:
            typer.echo(f"to see it now, send them again: monito submit --force {shlex.join(files)}")
    for why in found.refused:
        typer.echo(f"monito: {path.name}, {why}", err=True)
    if found.refused:
        raise typer.Exit(FAILED)


@app.command()
def export(
    out: Annotated[Path, typer.Option(metavar="PATH", show_default=False, help="Where to: .xlsx, .csv, .jsonl or .parquet.")],
    as_json: AsJson = False,
) -> None:
    """Write the whole catalogue: a row for each product, pack, supplier and currency."""
    with report_errors():
        from monito_ray.clients import exports  # noqa: PLC0415

        ((place, form),) = destinations([Path("catalog")], out, None)
        check_writable(place)
        with open_monito() as monito:
            frame = monito.export()
        exports.write_frame("Catalogue", frame, place, form)
        if as_json:
            print_json({"rows": len(frame), "outputs": [str(place)]})
        else:
            typer.echo(f"{len(frame):,} rows: {place}")


def _show_prices(found: "list[SearchResult]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    titles = ("Product", "Supplier", "Price", "", "Per unit", "Updated")
    console.show_table(titles, [cells for one in found for cells in _price_lines(one)], sys.stdout)


def _price_lines(one: "SearchResult") -> Iterator[tuple[str, ...]]:
    """A product's offers, the product named in the first."""
    for place, offer in enumerate(one.offers):
        base = f"{amount(offer.base_price)}/{offer.base_unit}" if offer.base_price is not None else ""
        name = one.product.label if place == 0 else ""
        yield name, offer.supplier, amount(offer.price), offer.currency, base, f"{offer.updated:%Y-%m-%d}"


def _show_review(shown: "list[ReviewEntry]", of: int) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    titles = ("Why", "Name", "Supplier", "Price", "Where")
    rows = [
        (
            "; ".join(entry.why),
            entry.row.original_name,
            entry.row.supplier,
            f"{amount(entry.row.price)} {entry.row.currency}".strip(),
            f"{entry.row.source_file}, {entry.row.source_sheet}, row {entry.row.source_row}",
        )
        for entry in shown
    ]
    console.show_texts(titles, rows, sys.stdout)
    if of > len(shown):
        typer.echo(f"{of - len(shown):,} more; --most shows them")


def _show_changes(found: "list[PriceChange]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    titles = ("Product", "Supplier", "Before", "Now", "", "Change", "On")
    rows = [
        (
            move.product.label,
            move.supplier,
            amount(move.before),
            amount(move.after),
            move.currency,
            f"{move.relative_change:+.1%}",
            f"{move.at:%Y-%m-%d}",
        )
        for move in found
    ]
    console.show_table(titles, rows, sys.stdout)


def amount(number: Decimal) -> str:
    """A price as people write it: thousands apart, decimals where there are any."""
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,.2f}"


def _offer(offer: "Offer") -> dict[str, Any]:
    names = ("supplier", "currency", "price", "base_price", "base_unit", "updated")
    where = {name: getattr(offer.row, name) for name in ("original_name", "source_file", "source_sheet", "source_row")}
    return {name: getattr(offer, name) for name in names} | where
