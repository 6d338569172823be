"""The sheet of changes: what moved since each supplier's last list, the suppliers of the newest lists first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.sheets.sheet_titles import with_room_for
from monito_ray.sheet_model import Cell, CellMark, Column, ColumnKind, PlannedSheet

CHANGES = "Changes"
#: A supplier's articles of one kind beyond these are counted in a line: a shop that replaces its list has thousands of new articles.
MOST_OF_A_KIND = 300
_COLUMNS = (
    Column("Supplier", width=28),
    Column("What", width=16),
    Column("Product", width=42),
    Column("Before", ColumnKind.MONEY, 13),
    Column("Now", ColumnKind.MONEY, 13),
    Column("Currency", width=12),
    Column(
        "Change",
        ColumnKind.CHANGE,
        10,
        has_scale=True,
        note="Of the price; of a smaller or larger pack, of the price for one kg, l or piece.",
    ),
    Column("Pack", width=26),
    Column("List Date", ColumnKind.DATE, 12),
    Column("List Before", ColumnKind.DATE, 12),
    Column("Original Name", width=42),
    Column("Doubt", width=44, note="Why the new price may be wrong."),
    Column("Offer ID", hidden=True),
)
_WHAT, _AFTER, _CHANGE, _PRODUCT, _DOUBT = 1, 4, 6, 2, 11
_WORDS = {
    ChangeKind.UP: "dearer",
    ChangeKind.DOWN: "cheaper",
    ChangeKind.SMALLER_PACK: "smaller pack",
    ChangeKind.LARGER_PACK: "larger pack",
    ChangeKind.CURRENCY: "currency changed",
    ChangeKind.BACK: "back again",
    ChangeKind.NEW: "new",
    ChangeKind.GONE: "gone",
}
#: The order within a supplier: first what costs money.
_RANKS = {ChangeKind.BACK: 1, ChangeKind.NEW: 2, ChangeKind.GONE: 3}
_MARKS = {
    ChangeKind.UP: CellMark.DEARER,
    ChangeKind.SMALLER_PACK: CellMark.DEARER,
    ChangeKind.DOWN: CellMark.CHEAPER,
    ChangeKind.LARGER_PACK: CellMark.CHEAPER,
}


def changes_sheet(changes: Iterable[LoggedChange]) -> PlannedSheet:
    """Plan the sheet; of each supplier the changes with the most money at stake come first, then what is new, then what is gone."""
    rows: list[tuple[Cell, ...]] = []
    marked: dict[int, dict[int, CellMark]] = {}
    by_supplier = _by_supplier(changes)
    suppliers = [supplier for supplier, _ in by_supplier]
    for supplier, own in by_supplier:
        for rank in sorted({_rank(change) for change in own}):
            group = sorted((change for change in own if _rank(change) == rank), key=_order)
            for change in group[:MOST_OF_A_KIND]:
                if change.kind in _MARKS:
                    marked[len(rows)] = dict.fromkeys((_WHAT, _AFTER), _MARKS[change.kind])
                if change.suspicion:
                    marked.setdefault(len(rows), {}).update(dict.fromkeys((_AFTER, _DOUBT), CellMark.SUSPICIOUS))
                rows.append(_cells(change))
            if len(group) > MOST_OF_A_KIND:
                marked[len(rows)] = {_PRODUCT: CellMark.NOTICE}
                rows.append(_rest(supplier, group))
    return PlannedSheet(CHANGES, with_room_for(suppliers, _COLUMNS), rows, 3, marked)


def money_at_stake(change: LoggedChange) -> Decimal:
    """Return by how much more or less a buyer pays for what the article was before, 0 where that cannot be said."""
    if change.price is None or change.price_before is None or change.currency != change.currency_before:
        return Decimal(0)
    if change.kind in (ChangeKind.SMALLER_PACK, ChangeKind.LARGER_PACK) and change.relative_base_change is not None:
        return abs(change.price_before * Decimal(change.relative_base_change))
    return abs(change.price - change.price_before)


def shown_change(change: LoggedChange) -> float | None:
    """Return what the change is of: the price; of a smaller or larger pack, the price for one kg, l or piece."""
    is_pack = change.kind in (ChangeKind.SMALLER_PACK, ChangeKind.LARGER_PACK)
    return change.relative_base_change if is_pack else change.relative_change


def _by_supplier(changes: Iterable[LoggedChange]) -> list[tuple[str, list[LoggedChange]]]:
    groups: dict[str, list[LoggedChange]] = defaultdict(list)
    for change in changes:
        groups[change.supplier].append(change)
    newest = {supplier: max(change.listed_on for change in own) for supplier, own in groups.items()}
    return sorted(groups.items(), key=lambda group: (-newest[group[0]].toordinal(), group[0].casefold(), group[0]))


def _rank(change: LoggedChange) -> int:
    return _RANKS.get(change.kind, 0)


def _order(change: LoggedChange) -> tuple[object, ...]:
    price = change.price if change.price is not None else change.price_before or Decimal(0)
    return -money_at_stake(change), -price, change.label, change.offer_id


def _cells(change: LoggedChange) -> tuple[Cell, ...]:
    is_pack = change.kind in (ChangeKind.SMALLER_PACK, ChangeKind.LARGER_PACK)
    return (
        change.supplier,
        _WORDS[change.kind],
        change.label,
        change.price_before,
        change.price,
        f"{change.currency_before} → {change.currency}" if change.has_other_currency else change.currency,
        shown_change(change),
        f"{change.pack_before} → {change.pack}" if is_pack else change.pack,
        change.listed_on,
        change.list_date_before,
        change.original_name,
        change.suspicion or None,
        change.offer_id,
    )


def _rest(supplier: str, group: Sequence[LoggedChange]) -> tuple[Cell, ...]:
    """Return the line that stands for the changes that are not shown."""
    kinds = sorted({_WORDS[change.kind] for change in group[MOST_OF_A_KIND:]})
    text = f"and {len(group) - MOST_OF_A_KIND:,} more"
    return (supplier, ", ".join(kinds), text, None, None, None, None, None, group[0].listed_on, None, None, None, None)
