"""Standardize a long list slice by slice, with the same result as `rules.standardize` over the whole list.

Slices are gone through twice: `measure` each, `collect_context` of all, `standardize` each with that context.
"""

from collections.abc import Sequence

import pyarrow as pa

from monito_ray import frames
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.products.brands.brand_register import NO_BRANDS, BrandRegister
from monito_ray.pipeline.products.measuring.measures import Measure
from monito_ray.pipeline.products.rules import ListContext, SizeRule
from monito_ray.records import RawRow, Standard

_SIZE_RULE = "size_rule"
#: The columns of `RawRow` that the second pass needs, and those that a `RawRow` must have.
_ROW_COLUMNS = (
    "source_file",
    "source_sheet",
    "source_row",
    "original_name",
    "price",
    "price_tiers",
    "section",
    "brand",
    "category_text",
    "pack_text",
)
#: The columns of `RawRow` that the first pass needs.
MEASURED_COLUMNS = (*_ROW_COLUMNS, "sku", "size_text", "unit_text", "cells")
_NO_MEASURE = Measure(None, "", 1, "", "")


def measure(good: pa.Table) -> pa.Table:
    """Return good rows with the columns that `standardize` needs: some of `RawRow`, all of `Measure`, and the rule that settled the size.

    `good` has the `MEASURED_COLUMNS` at least.
    """
    with gc_paused():
        measured = [rules.measure_row(row) for row in frames.from_table(good, RawRow)]
    return _with_measures(good, [row_measure for row_measure, _ in measured], [size_rule.value for _, size_rule in measured])


def leave_unmeasured(good: pa.Table) -> pa.Table:
    """As `measure`, for rows that kill every process that measures them: they say nothing of the list, and are not standardized."""
    return _with_measures(good, [_NO_MEASURE] * good.num_rows, [""] * good.num_rows)


def collect_context(measured: pa.Table, catalogue: BrandRegister = NO_BRANDS) -> ListContext:
    """Return what the list says as a whole; `measured` are all its rows, in order, and `catalogue` the brands that the catalogue knows."""
    alive = [bool(rule) for rule in measured.column(_SIZE_RULE).to_pylist()]
    with_measure = measured.filter(pa.array(alive, pa.bool_()))
    texts = rules.ListTexts(*(with_measure.column(name).to_pylist() for name in ("original_name", "brand", "section", "category_text")))
    return rules.collect_context(texts, frames.from_table(with_measure, Measure), catalogue)


def standardize(measured: pa.Table, context: ListContext) -> pa.Table:
    """Return a row in the schema of `Standard` for each measured row."""
    with gc_paused():
        rows, measures = frames.from_table(measured, RawRow), frames.from_table(measured, Measure)
        standards = [
            rules.standardize_row(row, row_measure, SizeRule(size_rule), context)[0] if size_rule else _named_only(row)
            for row, row_measure, size_rule in zip(rows, measures, measured.column(_SIZE_RULE).to_pylist(), strict=True)
        ]
        return frames.to_table(standards, Standard)


def leave_unstandardized(measured: pa.Table) -> pa.Table:
    """As `standardize`, for rows that kill every process that standardizes them: they keep their names and get no other field."""
    return frames.to_table([_named_only(row) for row in frames.from_table(measured, RawRow)], Standard)


def _named_only(row: RawRow) -> Standard:
    return Standard(standardized_name=row.original_name)


def _with_measures(good: pa.Table, measures: Sequence[Measure], size_rules: Sequence[str]) -> pa.Table:
    table, measured = good.select(list(_ROW_COLUMNS)), frames.to_table(measures, Measure)
    for name in measured.column_names:
        table = table.append_column(name, measured.column(name))
    return table.append_column(_SIZE_RULE, pa.array(size_rules, pa.string()))
