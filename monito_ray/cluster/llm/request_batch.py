"""The items of one request: how many there may be, and how they are divided among smaller requests. Pure.

There are fewer once the server was too slow for more, or cut its answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from monito_ray.pipeline.llm.questions import Fault

#: How often a row with a wrong answer is asked again: first together with others, the last time alone.
REPAIRS = 2
#: Halves of fewer items take hardly less time than the whole.
FEWEST_HALVED = 20
#: A cut answer shows how many items fit; this part of them is left out of the next request, since items differ in length.
_SLACK_PART = 8
#: So many failures in a row are held for chance, where others of their size were answered.
_MOST_TRUST = 3
#: Requests of a size that was never answered that may be in flight at once.
_FIRST_TRIALS = 4
#: By this a size is divided while no answer came at all, and when one did.
_DIVISOR_WITHOUT_ANSWERS, _DIVISOR = 4, 2


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
    #: Nodes that were lost while they had this batch: no reason to suspect it.
    node_losses: int = 0
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


class BatchSize:
    """The limit of a list. While it is not proved, only few requests are in flight, so that a slow server gets few in vain.

    Args:
        limit: the items that a request may have at first.
        is_proved: whether requests of this size were answered before.
    """

    def __init__(self, limit: int, *, is_proved: bool = True) -> None:
        self.limit = limit
        self.is_proved = is_proved
        self.has_shrunk = False
        #: Requests that may be in flight while the limit is not proved.
        self.most_trials = _FIRST_TRIALS
        #: How far answers of about this size outweigh failures, so that one that passes by itself changes nothing.
        self._trust = 0

    def on_answer(self, count: int) -> None:
        """Learn that a request of `count` items was answered whole: others of this length may leave."""
        self.limit = max(self.limit, count)
        if 2 * count >= self.limit:
            self.is_proved = True
            self._trust = min(self._trust + 1, _MOST_TRUST)

    def doubt(self) -> None:
        """Let one request after the other leave until one is answered whole."""
        self.is_proved = False
        self.most_trials = 1

    def on_failure(self, count: int, *, has_answers: bool) -> None:
        """Learn that a request of `count` items took too long, or was too long."""
        if self._is_too_much(count):
            self._shrink(count // (_DIVISOR if has_answers else _DIVISOR_WITHOUT_ANSWERS))

    def on_cut(self, count: int, answered: int, *, has_answers: bool) -> int:
        """Learn that the answer to a request of `count` items was cut after `answered`; return how many of the others are asked about at once."""
        fitting = min(answered - answered // _SLACK_PART, count - 1) or count // _DIVISOR
        if not answered:
            self.on_failure(count, has_answers=has_answers)
        elif self._is_too_much(count):
            self._shrink(fitting, is_proved=True)
        return min(self.limit, fitting)

    def _is_too_much(self, count: int) -> bool:
        """Return whether a failure at `count` items says that this is too many; where as long ones did well it is first held for chance."""
        if count > self.limit:
            return False
        self._trust -= 1
        return self._trust < 0

    def _shrink(self, limit: int, *, is_proved: bool = False) -> None:
        self.limit = max(1, limit)
        self.has_shrunk = True
        self.most_trials = 1
        self._trust = 0
        self.is_proved = is_proved


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
