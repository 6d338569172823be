"""The road of short lists: read, validate and standardize by the rules in one process, so that rows need not travel between stages.

Long lists take the other road, in parallel slices (`steps.validate`, `steps.apply_rules`); both give the same rows.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from monito_ray import frames
from monito_ray.isolation.limits import list_budget
from monito_ray.isolation.process_limits import allow_at_least
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.products.brands.brand_register import NO_BRANDS, BrandRegister
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.certainty.assessment import Certainty
from monito_ray.pipeline.rows.price_list import Hints, PriceList
from monito_ray.records import RawRow, Standard

if TYPE_CHECKING:
    import pandas as pd

#: Most raw rows of a short list.
SHORT_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class StandardizedRows:
    """A list after validation and rules."""

    #: Offers, in the schema of `RawRow`.
    good: pa.Table
    #: Rejects and duplicates, in the schema of `RejectedRow`.
    rejects: pa.Table
    #: A row for each good one, in the schema of `Standard`.
    by_rules: pa.Table


@dataclass(frozen=True, slots=True)
class ListRead:
    """A list as read, and, of a short one, what the next stages make of it."""

    price_list: PriceList
    ahead: StandardizedRows | None = None

    @property
    def standardized(self) -> StandardizedRows:
        """What the next stages make of the list.

        Raises:
            ValueError: nobody asked them.
        """
        if self.ahead is None:
            raise ValueError("the list was read and not standardized")
        return self.ahead

    def under_supplier(self, supplier: str) -> "ListRead":
        """Return the list with another supplier's name, also on its rows."""
        price_list = replace(self.price_list, supplier=supplier, rows=_under_supplier(self.price_list.rows, supplier))
        return ListRead(price_list, self.ahead and replace(self.ahead, good=_under_supplier(self.ahead.good, supplier)))


def _under_supplier(rows: pa.Table, supplier: str) -> pa.Table:
    index = rows.schema.get_field_index("supplier")
    column = pa.repeat(pa.scalar(supplier, rows.schema.field(index).type), rows.num_rows)
    return rows.set_column(index, rows.schema.field(index), column)


def read_only(data: bytes, file_name: str, hints: Hints) -> ListRead:
    """Read a list; raises as `price_list.read_price_list`."""
    return ListRead(price_list.read_price_list(data, file_name, hints))


def read_and_standardize(data: bytes, file_name: str, hints: Hints, catalogue: BrandRegister = NO_BRANDS, *, lenient: bool) -> ListRead:
    """Read a list; validate and standardize it, too, if it has at most `SHORT_ROWS` raw rows. Raises as `price_list.read_price_list`.

    `catalogue` are the brands that the catalogue knows.
    """
    with gc_paused():
        price_list_read = price_list.read_price_list(data, file_name, hints)
        is_short = price_list_read.rows.num_rows <= SHORT_ROWS
        return ListRead(price_list_read, validate_and_standardize(price_list_read.rows, catalogue, lenient=lenient) if is_short else None)


def read_and_standardize_all(data: bytes, file_name: str, hints: Hints, catalogue: BrandRegister = NO_BRANDS) -> ListRead:
    """Read, validate and standardize a list of any length in this process; raises as `price_list.read_price_list`."""
    with gc_paused():
        price_list_read = price_list.read_price_list(data, file_name, hints)
        return ListRead(price_list_read, validate_and_standardize(price_list_read.rows, catalogue, lenient=False))


def read_frame(data: bytes, file_name: str, hints: Hints) -> "tuple[pd.DataFrame, Certainty]":
    """Return what a list of any length becomes by the rules, and how sure it is read; raises as `price_list.read_price_list`.

    A frame takes a tenth of the memory of its rows on its way to another process.
    """
    read = read_and_standardize_all(data, file_name, hints)
    rows, standards = frames.from_table(read.standardized.good, RawRow), frames.from_table(read.standardized.by_rules, Standard)
    certainty = read.price_list.certainty
    del read
    return build.to_frame(build.build_products(rows, standards)), certainty


def validate_and_standardize(raw: pa.Table, catalogue: BrandRegister = NO_BRANDS, *, lenient: bool) -> StandardizedRows:
    """Validate raw rows and standardize the good ones by the rules."""
    allow_at_least(list_budget(raw.num_rows))
    good, rejects = validation.partition(validation.validate(raw, lenient=lenient))
    return StandardizedRows(good, rejects, frames.to_table(rules.standardize(frames.from_table(good, RawRow), catalogue), Standard))
