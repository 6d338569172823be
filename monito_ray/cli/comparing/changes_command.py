"""`monito changes`: what changed from each supplier's list to its next one."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import AsJson, app, open_monito, print_json, report_errors, supplier_part
from monito_ray.cli.phrases import count_text, price_text

if TYPE_CHECKING:
    from decimal import Decimal

    from monito_ray.catalog.prices.change_log import LoggedChange
    from monito_ray.catalog.prices.list_ages import ListAge

_EXAMPLES = """\b
Examples:
  monito changes                       of the lists of the last 30 days
  monito changes --days 7 --supplier dewata
  monito changes --kind up,smaller_pack
"""
_TITLES = ("Product", "Before", "Now", "Currency", "Change")
#: What stands before the figures of a change that is more than another price.
_WORDS = {"new": "new", "gone": "gone", "back": "back", "smaller_pack": "smaller", "larger_pack": "larger", "currency": ""}


@app.command("changes", short_help="Show what changed from list to list.", epilog=_EXAMPLES)
def changes_command(
    days: Annotated[int, typer.Option(metavar="N", min=1, max=36_500, help="How far to look back: lists that came since.")] = 30,
    supplier: Annotated[str, typer.Option("--supplier", metavar="NAME", help="Only suppliers whose name has this in it.")] = "",
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND,…", help="Only these: up, down, new, gone, back, smaller_pack, larger_pack, currency.", show_default=False
        ),
    ] = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, help="Most changes to show.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Show what changed: prices, packs, articles that came or went; the newest list first, in it the greatest change first.

    Each list is compared with the one before it of the same supplier and kind, by the dates of the lists. Suppliers whose newest list is
    old by its own date are named below.
    """
    with report_errors():
        kinds = [name.strip() for name in kind.split(",") if name.strip()]
        with open_monito() as monito:
            supplier = supplier_part(monito, supplier)
            changes = monito.get_changes(timedelta(days=days), supplier, most, kinds)
            ages = monito.get_list_ages()
        if as_json:
            print_json([asdict(change) | _figures(change) for change in changes])
        elif changes:
            _show_changes(changes)
            if len(changes) == most:
                typer.echo(f"the first {count_text(most, 'change')}; --most shows more")
        else:
            typer.echo(f"nothing has changed in the last {days} days")
        if not as_json:
            _show_stale([age for age in ages if supplier.casefold() in age.supplier.casefold()])


def _figures(change: "LoggedChange") -> dict[str, float | None]:
    shares = {"share": change.relative_change, "base_share": change.relative_base_change}
    return {name: None if share is None else round(share, 4) for name, share in shares.items()}


def _show_changes(changes: "Sequence[LoggedChange]") -> None:
    """Print a table for each list, under the supplier and the dates."""
    from monito_ray.cli import console  # noqa: PLC0415

    for (name, _, _), own in groupby(changes, key=lambda change: (change.supplier, change.task_id, change.at)):
        of_list = list(own)
        typer.echo(f"{name}: {_list_dates_text(of_list)}")
        console.show_table(_TITLES, [_change_cells(change) for change in of_list], sys.stdout)
        for change in of_list:
            if change.suspicion:
                typer.echo(f"  ? {change.label}: {change.suspicion}")


def _show_stale(ages: "Sequence[ListAge]") -> None:
    """Name suppliers whose newest list is so old that its prices may no longer hold."""
    for age in ages:
        if age.is_stale:
            typer.echo(f"old: {age.supplier}, {age.text}")


def _list_dates_text(changes: "Sequence[LoggedChange]") -> str:
    """Return the dates of a list and of those before it: "list of 2026-06-01 after 2026-05-01"."""
    first = changes[0]
    own = f"list of {first.list_date}" if first.list_date else f"list that came {first.at:%Y-%m-%d}"
    earlier = sorted({change.list_date_before for change in changes if change.list_date_before})
    return f"{own} after {earlier[-1]}" if earlier else own


def _change_cells(change: "LoggedChange") -> tuple[str, ...]:
    has_other_pack = change.pack_before and change.pack != change.pack_before and change.price_before is not None
    label = f"{change.label} (was {change.pack_before})" if has_other_pack else change.label
    unit = "/".join(part for part in (change.currency, change.price_unit) if part)
    before = _price_or_blank(change.price_before)
    if change.currency_before not in ("", change.currency):
        before += f" {change.currency_before}"
    return label, before, _price_or_blank(change.price), unit, _change_text(change)


def _price_or_blank(price: "Decimal | None") -> str:
    return "" if price is None else price_text(price)


def _change_text(change: "LoggedChange") -> str:
    """Return "+4.7%", "new", "back +4.7%", or for another pack what the base price changed by: "smaller +11.1%/kg"."""
    is_pack = change.pack != change.pack_before and change.relative_base_change is not None
    share = change.relative_base_change if is_pack else change.relative_change
    figure = "" if not share else f"{share:+.1%}{f'/{change.base_unit}' if is_pack else ''}"
    words = (
        _WORDS.get(change.kind, ""),
        f"currency changed from {change.currency_before} to {change.currency}" if change.has_other_currency else "",
    )
    return " ".join(part for part in (*words, figure, "?" if change.suspicion else "") if part)
