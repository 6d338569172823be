"""data_validation: every raw row becomes a good row, a duplicate, or a reject with its reason."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import pyarrow as pa

from monito_ray.errors import RowsLost
from monito_ray.events import RowsRejected
from monito_ray.jobs.artifacts import GOOD, RAW, REJECTS
from monito_ray.pipeline.rows import validation
from monito_ray.steps.context import Attempt, Workers

SLICE_ROWS = 4_000


def validate(attempt: Attempt) -> None:
    """Leave the artifacts `rejects` and `good`; lists that wait are judged together.

    Raises:
        RowsLost: rows in and rows out differ.
    """
    task, raw = attempt.task, attempt.table(RAW)
    ahead = attempt.cache.begun[0].judged if attempt.cache.begun else None
    good, rejects = validation.partition(_judged(attempt, raw) if ahead is None else ahead)
    if raw.num_rows != good.num_rows + rejects.num_rows:
        counts = f"{raw.num_rows} rows were judged, {good.num_rows} are good and {rejects.num_rows} are not"
        raise RowsLost(f"{task.file_name}: {counts}")
    for reason, count in sorted(Counter(rejects.column("reason").to_pylist()).items()):
        attempt.sink(RowsRejected(task.id, reason, count))
    attempt.keep(REJECTS, rejects)
    attempt.keep(GOOD, good)


def _judged(attempt: Attempt, raw: pa.Table) -> pa.Table:
    # In slices, so that a short list waits for a slice of a long one and not for the whole of it.
    slices = [raw.slice(start, SLICE_ROWS) for start in range(0, max(raw.num_rows, 1), SLICE_ROWS)]
    return pa.concat_tables([attempt.services.validation.submit((part, attempt.task.is_lenient)) for part in slices])


def judge_together(workers: Workers, lists: Sequence[tuple[pa.Table, bool]]) -> list[pa.Table]:
    """Judge several lists in one execution, or in two when some of them are to be judged leniently."""
    judged: dict[int, pa.Table] = {}
    for lenient in (False, True):
        places = [place for place, (_, is_lenient) in enumerate(lists) if is_lenient is lenient]
        if places:
            tables = workers.map_batches(
                [lists[place][0] for place in places], partial(validation.validate, lenient=lenient), validation.reject_all
            )
            judged |= dict(zip(places, tables, strict=True))
    return [judged[place] for place in range(len(lists))]
