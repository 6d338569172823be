"""Requests that an earlier driver has sent and did not live to hear of: their answers are paid for, and are waited for."""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from monito_ray import log
from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.worker import UnheardRequest
from monito_ray.errors import StoreUnavailable
from monito_ray.spending import Ledger

#: How often the workers are asked, how long is waited for the answers of all, and after how long one is asked anew.
_ASK_EVERY_S, _ANSWER_S, _FORGET_S = 0.3, 1.0, 20.0
#: Lists wait so long for a worker that says nothing, which a busy machine may be the cause of; then they go on without knowing what it asks
#: about. What it says afterwards is still recorded. While a node is cut off, they wait until it is back, or given up.
_SILENT_S = 20.0
#: Beyond a request's own time-out nothing is waited for longer than this.
_SLACK_S = 15.0


class EarlierRequests:
    """Takes the replies of workers that an earlier driver has left, records them, and keeps their answers for the lists that go on.

    Args:
        actors: those workers.
        own: who asks for this driver; the workers serve it by now, too.
        ledger: settles the requests and stores their answers; None: no ledger.
        timeout_s: how long one request may take.
    """

    def __init__(self, actors: Sequence[Any], own: str, ledger: Ledger | None, timeout_s: float) -> None:
        self._actors = list(actors)
        self._own = own
        #: By worker the question that is on its way, and when it was asked.
        self._questions: dict[Any, tuple[Any, float]] = {}
        self._ledger = ledger
        self._until = time.monotonic() + timeout_s + _SLACK_S
        self._answers: dict[str, Any] = {}
        #: By worker what its requests on their way are about, as it said last.
        self._open_keys: dict[Any, set[str]] = {}
        self._listened_from = time.monotonic()
        #: Keys of items that requests on their way are about; None before the workers have told.
        self._open: set[str] | None = None
        self._settled: set[str] = set()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Begin to take replies."""
        threading.Thread(target=self._take_all, name="llm-earlier", daemon=True).start()

    def answers(self, keys: Sequence[str], stop: threading.Event | None) -> Mapping[str, Any]:
        """Wait until no request about one of `keys` is on its way, or `stop` is set; return the answers that came."""
        needed = set(keys)
        with self._changed:
            while (self._open is None or self._open & needed) and not (stop and stop.is_set()):
                self._changed.wait(0.2)
            return {key: self._answers[key] for key in needed & self._answers.keys()}

    def _take_all(self) -> None:
        try:
            while self._actors and time.monotonic() < self._until and self._take():
                time.sleep(_ASK_EVERY_S)
        except Exception as error:  # noqa: BLE001  whatever Ray raises: what is not heard of is asked again
            log.warning("llm.unheard", code=type(error).__name__, message=str(error).partition("\n")[0])
        finally:
            with self._changed:
                self._open = set()
                self._changed.notify_all()

    def _take(self) -> bool:
        """Take the replies that have come; return whether requests are still on their way."""
        for actor, unheard in self._hear().items():
            earlier = [one for one in unheard if one.asker != self._own]
            is_settled = self._settle([one for one in earlier if one.reply is not None and one.id not in self._settled])
            self._open_keys[actor] = {key for one in earlier if one.reply is None for key in one.keys}
            if is_settled:
                actor.life.remote([one.id for one in earlier if one.reply is not None])
            if is_settled and all(one.reply is not None for one in earlier):
                self._actors.remove(actor)
        now, watch = time.monotonic(), node_watch.watch()
        if any(not watch.is_shut(node.id) for node in watch.away()):
            self._listened_from = now
        is_complete = self._open_keys.keys() >= set(self._actors) or now - self._listened_from > _SILENT_S
        with self._changed:
            self._open = {key for actor in self._actors for key in self._open_keys.get(actor, ())} if is_complete else None
            self._changed.notify_all()
        return bool(self._actors)

    def _hear(self) -> dict[Any, list[UnheardRequest]]:
        """Ask the workers what nobody has heard of; return what those say that answer. One that has died has lost what it had."""
        import ray  # noqa: PLC0415

        now = time.monotonic()
        for actor in self._actors:
            if actor not in self._questions or now - self._questions[actor][1] > _FORGET_S:
                self._questions[actor] = actor.unheard.remote(), now
        actors = {self._questions[actor][0]: actor for actor in self._actors}
        heard = {}
        for answer in ray.wait(list(actors), num_returns=len(actors), timeout=_ANSWER_S)[0]:
            actor = actors[answer]
            del self._questions[actor]
            try:
                heard[actor] = ray.get(answer)
            except ray.exceptions.ActorUnavailableError:
                continue  # it may come back
            except ray.exceptions.RayError:
                self._actors.remove(actor)
        return heard

    def _settle(self, done: Sequence[UnheardRequest]) -> bool:
        """Record replies, and keep their answers; return whether they are recorded, and so need not be kept by their workers."""
        settlements = [one.settlement() for one in done]
        with self._changed:
            for settlement in settlements:
                self._answers |= settlement.answers
        try:
            if settlements and self._ledger is not None:
                self._ledger.record(settlements, [])
        except StoreUnavailable:
            return False
        self._settled |= {one.id for one in done}
        return True
