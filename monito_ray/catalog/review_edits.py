"""What a person changed in the sheet Review, as corrections. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.offers import Snapshot
from monito_ray.pipeline import spellings
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import Method, ProductRow, Standard

COLUMNS = ("Product", "Brand", "Size", "Unit", "Pack", "Category", "Supplier", "Source File", "Source Sheet", "Source Row", "Product ID")
"""The columns that an edited sheet needs; the first six may be changed."""
_LONGEST = 300
_MOST_PIECES = 1_000_000
_LARGEST = Decimal(10) ** 9

_Place = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class ReviewEdits:
    """What was changed, and which lines could not be taken, each with its reason."""

    corrections: tuple[Correction, ...]
    refused: tuple[str, ...]


class _Wrong(Exception):
    """A line that cannot be taken, and why."""


def read_edits(snapshot: Snapshot, lines: Sequence[Mapping[str, str]]) -> ReviewEdits:
    """The lines of an edited sheet (texts by title, from sheet row 2 on) that differ from the catalogue's rows."""
    rows = {_place_of(row, product_id): row for row, product_id in _rows(snapshot)}
    found: list[Correction] = []
    refused: list[str] = []
    for number, line in enumerate(lines, start=2):
        try:
            row = _found(rows, line)
            if _is_changed(row, line):
                found.append((row, _standard(line)))
        except _Wrong as error:
            refused.append(f"row {number}: {error}")
    return ReviewEdits(tuple(found), tuple(refused))


def _rows(snapshot: Snapshot) -> Iterator[tuple[ProductRow, str]]:
    for offer in snapshot.offers:
        for row in (offer.row, *offer.others):
            yield row, offer.product_id


def _place_of(row: ProductRow, product_id: str) -> _Place:
    return product_id, row.supplier, row.source_file, row.source_sheet, str(row.source_row)


def _found(rows: Mapping[_Place, ProductRow], line: Mapping[str, str]) -> ProductRow:
    place = line["Product ID"], line["Supplier"], line["Source File"], line["Source Sheet"], line["Source Row"]
    if place not in rows:
        raise _Wrong("the catalogue has this row no more")
    return rows[place]


def _is_changed(row: ProductRow, line: Mapping[str, str]) -> bool:
    """Whether the line says another thing than the sheet that was drawn; what nobody touched is never judged."""
    texts = {"Product": row.standardized_name, "Brand": row.brand, "Unit": row.unit, "Category": row.category}
    numbers = {"Size": row.size, "Pack": Decimal(row.pack_count)}
    return any(line[title].split() != text.split() for title, text in texts.items()) or any(
        _number(line[title], title.lower()) != number for title, number in numbers.items()
    )


def _standard(line: Mapping[str, str]) -> Standard:
    size, unit = _size(line["Size"]), line["Unit"].strip()
    if (size is None) != (not unit):
        raise _Wrong("a size needs a unit, and a unit a size")
    if unit and unit not in (*spellings.content_units(), "pcs"):
        raise _Wrong(f"the unit {unit!r} is none of {', '.join(sorted(spellings.content_units()))}, pcs")
    category = line["Category"].strip()
    if category not in taxonomy.category_names():
        raise _Wrong(f"there is no category {category!r}; there are: {', '.join(taxonomy.category_names())}")
    return Standard(
        standardized_name=_text(line["Product"], "the product") or _refuse("the product is empty"),
        brand=_text(line["Brand"], "the brand"),
        size=size,
        unit=unit,
        pack_count=_pack(line["Pack"]),
        category=category,
        confidence=1.0,
        method=Method.MANUAL,
    )


def _text(said: str, what: str) -> str:
    text = " ".join(said.split())
    if len(text) > _LONGEST or not text.isprintable() or text.startswith(("=", "+", "-", "@")):
        raise _Wrong(f"{what} is too long, cannot be shown, or begins like a formula")
    return text


def _size(said: str) -> Decimal | None:
    number = _number(said, "size")
    if number is not None and not 0 < number < _LARGEST:
        raise _Wrong(f"the size {said!r} is out of reason")
    return number


def _pack(said: str) -> int:
    number = _number(said, "pack")
    if number is None:
        return 1
    if number != number.to_integral_value() or not 0 < number < _MOST_PIECES:
        raise _Wrong(f"the pack {said!r} is no whole number of pieces")
    return int(number)


def _number(said: str, what: str) -> Decimal | None:
    text = said.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Wrong(f"the {what} {said!r} is no number") from None
    return number if number.is_finite() else _refuse(f"the {what} {said!r} is no number")


def _refuse(why: str) -> NoReturn:
    raise _Wrong(why)
