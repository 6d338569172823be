"""Written rows: what was read joined with what was settled. Every number that is money comes from the read row."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from monito_ray.pipeline.prices import rounded
from monito_ray.pipeline.products import doubts
from monito_ray.pipeline.products.measures import base_price
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import Method, ProductRow, RawRow, Standard

if TYPE_CHECKING:
    import pandas as pd

MOST_CONFIDENCE_IN_DOUBT = 0.4
"""The confidence that a row in doubt has at the most."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MOST = Decimal(10) ** 18  # what fits the columns; more is a number that was misread


def build_products(rows: Sequence[RawRow], standards: Sequence[Standard]) -> list[ProductRow]:
    """A written row for each of `rows`, all of which have a price; `standards` are theirs, in the same order."""
    return [_product(row, standard) for row, standard in zip(rows, standards, strict=True)]


def quality_score(rows: Sequence[ProductRow]) -> float:
    """Mean over the rows of four shares: currency known, size or price unit known, category known, and the confidence; 0 without rows."""
    if not rows:
        return 0.0
    points = sum(bool(row.currency) + bool(row.size or row.price_unit) + (row.category not in ("", OTHER)) + row.confidence for row in rows)
    return round(points / (4 * len(rows)), 4)


def to_frame(rows: Sequence[ProductRow]) -> "pd.DataFrame":
    """The rows as a DataFrame with the columns of `ProductRow`: money as `Decimal`, other numbers as floats, blanks as NaN or ""."""
    import pandas as pd  # noqa: PLC0415  half a second that only those who want a DataFrame pay

    columns = {name: [getattr(row, name) for row in rows] for name in ProductRow.__slots__}
    for name in ("size", "base_price", "min_quantity"):
        columns[name] = pd.array([None if value is None else float(value) for value in columns[name]], dtype="float64")
    columns["method"] = [method.value for method in columns["method"]]
    return pd.DataFrame(columns)


def _product(row: RawRow, standard: Standard) -> ProductRow:
    if row.price is None:
        raise ValueError(f"{row.source_sheet}, row {row.source_row} has no price and is no offer")
    doubt = "" if standard.method is Method.MANUAL else row.doubt or doubts.injection_or_garbage(row.original_name)
    per_base, base_unit = base_price(row.price, standard.size, standard.unit, standard.pack_count, standard.price_unit)
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
        base_price=None if per_base is None else rounded(per_base),
        base_unit=base_unit,
        min_quantity=_quantity(row.min_quantity),
        supplier=row.supplier,
        sku=row.sku,
        list_date=row.list_date,
        tax_note=row.tax_note,
        source_file=row.source_file,
        source_sheet=row.source_sheet,
        source_row=row.source_row,
        confidence=min(standard.confidence, MOST_CONFIDENCE_IN_DOUBT) if doubt else standard.confidence,
        method=standard.method,
        doubt=doubt,
    )


def _quantity(text: str) -> Decimal | None:
    found = _NUMBER.search(text)
    number = Decimal(found.group().replace(",", ".")) if found else None
    return number if number is not None and 0 < number < _MOST else None
