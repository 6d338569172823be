"""The fields that a person may correct in a sheet, validated."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NoReturn

from monito_ray.catalog.sheets.choices import PRICE_RIGHT, YES
from monito_ray.pipeline import units
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import CERTAIN, Method, Standard

#: Limits beyond which an edit is taken for a slip.
_LONGEST_TEXT = 300
_MOST_PIECES = 1_000_000
_LARGEST_SIZE = Decimal(10) ** 9
#: Similarity (`difflib`) from which a category is named as the one that was meant: "Vegetable" is "vegetables", "food" is none.
_SIMILAR = 0.8


class FieldRefused(Exception):
    """A correction was not accepted; the message is the reason, for the person."""


def standard_of(line: Mapping[str, str]) -> Standard:
    """Return the fields that a person's line says, by the titles of `choices.EDITABLE`.

    Raises:
        FieldRefused: a field is none that the catalogue can have; the message is a sentence for the person.
    """
    size, unit = _size(line["Size"]), line["Unit"].strip()
    if (size is None) != (not unit):
        raise FieldRefused("a size needs a unit, and a unit a size")
    if unit and unit not in (*units.content_units(), "pcs"):
        raise FieldRefused(f"the unit {unit!r} is none of {', '.join(sorted(units.content_units()))}, pcs")
    category = line["Category"].strip()
    if category not in taxonomy.category_names():
        similar = get_close_matches(category.casefold(), taxonomy.category_names(), 1, _SIMILAR)
        hint = f"did you mean {similar[0]!r}?" if similar else "please choose one from the list of the cell"
        raise FieldRefused(f"there is no category {category!r}; {hint}")
    return Standard(
        standardized_name=_clean_text(line["Product"], "the product") or _refuse("the product is empty"),
        brand=_clean_text(line["Brand"], "the brand"),
        size=size,
        unit=unit,
        pack_count=_pack(line["Pack"]),
        category=category,
        field_confidence=CERTAIN,
        method=Method.MANUAL,
    )


def is_confirmed(cell: str) -> bool:
    """Return whether a person calls the price of a row right; raises `FieldRefused` for any other word."""
    answer = cell.strip().casefold()
    if answer not in ("", YES):
        raise FieldRefused(f"{PRICE_RIGHT} {cell.strip()!r}: write {YES!r} where the price is right, else nothing")
    return answer == YES


def _clean_text(cell: str, what: str) -> str:
    text = " ".join(cell.split())
    if len(text) > _LONGEST_TEXT or not text.isprintable() or text.startswith(("=", "+", "-", "@")):
        raise FieldRefused(f"{what} is too long, cannot be shown, or begins like a formula")
    return text


def _size(cell: str) -> Decimal | None:
    number = number_of(cell, "size")
    if number is not None and not 0 < number < _LARGEST_SIZE:
        raise FieldRefused(f"the size {cell!r} is out of reason")
    return number


def _pack(cell: str) -> int:
    number = number_of(cell, "pack")
    if number is None:
        return 1
    if number != number.to_integral_value() or not 0 < number < _MOST_PIECES:
        raise FieldRefused(f"the pack {cell!r} is no whole number of pieces")
    return int(number)


def number_of(cell: str, what: str) -> Decimal | None:
    """Return a cell's number, None for an empty one; raises as `standard_of`."""
    text = cell.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise FieldRefused(f"the {what} {cell!r} is no number") from None
    return number if number.is_finite() else _refuse(f"the {what} {cell!r} is no number")


def _refuse(why: str) -> NoReturn:
    raise FieldRefused(why)
