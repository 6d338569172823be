"""The LLM worker, an actor: many requests at once in one event loop, each answer checked where it arrives."""

import asyncio
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from monito_ray.errors import LlmNodeLost, LlmUnavailable, MonitoError
from monito_ray.pipeline.llm.questions import AnswerForm, Fault, Question, check_answer
from monito_ray.records import LlmUse
from monito_ray.spending import NOTHING, Completion, LlmSettlement, ModelAddress, RateLimits

#: Servers count tokens a little differently.
_NEARLY = 0.9
#: How the thinking of open models begins and ends, where the server leaves it in the content.
_THINKING_STARTS, _THINKING_END = ("<think", "<reasoning"), "</"


class Shortfall(StrEnum):
    """Why an answer ends before its last row, where another request may do better."""

    NONE = ""
    #: It reached the longest answer that is allowed.
    CUT = "cut"
    #: The model thought until there was no room for an answer.
    THINKING = "thinking"
    #: The provider, or the model, withholds it.
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """How a request is made, whatever it asks."""

    timeout_s: float
    #: Limit on the length of the answer; 0 = none.
    most_tokens: int
    form: AnswerForm = AnswerForm.PATTERN
    #: Parameters that the server does not take.
    refused: frozenset[str] = frozenset()
    #: No repair follows: what holds of a faulty answer is taken.
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class WorkerReply:
    """What came of one request."""

    #: What may be believed of the answer, by the item's index in the request; empty with an `error`.
    standards: dict[int, Any]
    #: What is wrong with the answer about the other items, by index; empty with an `error`.
    faults: dict[int, Fault]
    use: LlmUse
    duration_ms: int
    error: MonitoError | None = None
    #: The limits that the provider announced with it.
    limits: RateLimits | None = None
    #: Whether `use` is what the request took; if not, the answer may have been paid for.
    is_certain: bool = True
    #: How many of the faults are of form.
    form_faults: int = 0
    shortfall: Shortfall = Shortfall.NONE


@dataclass(frozen=True, slots=True)
class UnheardRequest:
    """A request whose reply no driver has acknowledged."""

    id: str
    #: One for each item; answers are stored under them. Empty: they are not stored.
    keys: tuple[str, ...]
    #: Who asked for it: the group of a driver.
    asker: str = ""
    #: None while it is on its way.
    reply: WorkerReply | None = None

    def settlement(self) -> LlmSettlement:
        """Return its settlement, with the answers to store; it has a reply."""
        reply = self.reply
        if reply is None:
            raise ValueError(f"request {self.id} is on its way")
        answers = {self.keys[index]: standard for index, standard in reply.standards.items()} if self.keys else {}
        return LlmSettlement(self.id, reply.use, reply.is_certain, reply.error.code if reply.error else "", answers)


@dataclass(frozen=True, slots=True)
class WorkerLife:
    """One life of a worker, from its start to its death: Ray starts it again, maybe elsewhere."""

    id: str
    node_id: str


