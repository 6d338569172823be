"""The plan of the workbook: the master table, what changed, what may be one product, what needs a person, a sheet for each supplier."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields

from monito_ray.catalog.offers import Offer, Snapshot
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.sheets.changes_sheet import CHANGES, changes_sheet
from monito_ray.catalog.sheets.charts_sheet import CHARTS, PriceLine, charts_sheet
from monito_ray.catalog.sheets.master_table import MASTER, master_table
from monito_ray.catalog.sheets.review import review_entries
from monito_ray.catalog.sheets.review_sheet import REVIEW, review_sheet
from monito_ray.catalog.sheets.same_sheet import SAME, Suggestion, same_sheet
from monito_ray.catalog.sheets.sheet_titles import sheet_titles
from monito_ray.records import ProductRow
from monito_ray.sheet_model import Cell, PlannedSheet, record_columns

#: Titles that Excel refuses, since it uses them itself.
_RESERVED = ("history",)
#: The sheets that are not of one supplier.
OWN_TITLES = (MASTER, CHANGES, SAME, REVIEW, CHARTS)
_ROW_FIELDS = tuple(field.name for field in fields(ProductRow))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the sheets show, at one moment."""

    snapshot: Snapshot
    #: What each supplier's last list changed.
    changes: Sequence[LoggedChange] = ()
    #: Offers that may be one product, the most important question first.
    suggestions: Sequence[Suggestion] = ()


def plan_workbook(catalogue: Catalogue, taken: Collection[str] = ()) -> tuple[PlannedSheet, ...]:
    """Plan the whole workbook: the sheets of all suppliers, then one for each supplier in order of name.

    No supplier's sheet has one of the titles in `taken`.
    """
    rows = _supplier_rows(catalogue.snapshot.offers)
    suppliers = sorted(rows, key=lambda name: (name.casefold(), name))
    titles = sheet_titles(suppliers, (*OWN_TITLES, *_RESERVED, *taken))
    return (
        master_table(catalogue.snapshot, suppliers),
        changes_sheet(catalogue.changes),
        same_sheet(catalogue.suggestions),
        review_sheet(review_entries(catalogue.snapshot)),
        *(PlannedSheet(titles[name], record_columns(_ROW_FIELDS), rows[name], 2) for name in suppliers),
    )


def with_charts(sheets: Sequence[PlannedSheet], changes: Sequence[LoggedChange], lines: Sequence[PriceLine]) -> tuple[PlannedSheet, ...]:
    """Return the sheets of a workbook with that of the charts behind those of all suppliers."""
    own = [sheet for sheet in sheets if sheet.title in OWN_TITLES]
    return (*own, charts_sheet(sheets[0], changes, lines), *sheets[len(own) :])


def _supplier_rows(offers: Iterable[Offer]) -> dict[str, list[tuple[Cell, ...]]]:
    """Return each supplier's rows in the order of its list."""
    by_supplier: dict[str, list[ProductRow]] = defaultdict(list)
    sheets: dict[tuple[str, str], int] = {}
    for offer in offers:
        by_supplier[offer.supplier] += (offer.row, *offer.others)
        sheets.setdefault((offer.row.source_file, offer.row.source_sheet), len(sheets))
    last = len(sheets)
    for rows in by_supplier.values():
        rows.sort(key=lambda row: (sheets.get((row.source_file, row.source_sheet), last), row.source_row))
    return {name: [tuple(getattr(row, field) for field in _ROW_FIELDS) for row in rows] for name, rows in by_supplier.items()}
