"""What the requests of this driver that are on their way are about: a list that was broken off and begins again waits for their answers."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: A list that begins has looked into the store before it asks; answers that were recorded meanwhile are kept for it, on a busy machine so long.
_RETENTION_S = 60.0
#: How often a wait looks whether it is to stop.
_LOOK_EVERY_S = 0.2


@dataclass(slots=True)
class _RequestUnderWay:
    keys: frozenset[str]
    #: None while it is on its way.
    answers: Mapping[str, Any] | None = None
    #: When its answers were recorded.
    recorded_at: float | None = None


@dataclass(slots=True, eq=False)
class _Wait:
    keys: frozenset[str]
    answers: dict[str, Any] = field(default_factory=dict)


class AnswersUnderWay:
    """Knows the requests from when they leave until a while after their answers are recorded. Threads may share it.

    Args:
        clock: gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._requests: dict[str, _RequestUnderWay] = {}
        self._waits: list[_Wait] = []
        self._changed = threading.Condition()

    def leave(self, request_id: str, keys: Sequence[str]) -> None:
        """Note that a request leaves that is about the items of these keys; without keys nobody can wait for it."""
        if keys:
            with self._changed:
                self._requests[request_id] = _RequestUnderWay(frozenset(keys))

    def come(self, request_id: str, answers: Mapping[str, Any]) -> None:
        """Note what came of a request."""
        with self._changed:
            if request := self._requests.get(request_id):
                request.answers = answers
                if not answers:
                    del self._requests[request_id]
                for wait in self._waits:
                    wait.answers |= {key: answers[key] for key in wait.keys & answers.keys()}
                self._changed.notify_all()

    def record(self, request_ids: Sequence[str]) -> None:
        """Note that the answers to these requests are stored, so that whoever looks there from now on finds them."""
        now = self._clock()
        with self._changed:
            for request_id in request_ids:
                if request := self._requests.get(request_id):
                    request.recorded_at = now
            for request_id, request in list(self._requests.items()):
                if request.recorded_at is not None and now - request.recorded_at > _RETENTION_S:
                    del self._requests[request_id]

    def take(self, keys: Sequence[str], stop: threading.Event | None = None) -> Mapping[str, Any]:
        """Wait until no request about one of `keys` is on its way, or `stop` is set; return the answers that came now or a short while ago."""
        wait = _Wait(frozenset(keys))
        with self._changed:
            for request in self._requests.values():
                wait.answers |= {key: answer for key, answer in (request.answers or {}).items() if key in wait.keys}
            self._waits.append(wait)
            try:
                while self._is_open(wait) and not (stop and stop.is_set()):
                    self._changed.wait(_LOOK_EVERY_S)
            finally:
                self._waits.remove(wait)
        return wait.answers

    def _is_open(self, wait: _Wait) -> bool:
        return any(request.answers is None and not wait.keys.isdisjoint(request.keys) for request in self._requests.values())
