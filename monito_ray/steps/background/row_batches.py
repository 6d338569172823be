"""Work on the rows of long lists in parallel: slices of all lists that wait share an execution on Ray Data."""

from collections.abc import Callable, Sequence

import pyarrow as pa

from monito_ray.cluster.batches import RowSlice, TableFunction
from monito_ray.steps.background.coalescing import Coalescer

#: Blocks of one list in an execution, for each core. Fewer leave cores idle at the end of an execution; more make the other lists wait.
BLOCKS_A_CORE = 2
#: A list that is short for all cores is cut into smaller blocks, down to this part of a block: still smaller, a block costs more than its work.
LEAST_BLOCK_PART = 4


class RowBatches:
    """Runs functions over the rows of lists, on `cores()` cores.

    `map_slices` runs slices of several lists at once. A list gives one slice to each execution, so that another list waits for a slice of a
    long one and not for the whole of it.
    """

    def __init__(self, map_slices: Callable[[Sequence[RowSlice]], Sequence[pa.Table]], cores: Callable[[], int]) -> None:
        self._executions = Coalescer(map_slices)
        self._cores = cores

    def map(
        self, rows: pa.Table, function: TableFunction, fallback: TableFunction, block_rows: int, check_stop: Callable[[], None]
    ) -> pa.Table:
        """Return a row for each of `rows`, in order: `function` over blocks of up to `block_rows`, `fallback` over rows that kill.

        `check_stop` is called before each execution and while another's is waited for, and may raise.

        Raises:
            MonitoError: as `function` raised it.
            ClusterUnavailable: Ray is gone.
        """
        cores = self._cores()
        rows_a_core = -(-rows.num_rows // cores)
        block_rows = min(block_rows, max(rows_a_core, -(-block_rows // LEAST_BLOCK_PART)))
        slice_rows = block_rows * BLOCKS_A_CORE * cores
        results = []
        for start in range(0, max(rows.num_rows, 1), slice_rows):
            check_stop()
            results.append(self._executions.submit(RowSlice(rows.slice(start, slice_rows), function, fallback, block_rows), check_stop))
        return pa.concat_tables(results)
