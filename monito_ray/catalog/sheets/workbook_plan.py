"""The plan of the workbook: the master table, what changed, what may be one product, what needs a person, a sheet for each supplier."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from monito_ray.catalog.offers import Offer, Snapshot
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.sheets.changes_sheet import CHANGES, changes_sheet
from monito_ray.catalog.sheets.charts_sheet import CHARTS, PriceLine, charts_sheet
from monito_ray.catalog.sheets.compared_offer import ComparedOffer, ShownProduct
from monito_ray.catalog.sheets.master_table import MASTER, master_table, with_answers
from monito_ray.catalog.sheets.review import review_entries
from monito_ray.catalog.sheets.review_sheet import REVIEW, DoubtGroups, group_entries, review_sheet
from monito_ray.catalog.sheets.same_sheet import CANDIDATE_IDS, OFFER_ID, SAME, RefusedAnswer, Suggestion, same_sheet
from monito_ray.catalog.sheets.sheet_titles import sheet_titles
from monito_ray.records import ProductRow
from monito_ray.sheet_model import Cell, PlannedSheet, record_columns

#: Titles that Excel refuses, since it uses them itself.
_RESERVED = ("history",)
#: The sheets that are not of one supplier.
OWN_TITLES = (MASTER, CHANGES, SAME, REVIEW, CHARTS)
#: Of the sheets that people write in: the columns that say what a row is of, by the sheet's title.
KEY_COLUMNS = {
    MASTER: ("Product ID", "Currency"),
    REVIEW: ("Product ID", "Supplier", "Source File", "Source Sheet", "Source Row"),
    SAME: (OFFER_ID, *CANDIDATE_IDS),
}
_ROW_FIELDS = tuple(field.name for field in fields(ProductRow))


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The rows of a supplier that stand, in the order of its list, with the fields of `ProductRow`."""

    supplier: str
    rows: Sequence[tuple[Cell, ...]]
    #: Equal for equal rows; "" where nothing is said.
    version: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Sentences to people on what they wrote in the sheets and was not taken."""

    #: By product and currency; None where the master table has had none yet.
    in_master_table: Mapping[tuple[str, ...], str] | None = None
    in_review: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    in_same: Sequence[RefusedAnswer] = ()
    #: On rows that are in no sheet any more.
    notices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the sheets show, at one moment."""

    products: Sequence[ShownProduct]
    offers: Sequence[ComparedOffer]
    #: In order of supplier.
    lists: Sequence[ListedRows]
    doubts: DoubtGroups[ProductRow]
    #: What each supplier's last list changed.
    changes: Sequence[LoggedChange] = ()
    #: Offers that may be one product, the most important question first.
    suggestions: Sequence[Suggestion] = ()
    #: Suppliers that have no sheet of their own, for want of room.
    without_sheet: frozenset[str] = frozenset()
    #: Sentences for people, which stand first in Review.
    notices: tuple[str, ...] = ()
    #: What people wrote and was not taken.
    answers: Answers = field(default_factory=Answers)


def catalogue_of(snapshot: Snapshot, changes: Sequence[LoggedChange] = (), suggestions: Sequence[Suggestion] = ()) -> Catalogue:
    """Return what the sheets show of a whole catalogue that was read."""
    by_supplier: dict[str, list[Offer]] = defaultdict(list)
    for offer in snapshot.offers:
        by_supplier[offer.supplier].append(offer)
    lists = [ListedRows(name, listed_rows(by_supplier[name])) for name in in_order(by_supplier)]
    return Catalogue(snapshot.products, snapshot.offers, lists, group_entries(review_entries(snapshot)), changes, suggestions)


def plan_workbook(catalogue: Catalogue, taken: Collection[str] = (), table: PlannedSheet | None = None) -> tuple[PlannedSheet, ...]:
    """Plan the whole workbook: the sheets of all suppliers, then one for each supplier in order of name.

    No supplier's sheet has one of the titles in `taken`. The master table is `table`, where it is planned already.
    """
    suppliers = [one.supplier for one in catalogue.lists]
    titles = sheet_titles(suppliers, (*OWN_TITLES, *_RESERVED, *taken))
    columns = record_columns(_ROW_FIELDS)
    return (
        with_answers(table or master_table(catalogue.products, catalogue.offers, suppliers), catalogue.answers.in_master_table),
        changes_sheet(catalogue.changes),
        same_sheet(catalogue.suggestions, catalogue.answers.in_same),
        review_sheet(catalogue.doubts, catalogue.answers.in_review, (*catalogue.notices, *catalogue.answers.notices)),
        *(
            PlannedSheet(titles[one.supplier], columns, one.rows, 2, version=one.version)
            for one in catalogue.lists
            if one.supplier not in catalogue.without_sheet
        ),
    )


def sheet_titles_of(catalogue: Catalogue) -> list[str]:
    """Return the titles of all sheets."""
    suppliers = [one.supplier for one in catalogue.lists]
    return [*OWN_TITLES, *sheet_titles(suppliers, (*OWN_TITLES, *_RESERVED)).values()]


def in_order(suppliers: Iterable[str]) -> list[str]:
    """Return suppliers in the order of their sheets."""
    return sorted(suppliers, key=lambda name: (name.casefold(), name))


def with_charts(sheets: Sequence[PlannedSheet], changes: Sequence[LoggedChange], lines: Sequence[PriceLine]) -> tuple[PlannedSheet, ...]:
    """Return the sheets of a workbook with that of the charts behind those of all suppliers."""
    own = [sheet for sheet in sheets if sheet.title in OWN_TITLES]
    return (*own, charts_sheet(sheets[0], changes, lines), *sheets[len(own) :])


def listed_rows(offers: Iterable[Offer]) -> list[tuple[Cell, ...]]:
    """Return the rows of one supplier's offers, repeats too, in the order of its list."""
    rows: list[ProductRow] = []
    sheets: dict[tuple[str, str], int] = {}
    for offer in offers:
        rows += (offer.row, *offer.others)
        sheets.setdefault((offer.row.source_file, offer.row.source_sheet), len(sheets))
    last = len(sheets)
    rows.sort(key=lambda row: (sheets.get((row.source_file, row.source_sheet), last), row.source_row))
    return [tuple(getattr(row, field) for field in _ROW_FIELDS) for row in rows]
