"""llm_processing, first step: standardize good rows by the built-in rules."""

from collections.abc import Callable
from functools import partial

import pyarrow as pa

from monito_ray.catalog import confirmed_brands
from monito_ray.jobs.artifacts import BY_RULES, GOOD
from monito_ray.pipeline.products import slices
from monito_ray.pipeline.products.brands.brand_register import NO_BRANDS, BrandRegister
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.context import Attempt

#: Most rows of a block: they take about half a second in each pass. A block costs 45 ms beside the work on it, and a core that works on one
#: is not free for another person's list (docs/decisions/0011-two-roads.md).
BLOCK_ROWS = 5_000


def apply_rules(attempt: Attempt) -> None:
    """Write the artifact `by_rules`: a row for each good one, in list order.

    Raises:
        Stopped: nothing was written.
    """
    services = attempt.services
    catalogue = confirmed_brands.find_brands(services.store)
    attempt.keep(BY_RULES, standardize_rows(services.row_batches, attempt.table(GOOD), attempt.check_stop, catalogue))


def standardize_rows(
    batches: RowBatches,
    good: pa.Table,
    check_stop: Callable[[], None],
    catalogue: BrandRegister = NO_BRANDS,
    *,
    block_rows: int = BLOCK_ROWS,
) -> pa.Table:
    """Return a row in the schema of `Standard` for each good row of a list, in parallel slices; `catalogue` are the brands that the catalogue knows.

    Brands and languages can be found only in the list as a whole, so there are two passes over the slices: the first measures the rows, the
    second standardizes them with what all of them say. A row that kills its process keeps its name and gets no other field; a person has to
    look at it.
    """
    columns = good.select(list(slices.MEASURED_COLUMNS))  # the others need not travel
    measured = batches.map(columns, slices.measure, slices.leave_unmeasured, block_rows, check_stop)
    check_stop()
    function = partial(slices.standardize, context=slices.collect_context(measured, catalogue))
    return batches.map(measured, function, slices.leave_unstandardized, block_rows, check_stop)
