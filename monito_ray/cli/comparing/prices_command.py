"""`monito prices`: who sells a product, and for how much."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import FAILED, AsJson, app, echo_error, open_monito, print_json, report_errors
from monito_ray.cli.phrases import base_price_text, price_text

if TYPE_CHECKING:
    from monito_ray.catalog.offers import Offer
    from monito_ray.catalog.search.find import SearchResult

_EXAMPLES = """\b
Words may be in English, Indonesian, Russian or Spanish, misspelt, a question, a size or an article number.
Examples:
  monito prices beras                  everything that is rice
  monito prices "minyak goreng 2 l"    of that size
  monito prices harga telur berapa     the same as: monito prices eggs
  monito prices bimoli --json | jq '.[0].offers[0].price'
"""
_TITLES = ("Product", "Supplier", "Price", "Currency", "Per unit", "List of")


@app.command("prices", short_help="Show who sells a product, for how much.", epilog=_EXAMPLES)
def prices_command(
    query: Annotated[
        list[str],
        typer.Argument(metavar="QUERY...", show_default=False, help="Words of name, brand, size or category, or an article number."),
    ],
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most products to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show who sells a product and for how much: what is meant before what only mentions it, the cheapest by base price first."""
    with report_errors():
        words = " ".join(query)
        with open_monito() as monito:
            results = monito.get_prices(words, most + 1)  # one more, to see whether there are more
        matches = results[:most]
        if as_json:
            print_json([_match_json(match) for match in matches])
        elif matches:
            _show_matches(matches)
            if len(results) > most:
                typer.echo(f"and more: `--most {2 * most}` shows them")
        if not matches:
            echo_error(f"monito: the catalogue has no product for {words!r}", "Try fewer words.")
            raise typer.Exit(FAILED)


def _show_matches(matches: "Sequence[SearchResult]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    missing = matches[0].missing
    if missing:
        typer.echo(f"nothing has all words; without {', '.join(map(repr, missing))}:", err=True)
    console.show_table(_TITLES, [row for match in matches for row in _offer_rows(match)], sys.stdout)
    for match in matches:
        for offer in match.offers:
            if offer.suspicion:
                typer.echo(f"  ? {match.product.label}, {offer.supplier}: {offer.suspicion}")


def _offer_rows(match: "SearchResult") -> Iterator[tuple[str, ...]]:
    """Yield a row for each offer, the product, with what the price is for, named in the first."""
    for index, offer in enumerate(match.offers):
        base = f"{base_price_text(offer.base_price)}/{offer.base_unit}" if offer.base_price is not None else ""
        name = match.product.label if index == 0 else ""
        price = f"{price_text(offer.price)}{' ?' if offer.suspicion else ''}"
        yield name, offer.supplier, price, offer.currency, base, _list_date_text(offer.listed_on)


def _list_date_text(listed_on: date) -> str:
    """Return the date of a list, and that it is so old that its price may no longer hold."""
    from monito_ray.catalog.prices.staleness import is_stale  # noqa: PLC0415

    return f"{listed_on}{' old' if is_stale(listed_on, datetime.now(UTC).date()) else ''}"


def _match_json(match: "SearchResult") -> dict[str, Any]:
    return asdict(match.product) | {"missing": list(match.missing), "offers": [_offer_json(offer) for offer in match.offers]}


def _offer_json(offer: "Offer") -> dict[str, Any]:
    fields = ("offer_id", "supplier", "currency", "price", "base_price", "base_unit", "listed_on", "updated", "suspicion")
    source_fields = ("original_name", "price_unit", "source_file", "source_sheet", "source_row")
    return {name: getattr(offer, name) for name in fields} | {name: getattr(offer.row, name) for name in source_fields}
