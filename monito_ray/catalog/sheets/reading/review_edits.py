"""Reading of a person's edits in the sheet Review as corrections. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.choices import EDITABLE, PRICE_RIGHT
from monito_ray.catalog.sheets.reading.corrected_fields import FieldRefused, is_confirmed, number_of, standard_of
from monito_ray.catalog.sheets.review_sheet import RowKey, row_key
from monito_ray.records import ProductRow

#: The columns that an edited sheet needs.
COLUMNS = (*EDITABLE, "Supplier", "Source File", "Source Sheet", "Source Row", "Product ID")
#: That which copies of earlier versions lack.
OPTIONAL_COLUMNS = (PRICE_RIGHT,)


@dataclass(frozen=True, slots=True)
class ReviewEdits:
    """The outcome of reading an edited sheet."""

    corrections: tuple[Correction, ...]
    #: A sentence for each line that was not accepted: its number and the reason.
    refused: tuple[str, ...]
    #: Rows whose price is right.
    confirmed: tuple[ProductRow, ...] = ()


def read_edits(snapshot: Snapshot, lines: Sequence[Mapping[str, str]]) -> ReviewEdits:
    """Return the lines of an edited sheet that differ from the rows of the catalogue.

    `lines` are the rows below the header, as texts by title.
    """
    rows = {row_key(row, product_id): row for row, product_id in _rows(snapshot)}
    corrections: list[Correction] = []
    refused: list[str] = []
    confirmed: list[ProductRow] = []
    for number, line in enumerate(lines, start=2):
        try:
            if not line["Product ID"]:
                _check_counting_line(line)
                continue
            row = _row_of(rows, line)
            if _is_changed(row, line):
                corrections.append((row, standard_of(line)))
            if is_confirmed(line.get(PRICE_RIGHT, "")):  # copies of earlier versions lack it
                confirmed.append(row)
        except FieldRefused as error:
            refused.append(f"row {number}: {error}")
    return ReviewEdits(tuple(corrections), tuple(refused), tuple(confirmed))


def _rows(snapshot: Snapshot) -> Iterator[tuple[ProductRow, str]]:
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            yield row, offer.product_id


def _check_counting_line(line: Mapping[str, str]) -> None:
    """Refuse a correction in a line that stands for many rows."""
    if any(line.get(title, "").strip() for title in (*EDITABLE, PRICE_RIGHT)):
        raise FieldRefused("this line counts rows: please correct them one by one")


def _row_of(rows: Mapping[RowKey, ProductRow], line: Mapping[str, str]) -> ProductRow:
    key = line["Product ID"], line["Supplier"], line["Source File"], line["Source Sheet"], line["Source Row"]
    if key not in rows:
        raise FieldRefused("the catalogue has this row no more")
    return rows[key]


def _is_changed(row: ProductRow, line: Mapping[str, str]) -> bool:
    """Whether a person changed the line. Untouched lines are not validated: the catalogue may hold values that an edit may not."""
    texts = {"Product": row.standardized_name, "Brand": row.brand, "Unit": row.unit, "Category": row.category}
    numbers = {"Size": row.size, "Pack": Decimal(row.pack_count)}
    return any(line[title].split() != text.split() for title, text in texts.items()) or any(
        number_of(line[title], title.lower()) != number for title, number in numbers.items()
    )
