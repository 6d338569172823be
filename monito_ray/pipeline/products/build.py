"""Build the written rows: what was read joined with what was standardized. Every number that is money comes from the read row."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import nan
from typing import TYPE_CHECKING

from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.prices import rounded
from monito_ray.pipeline.products import confidence, doubts
from monito_ray.pipeline.products.measuring.base_prices import BasePrice, base_prices
from monito_ray.pipeline.products.measuring.measures import base_price
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import PRICE_OF_PICTURE, FieldConfidence, Method, ProductRow, RawRow, Standard

if TYPE_CHECKING:
    import pandas as pd

#: The confidence that the price of a row in doubt has at the most.
MOST_CONFIDENCE_IN_DOUBT = 0.4
#: Below it four decimals would be off by a percent or more.
_SMALL_BASE_PRICE = Decimal("0.01")
#: Columns of a frame that are exact, all of them so that one can be divided by the other.
_EXACT_COLUMNS = ("price", "size", "base_price", "min_quantity")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
#: What fits the columns; a larger quantity is a number that was misread.
_MIN_QUANTITY_LIMIT = Decimal(10) ** 18


def build_products(rows: Sequence[RawRow], standards: Sequence[Standard]) -> list[ProductRow]:
    """Return a written row for each of `rows`; `standards` are theirs, in the same order.

    Raises:
        ValueError: a row has no price, or rows and standards are not as many.
    """
    with gc_paused():
        return [_build_product(*offer) for offer in zip(rows, standards, base_prices(rows, standards), strict=True)]


def quality_score(rows: Sequence[ProductRow]) -> float:
    """Return the mean over the rows, from 0 to 1, of four parts: currency, size or price unit, and category filled, and the confidence.

    Without rows it is 0.
    """
    if not rows:
        return 0.0
    return round(sum(map(_row_quality, rows)) / len(rows), 4)


def to_frame(rows: Sequence[ProductRow]) -> "pd.DataFrame":
    """Return the rows as a DataFrame with the columns of `ProductRow`: money and sizes as `Decimal`, blanks as NaN or ""."""
    import pandas as pd  # noqa: PLC0415  half a second that only those who want a DataFrame pay

    columns = {name: [getattr(row, name) for row in rows] for name in ProductRow.__slots__}
    columns["method"] = [method.value for method in columns["method"]]
    exact = {
        name: pd.Series([nan if value is None else _without_zeros(value) for value in columns[name]], dtype=object)
        for name in _EXACT_COLUMNS
    }
    return pd.DataFrame({**columns, **exact})


def _without_zeros(number: Decimal) -> Decimal:
    """Return the number as people write it: 75000 for 75000.000000, and not 7.5E+4."""
    short = number.normalize()
    return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))


def with_standard(row: ProductRow, standard: Standard) -> ProductRow:
    """Return a written row as a person's correction has it; its base price follows from the corrected size and pack."""
    price, unit = base_price(row.price, standard.size, standard.unit, standard.pack_count, standard.price_unit or row.price_unit)
    return replace(
        row,
        standardized_name=standard.standardized_name,
        brand=standard.brand,
        size=standard.size,
        unit=standard.unit,
        pack_count=standard.pack_count,
        price_unit=standard.price_unit or row.price_unit,
        category=standard.category,
        base_price=None if price is None else _rounded_base(price),
        base_unit=unit,
        confidence=confidence.row_confidence(standard.field_confidence, 1.0),
        method=standard.method,
        field_confidence=confidence.as_json(standard.field_confidence, 1.0),
        doubt=_doubt_beside_correction(row.doubt),
    )


def with_price(row: ProductRow, price: Decimal) -> ProductRow:
    """Return a written row with the price that a person has seen, which is in doubt no longer; its base price follows."""
    base, _ = base_price(price, row.size, row.unit, row.pack_count, row.price_unit)
    settled = replace(row, price=price, base_price=None if base is None or row.base_price is None else _rounded_base(base), doubt="")
    if not row.field_confidence:  # of an earlier version
        return settled
    sure = json.loads(row.field_confidence) | {"price": 1.0}
    fields = FieldConfidence(**{name: sure.get(name, 0.0) for name in FieldConfidence._fields})
    return replace(settled, confidence=confidence.row_confidence(fields, 1.0), field_confidence=confidence.as_json(fields, 1.0))


def _doubt_beside_correction(doubt: str) -> str:
    """Return what of a doubt stays where a person corrected the row: that a price of a picture may be misread."""
    return doubt if doubt.startswith(PRICE_OF_PICTURE) else ""


def _row_quality(row: ProductRow) -> float:
    has_category = row.category not in ("", OTHER)
    return (bool(row.currency) + bool(row.size or row.price_unit) + has_category + row.confidence) / 4


def _build_product(row: RawRow, standard: Standard, base: BasePrice) -> ProductRow:
    if row.price is None:
        raise ValueError(f"{row.source_sheet}, row {row.source_row} has no price and is no offer")
    doubt = (
        _doubt_beside_correction(row.doubt)
        if standard.method is Method.MANUAL
        else row.doubt or doubts.injection_or_garbage(row.original_name)
    )
    price_confidence = _price_confidence(row, standard, doubt)
    return ProductRow(
        original_name=row.original_name,
        standardized_name=standard.standardized_name,
        brand=standard.brand,
        size=standard.size,
        unit=standard.unit,
        pack_count=standard.pack_count,
        price_unit=standard.price_unit,
        category=standard.category,
        price=row.price,
        price_tiers=row.price_tiers,
        currency=row.currency,
        base_price=None if base.price is None else _rounded_base(base.price),
        base_unit=base.unit,
        min_quantity=_parse_min_quantity(row.min_quantity),
        supplier=row.supplier,
        sku=row.sku,
        list_date=row.list_date,
        tax_note=row.tax_note,
        source_file=row.source_file,
        source_sheet=row.source_sheet,
        source_row=row.source_row,
        confidence=confidence.row_confidence(standard.field_confidence, price_confidence),
        method=standard.method,
        field_confidence=confidence.as_json(standard.field_confidence, price_confidence),
        doubt=doubt or base.doubt,
        section=row.section,
    )


def _price_confidence(row: RawRow, standard: Standard, doubt: str) -> float:
    if standard.method is Method.MANUAL and not doubt:  # a person has looked at the row
        return 1.0
    return min(row.price_confidence, MOST_CONFIDENCE_IN_DOUBT) if doubt else row.price_confidence


def _rounded_base(price: Decimal) -> Decimal:
    """Return a base price as people see it; a small one, of one piece of thousands, exact to a step that still tells it from others."""
    return rounded(price) if price >= _SMALL_BASE_PRICE else price


def _parse_min_quantity(text: str) -> Decimal | None:
    """Return the first number of "min. 2,5 kg", None where there is none that can be a quantity."""
    match = _NUMBER.search(text)
    quantity = Decimal(match.group().replace(",", ".")) if match else None
    return quantity if quantity is not None and 0 < quantity < _MIN_QUANTITY_LIMIT else None
