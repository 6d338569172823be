"""Reading of a person's edits in the sheet Review as corrections. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NoReturn

from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.review_sheet import RowKey, row_key
from monito_ray.pipeline import units
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import CERTAIN, Method, ProductRow, Standard

#: The columns that may be changed.
EDITABLE = ("Product", "Brand", "Size", "Unit", "Pack", "Category")
#: The columns that an edited sheet needs.
COLUMNS = (*EDITABLE, "Supplier", "Source File", "Source Sheet", "Source Row", "Product ID")
#: Limits beyond which an edit is taken for a slip.
_LONGEST_TEXT = 300
_MOST_PIECES = 1_000_000
_LARGEST_SIZE = Decimal(10) ** 9
#: Similarity (`difflib`) from which a category is named as the one that was meant: "Vegetable" is "vegetables", "food" is none.
_SIMILAR = 0.8


@dataclass(frozen=True, slots=True)
class ReviewEdits:
    """The outcome of reading an edited sheet."""

    corrections: tuple[Correction, ...]
    #: A sentence for each line that was not accepted: its number and the reason.
    refused: tuple[str, ...]


class _LineRefused(Exception):
    """A line was not accepted; the message is the reason."""


def read_edits(snapshot: Snapshot, lines: Sequence[Mapping[str, str]]) -> ReviewEdits:
    """Return the lines of an edited sheet that differ from the rows of the catalogue.

    `lines` are the rows below the header, as texts by title.
    """
    rows = {row_key(row, product_id): row for row, product_id in _rows(snapshot)}
    corrections: list[Correction] = []
    refused: list[str] = []
    for number, line in enumerate(lines, start=2):
        try:
            if not line["Product ID"]:
                _check_counting_line(line)
                continue
            row = _row_of(rows, line)
            if _is_changed(row, line):
                corrections.append((row, _standard(line)))
        except _LineRefused as error:
            refused.append(f"row {number}: {error}")
    return ReviewEdits(tuple(corrections), tuple(refused))


def _rows(snapshot: Snapshot) -> Iterator[tuple[ProductRow, str]]:
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            yield row, offer.product_id


def _check_counting_line(line: Mapping[str, str]) -> None:
    """Refuse a correction in a line that stands for many rows."""
    if any(line[title].strip() for title in EDITABLE):
        raise _LineRefused("this line counts rows: please correct them one by one")


def _row_of(rows: Mapping[RowKey, ProductRow], line: Mapping[str, str]) -> ProductRow:
    key = line["Product ID"], line["Supplier"], line["Source File"], line["Source Sheet"], line["Source Row"]
    if key not in rows:
        raise _LineRefused("the catalogue has this row no more")
    return rows[key]


def _is_changed(row: ProductRow, line: Mapping[str, str]) -> bool:
    """Whether a person changed the line. Untouched lines are not validated: the catalogue may hold values that an edit may not."""
    texts = {"Product": row.standardized_name, "Brand": row.brand, "Unit": row.unit, "Category": row.category}
    numbers = {"Size": row.size, "Pack": Decimal(row.pack_count)}
    return any(line[title].split() != text.split() for title, text in texts.items()) or any(
        _number(line[title], title.lower()) != number for title, number in numbers.items()
    )


def _standard(line: Mapping[str, str]) -> Standard:
    size, unit = _size(line["Size"]), line["Unit"].strip()
    if (size is None) != (not unit):
        raise _LineRefused("a size needs a unit, and a unit a size")
    if unit and unit not in (*units.content_units(), "pcs"):
        raise _LineRefused(f"the unit {unit!r} is none of {', '.join(sorted(units.content_units()))}, pcs")
    category = line["Category"].strip()
    if category not in taxonomy.category_names():
        similar = get_close_matches(category.casefold(), taxonomy.category_names(), 1, _SIMILAR)
        hint = f"did you mean {similar[0]!r}?" if similar else "please choose one from the list of the cell"
        raise _LineRefused(f"there is no category {category!r}; {hint}")
    return Standard(
        standardized_name=_text(line["Product"], "the product") or _refuse("the product is empty"),
        brand=_text(line["Brand"], "the brand"),
        size=size,
        unit=unit,
        pack_count=_pack(line["Pack"]),
        category=category,
        field_confidence=CERTAIN,
        method=Method.MANUAL,
    )


def _text(cell: str, what: str) -> str:
    text = " ".join(cell.split())
    if len(text) > _LONGEST_TEXT or not text.isprintable() or text.startswith(("=", "+", "-", "@")):
        raise _LineRefused(f"{what} is too long, cannot be shown, or begins like a formula")
    return text


def _size(cell: str) -> Decimal | None:
    number = _number(cell, "size")
    if number is not None and not 0 < number < _LARGEST_SIZE:
        raise _LineRefused(f"the size {cell!r} is out of reason")
    return number


def _pack(cell: str) -> int:
    number = _number(cell, "pack")
    if number is None:
        return 1
    if number != number.to_integral_value() or not 0 < number < _MOST_PIECES:
        raise _LineRefused(f"the pack {cell!r} is no whole number of pieces")
    return int(number)


def _number(cell: str, what: str) -> Decimal | None:
    text = cell.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _LineRefused(f"the {what} {cell!r} is no number") from None
    return number if number.is_finite() else _refuse(f"the {what} {cell!r} is no number")


def _refuse(why: str) -> NoReturn:
    raise _LineRefused(why)