class LlmWorker:
    """Asks one model; lives as long as its pool, or outlives it. Failures of the LLM are values in the reply, so that their use is counted.

    Args:
        address: the model and where it is.
        alone_s: how long it lives without a driver that asks whether it does; 0: as long as its pool.

    Each reply is kept until a driver acknowledges it: Ray may lose it on the way, and the driver may die before it is recorded.
    """

    def __init__(self, address: ModelAddress, alone_s: float = 0.0) -> None:
        self._client = address.connect()
        self._address = address
        self._use = LlmUse()
        self._life = uuid.uuid4().hex
        self._alone_s = alone_s
        self._unheard: dict[str, UnheardRequest] = {}
        #: Requests that were looked up before they came.
        self._refused_ids: set[str] = set()
        self._heard_at = time.monotonic()
        self._end: asyncio.Task[None] | None = None

    async def life(self, acknowledged: Sequence[str] = ()) -> WorkerLife:
        """Return which life this is, and where; replies of `acknowledged` requests are kept no longer."""
        import ray  # noqa: PLC0415

        self._heard_at = time.monotonic()
        for request_id in acknowledged:
            self._unheard.pop(request_id, None)
        if self._alone_s and self._end is None:
            self._end = asyncio.get_running_loop().create_task(self._end_when_alone())
        return WorkerLife(self._life, ray.get_runtime_context().get_node_id())

    async def unheard(self) -> list[UnheardRequest]:
        """Return the requests whose replies nobody has acknowledged."""
        return list(self._unheard.values())

    async def look_up(self, request_ids: Sequence[str]) -> tuple[str, dict[str, UnheardRequest | None]]:
        """Return which life this is, and what it has of these requests: None for one that did not come, and is not made any more."""
        requests = {request_id: self._unheard.get(request_id) for request_id in request_ids}
        self._refused_ids |= {request_id for request_id, request in requests.items() if request is None}
        return self._life, requests

    async def ask(
        self,
        question: Question,
        items: Sequence[Any],
        faults: Mapping[int, Fault],
        options: RequestOptions,
        request_id: str = "",
        keys: tuple[str, ...] = (),
        asker: str = "",
    ) -> WorkerReply:
        """Make one request about `items`; `faults` says by index what was wrong with earlier answers.

        `request_id` and `keys` are those under which the ledger has it, for a driver that takes it over. "": its reply is not kept.
        """
        if not request_id:
            return await self._ask(question, items, faults, options)
        if request_id in self._refused_ids:
            return WorkerReply({}, {}, LlmUse(), 0, LlmNodeLost("the request came too late"))
        self._unheard[request_id] = UnheardRequest(request_id, keys, asker)
        try:
            reply = await self._ask(question, items, faults, options)
        except BaseException:
            del self._unheard[request_id]
            raise
        self._unheard[request_id] = replace(self._unheard[request_id], reply=reply)
        return reply

    async def _end_when_alone(self) -> None:
        """End this actor once no driver was heard of for long and nothing is on its way."""
        import ray  # noqa: PLC0415

        while time.monotonic() - self._heard_at < self._alone_s or any(one.reply is None for one in self._unheard.values()):  # noqa: ASYNC110
            await asyncio.sleep(min(1.0, self._alone_s))  # nothing tells of silence
        ray.kill(ray.get_runtime_context().current_actor)

    async def _ask(self, question: Question, items: Sequence[Any], faults: Mapping[int, Fault], options: RequestOptions) -> WorkerReply:
        started = time.monotonic()
        user = question.user_message(items, faults)
        response_format = question.response_format(options.form, len(items))
        try:
            completion = await self._client.complete(
                question.system_message, user, response_format, options.timeout_s, options.most_tokens, options.refused
            )
        except MonitoError as error:
            reply = _failed(error, started)
        else:
            checked = check_answer(question, items, completion.text, completion.finish_reason, completion.refusal, is_last=options.is_last)
            reply = WorkerReply(
                checked.accepted,
                checked.faults,
                self._use_of(completion, len(items)),
                _since_ms(started),
                limits=completion.limits,
                is_certain=completion.is_counted,
                form_faults=checked.form_faults,
                shortfall=shortfall_of(completion, options.most_tokens, has_answers=bool(checked.accepted)),
            )
        self._use += reply.use
        return reply

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def stats(self) -> LlmUse:
        """Return what this worker has used since it started."""
        return self._use

    def _use_of(self, completion: Completion, items: int) -> LlmUse:
        tokens = completion.prompt_tokens, completion.cached_tokens, completion.completion_tokens
        price = self._address.price
        return LlmUse(1, items, *tokens, price.cost_usd(*tokens, completion.service_tier) if price else NOTHING)


def shortfall_of(completion: Completion, most_tokens: int, *, has_answers: bool) -> Shortfall:
    """Return why an answer, of which `most_tokens` were allowed, is not whole; `has_answers`: something of it can be believed."""
    if completion.refusal or completion.finish_reason == "content_filter":
        return Shortfall.WITHHELD
    if completion.finish_reason != "length":
        return Shortfall.NONE
    # An answer that ended before the limit that was set met another one: more room is of no use.
    is_limit_ours = not completion.completion_tokens or completion.completion_tokens >= _NEARLY * most_tokens
    return Shortfall.THINKING if is_limit_ours and not has_answers and _has_only_thought(completion) else Shortfall.CUT


def _has_only_thought(completion: Completion) -> bool:
    text = completion.text.lstrip()
    is_thought = text.startswith(_THINKING_STARTS) and _THINKING_END not in text
    return not text or is_thought or 2 * completion.thinking_tokens > completion.completion_tokens


def _failed(error: MonitoError, started: float) -> WorkerReply:
    limits = error.limits if isinstance(error, LlmUnavailable) else None
    is_certain = not (isinstance(error, LlmUnavailable) and error.is_outcome_unknown)
    return WorkerReply(
        {}, {}, LlmUse(requests=1), _since_ms(started), error, limits if isinstance(limits, RateLimits) else None, is_certain
    )


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
