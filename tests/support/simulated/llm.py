"""The LLM: a provider that keeps a bill and goes wrong as planned, and the way there without Ray."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from monito_ray.cluster.llm.asker import LlmAsker
from monito_ray.cluster.llm.question_queue import Outcome
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import LlmWorker
from monito_ray.errors import LlmRateLimited, LlmTimedOut, LlmUnavailable
from monito_ray.pipeline.llm.questions import Question
from monito_ray.spending import Completion, Price, RateLimits
from monito_ray.testing.llm_server import answer_line
from simulated.threads import here

MODEL = "simulated-1"
PRICE = Price(Decimal(1), Decimal("0.5"), Decimal(4))
_LATENCY_S = (0.05, 1.5)
#: So that a request costs nearly as much as is reserved for it, and budgets are soon passed where reservations are forgotten.
_CHARACTERS_A_TOKEN, _MOST_ANSWER_TOKENS = 1.2, 400
RETRY_AFTER_S = 3.0


@dataclass(slots=True)
class Charge:
    """A request that reached the provider."""

    request_id: str
    process: str
    task_id: str
    at: float
    #: 0 for one that is not charged.
    cost: Decimal
    is_refused: bool = False
    #: Whether the answer came back to the program.
    is_answered: bool = False


@dataclass(slots=True)
class Provider:
    """All that reached the provider, and how it answers the next request."""

    charges: list[Charge] = field(default_factory=list)
    #: The next fault, "" for none.
    fault: str = ""
    #: Requests in any minute, 0 for any number.
    most_a_minute: int = 0
    #: When the last refusal came back, by process.
    refused_at: dict[str, float] = field(default_factory=dict)
    #: Requests whose answer was of no use.
    malformed: set[str] = field(default_factory=set)

    async def complete(self, system: str, user: str, timeout_s: float) -> Completion:
        """Answer; the time passes for the strand that asks."""
        world = here()
        request: Request = world.current.request
        charge = Charge(request.id, world.process.name, request.queue.task_id, world.now, Decimal(0))
        self.charges.append(charge)
        world.point("llm", request.id)
        fault, self.fault = self.fault, ""
        if fault == "rate_limited" or self._is_over_limit(world.now):
            charge.is_refused = True
            world.sleep(0.01)
            refused = LlmRateLimited("too many requests")
            refused.retry_after_s = RETRY_AFTER_S
            self.refused_at[charge.process] = world.now
            raise refused
        if fault == "unavailable":
            world.sleep(0.01)
            raise LlmUnavailable("no connection")
        if fault == "malformed":
            self.malformed.add(request.id)
        text = "nothing of use" if fault == "malformed" else _answer(user)
        prompt, answer = (int(len(written) / _CHARACTERS_A_TOKEN) + 1 for written in (system + user, text))
        charge.cost = PRICE.cost_usd(prompt, 0, answer)
        if fault == "slow":
            world.sleep(timeout_s)
            raise LlmTimedOut("no answer in time")
        world.sleep(world.random.uniform(*_LATENCY_S))
        if fault == "lost":
            lost = LlmUnavailable("the connection broke")
            lost.is_outcome_unknown = True
            raise lost
        charge.is_answered = True
        return Completion(text, prompt, 0, answer, "stop", "", RateLimits(), "", is_counted=True)

    def _is_over_limit(self, now: float) -> bool:
        lately = sum(charge.at > now - 60 and not charge.is_refused for charge in self.charges)
        return bool(self.most_a_minute) and lately > self.most_a_minute


def _answer(user: str) -> str:
    asked = json.loads(user.rpartition("\n\n")[2])
    if "pairs" in asked:
        pairs = [{"id": pair["id"], "check": pair["check"], "telling": "", "same": "unsure"} for pair in asked["pairs"]]
        return json.dumps({"pairs": pairs})
    rows = [f"{row['id']}|{row.get('check', '')}|{answer_line({'standardized_name': row['name']})}" for row in asked.get("rows", ())]
    return json.dumps({"rows": rows})


@dataclass(frozen=True, slots=True)
class Address:
    """Where the provider is."""

    provider: Provider
    model: str = MODEL
    most_tokens: int = _MOST_ANSWER_TOKENS
    price: Price | None = PRICE

    def connect(self) -> "_Client":
        """Return a connection."""
        return _Client(self.provider)


@dataclass(frozen=True, slots=True)
class _Client:
    provider: Provider

    async def complete(
        self,
        system: str,
        user: str,
        response_format: Mapping[str, Any] | None,  # noqa: ARG002
        timeout_s: float,
        most_tokens: int = 0,  # noqa: ARG002
        refused: Collection[str] = (),  # noqa: ARG002
    ) -> Completion:
        return await self.provider.complete(system, user, timeout_s)

    async def close(self) -> None:
        """Nothing is open."""


class SimulatedLlm(LlmAsker):
    """Asks the provider, each request in a strand of its own."""

    def __init__(self, address: Address, concurrency: int, batch_rows: int, laws: Any, **others: Any) -> None:
        super().__init__(address, concurrency, batch_rows, **others)
        self._worker = LlmWorker(address)
        self._laws = laws
        self._is_started = False

    def _start(self) -> None:
        if not self._is_started:
            self._is_started = True
            self._scheduler.start()

    def close(self) -> None:
        """Let nothing more leave."""
        self._scheduler.close()

    def ask(
        self, question: Question, items: Sequence[Any], keys: Sequence[str] = (), stop: Any = None, user_id: int = 0, task_id: str = ""
    ) -> Iterator[Outcome]:
        """Do as `LlmAsker.ask`."""
        self._laws.on_ask(task_id, keys)
        return super().ask(question, items, keys, stop, user_id, task_id)

    def _send(self, request: Request) -> None:
        self._laws.on_send(request)
        strand = here().spawn(here().process, f"request {request.id}", partial(self._make, request))
        strand.request = request

    def _make(self, request: Request) -> None:
        asking = self._worker.ask(request.queue.question, request.items, request.faults, request.options(self._timeout_s))
        try:
            asking.send(None)
        except StopIteration as ended:
            self._laws.on_answer(request, ended.value)
            self._scheduler.on_reply(request, ended.value)
