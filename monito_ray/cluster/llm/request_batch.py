"""The items of one request, and how they are divided among smaller requests. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from monito_ray.pipeline.llm.questions import Fault

#: How often a row with a wrong answer is asked again: first together with others, the last time alone.
REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one request, by their positions in the list."""

    positions: tuple[int, ...]
    #: What was wrong with the previous answer, by position.
    faults: Mapping[int, Fault] = field(default_factory=dict)
    #: How often the items were repeated because of faults.
    repair: int = 0
    #: Number of the attempt, from 1.
    attempt: int = 1
    not_before: float = 0.0
    #: LLM workers that died while they had this batch.
    crashes: int = 0
    #: Whether it left to find out whether a request of its size is answered.
    is_trial: bool = False

    @property
    def is_last(self) -> bool:
        """Whether no repair follows: what is wrong with this answer stays wrong."""
        return self.repair >= REPAIRS

    @property
    def is_suspect(self) -> bool:
        """Whether it seems to kill workers. One crash proves nothing: every batch in flight at the same worker is lost with it."""
        return self.crashes > 1


def batch_parts(batch: Batch, limit: int) -> list[Batch]:
    """Return the batch in parts of at most `limit` items, about equally long; each keeps the faults of its own items."""
    if len(batch.positions) <= limit:
        return [replace(batch, is_trial=False)]
    parts = []
    for places in divide_evenly(len(batch.positions), limit):
        positions = tuple(batch.positions[place] for place in places)
        faults = {position: batch.faults[position] for position in positions if position in batch.faults}
        parts.append(replace(batch, positions=positions, faults=faults, attempt=1, is_trial=False))
    return parts


def divide_evenly(count: int, limit: int) -> list[tuple[int, ...]]:
    """Divide the positions of `count` items among as few batches of at most `limit` as possible, about equally long.

    A list waits for its longest batch.
    """
    if not count:
        return []
    batches = -(-count // limit)
    bounds = [-(-count * number // batches) for number in range(batches + 1)]
    return [tuple(range(start, end)) for start, end in pairwise(bounds)]


def repairs_of(batch: Batch, faults: Mapping[int, Fault]) -> list[Batch]:
    """Return the batches that repeat the items with wrong answers: all together first, each alone the last time."""
    repair = batch.repair + 1
    if not faults or repair > REPAIRS:
        return []
    if repair < REPAIRS:
        return [Batch(tuple(faults), faults, repair)]
    return [Batch((position,), {position: fault}, repair) for position, fault in faults.items()]
