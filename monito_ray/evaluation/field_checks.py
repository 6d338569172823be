"""Whether the fields of a written row are right. Pure."""

import re
from collections import Counter
from decimal import Decimal

from monito_ray.evaluation.labelled_rows import LabelledRow, Truth
from monito_ray.pipeline.products.measuring.measures import base_price
from monito_ray.pipeline.units import base_factors
from monito_ray.records import ProductRow

#: The fields that are judged, in the order in which they are shown.
FIELDS = ("name", "brand", "size", "pack_count", "price_unit", "category", "base_price")
#: Sizes and base prices may differ by these shares: lists round.
SIZE_TOLERANCE, PRICE_TOLERANCE = Decimal("0.005"), Decimal("0.02")
#: A translation is right when its words and the right ones overlap by this much (F1): people choose words differently.
NAME_OVERLAP = 0.7
_WORD = re.compile(r"[^\W_]+")


def check_fields(product: ProductRow, labelled: LabelledRow) -> dict[str, bool]:
    """Return for each field that the truth settles whether it is right.

    A size is that of one piece. Only a base price that is not blank is judged: blank beats wrong.
    """
    truth = labelled.truth
    verdicts = {
        "name": None if truth.name is None else is_right_name(product, labelled),
        "brand": None if truth.brand is None else _name_words(product.brand) == _name_words(truth.brand),
        "size": None if truth.size is None else _is_right_size(product, truth),
        "pack_count": None if truth.pack_count is None else _is_right_pack(product, truth),
        "price_unit": None if truth.price_unit is None else product.price_unit == truth.price_unit,
        "category": product.category in truth.categories if truth.categories else None,
        "base_price": _is_right_base_price(product, truth),
    }
    return {field: verdict for field, verdict in verdicts.items() if verdict is not None}


def is_filled(field: str, product: ProductRow) -> bool:
    """Return whether a field of the row is not blank; only brand, price unit and base price can be blank and right."""
    return bool(getattr(product, {"name": "standardized_name"}.get(field, field)))


def is_right_name(product: ProductRow, labelled: LabelledRow) -> bool:
    """Return whether the name is wholly as the supplier wrote it, or a translation in about the right words; a mixture is neither.

    The brand may stand in it or not.
    """
    words, own = Counter(_name_words(product.standardized_name)), Counter(_name_words(labelled.row.original_name))
    if not words:
        return False
    if not words - own:
        return True
    words -= Counter(_name_words(labelled.truth.brand or ""))
    right = Counter(_name_words(labelled.truth.name or ""))
    return 2 * (words & right).total() >= NAME_OVERLAP * (words.total() + right.total())


def _name_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(_WORD.findall(text.casefold())))


def _is_right_size(product: ProductRow, truth: Truth) -> bool:
    if _is_counted(product, truth):
        return True
    if not truth.size:
        return product.size is None
    if product.size is None or truth.unit is None:
        return False
    return _is_same_amount((product.size, product.unit), (Decimal(truth.size), truth.unit))


def _is_right_pack(product: ProductRow, truth: Truth) -> bool:
    return _is_counted(product, truth) or product.pack_count == truth.pack_count


def _is_counted(product: ProductRow, truth: Truth) -> bool:
    """Whether a size in pieces says what the truth says as a pack: 100 pcs, and a pack of 100."""
    return product.unit == "pcs" and not truth.size and product.size is not None and product.size * product.pack_count == truth.pack_count


def _is_same_amount(have: tuple[Decimal, str], want: tuple[Decimal, str]) -> bool:
    """Whether two contents are the same amount; an ounce that the truth does not tell from a fluid one is either."""
    factors = base_factors()
    (size, unit), (right_size, right_unit) = have, want
    if unit == right_unit or {unit, right_unit} == {"oz", "fl_oz"}:
        return abs(size - right_size) <= SIZE_TOLERANCE * right_size
    if unit not in factors or right_unit not in factors:
        return False
    (base, factor), (right_base, right_factor) = factors[unit], factors[right_unit]
    return base == right_base and abs(size * factor - right_size * right_factor) <= SIZE_TOLERANCE * right_size * right_factor


def _is_right_base_price(product: ProductRow, truth: Truth) -> bool | None:
    """Return whether the base price follows from the right size, pack and unit; None where none is given, or the truth settles none."""
    if product.base_price is None or truth.size is None or truth.pack_count is None:
        return None
    size = Decimal(truth.size) if truth.size else None
    right, unit = base_price(product.price, size, truth.unit or "", truth.pack_count, truth.price_unit or "")
    if right is None:
        return None if product.base_unit == "pcs" else False
    if unit != product.base_unit:
        return None if "pcs" in (unit, product.base_unit) else False
    return abs(product.base_price - right) <= PRICE_TOLERANCE * right
