"""How many items a request of one list may have: fewer once the server was too slow for more, or cut its answers. Pure."""

#: A cut answer shows how many items fit; this part of them is left out of the next request, since items differ in length.
_SLACK_PART = 8
#: Requests of a size that was never answered, or failed, that may be in flight at once.
_FIRST_TRIALS, _TRIALS = 4, 1
#: By this a size is divided while no answer came at all, and when one did.
_DIVISOR_WITHOUT_ANSWERS, _DIVISOR = 4, 2


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
        #: Items of the longest request that was answered, and since which none so long has failed.
        self._answered = 0

    @property
    def most_trials(self) -> int:
        """How many requests may be in flight while the size is not proved."""
        return _TRIALS if self.has_shrunk else _FIRST_TRIALS

    def on_answer(self, count: int) -> None:
        """Learn that a request of `count` items was answered whole: others of this length may leave."""
        self._answered = max(self._answered, count)
        self.limit = max(self.limit, count)
        self.is_proved = self.is_proved or 2 * count >= self.limit

    def on_failure(self, count: int, *, has_answers: bool) -> None:
        """Learn that a request of `count` items took too long, or was too long. One that failed where as long ones did well changes nothing yet."""
        if count <= self._answered:
            self._answered = count - 1
        elif count <= self.limit:
            self._shrink(count // (_DIVISOR if has_answers else _DIVISOR_WITHOUT_ANSWERS))

    def on_cut(self, count: int, answered: int, *, has_answers: bool) -> None:
        """Learn that the answer to a request of `count` items was cut after `answered`."""
        if not answered:
            self.on_failure(count, has_answers=has_answers)
        elif count <= self.limit:
            self._shrink(min(answered - answered // _SLACK_PART, count - 1), is_proved=True)

    def _shrink(self, limit: int, *, is_proved: bool = False) -> None:
        self.limit = max(1, limit)
        self.is_proved = is_proved
        self.has_shrunk = True
