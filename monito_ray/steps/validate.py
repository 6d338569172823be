"""data_validation: turn every raw row into a good row, a duplicate, or a reject with its reason."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pyarrow as pa

from monito_ray.errors import RowsLost
from monito_ray.events import RowsRejected
from monito_ray.jobs.artifacts import GOOD, RAW, REJECTS
from monito_ray.pipeline.rows import validation
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.context import Attempt

#: Most rows of a block: they take about a tenth of a second. A block costs 45 ms beside the work on it (docs/decisions/0011-two-roads.md).
BLOCK_ROWS = 10_000


def validate(attempt: Attempt) -> None:
    """Leave the artifacts `rejects` and `good`.

    Raises:
        RowsLost: rows in and rows out differ.
        Stopped: before both were in place.
    """
    raw = attempt.table(RAW)
    keep_validated(attempt, *validate_rows(attempt.services.row_batches, raw, attempt.check_stop, lenient=attempt.task.is_lenient))


def validate_rows(
    batches: RowBatches, raw: pa.Table, check_stop: Callable[[], None], *, lenient: bool, block_rows: int = BLOCK_ROWS
) -> tuple[pa.Table, pa.Table]:
    """Return the good rows (schema of `RawRow`) and the rejects and duplicates (schema of `RejectedRow`) of a list, in parallel slices."""
    function = partial(validation.validate, lenient=lenient)
    columns = raw.select(list(validation.VALIDATED_COLUMNS))  # the others need not travel
    validated = batches.map(columns, function, validation.reject_all, block_rows, check_stop)
    return validation.partition(raw.append_column(validation.REASON, validated.column(validation.REASON)))


def keep_validated(attempt: Attempt, good: pa.Table, rejects: pa.Table) -> None:
    """Put the artifacts `rejects` and `good` in place; raises as `validate`."""
    expected = attempt.row_count(RAW)
    if expected != good.num_rows + rejects.num_rows:
        counts = f"{expected} rows were validated, {good.num_rows} are good and {rejects.num_rows} are not"
        raise RowsLost(f"{attempt.task.file_name}: {counts}")
    for reason, count in sorted(Counter(rejects.column("reason").to_pylist()).items()):
        attempt.sink(RowsRejected(attempt.task.id, reason, count))
    attempt.keep(REJECTS, rejects)
    attempt.keep(GOOD, good)
