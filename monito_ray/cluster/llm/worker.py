"""The LLM worker, an actor: many requests at once in one event loop, each answer checked where it arrives."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.errors import LlmUnavailable, MonitoError
from monito_ray.pipeline.llm.questions import AnswerForm, Fault, Question, check_answer
from monito_ray.records import LlmUse
from monito_ray.spending import NOTHING, Completion, ModelAddress, RateLimits


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


class LlmWorker:
    """Asks one model; lives as long as its pool. Failures of the LLM are values in the reply, so that their use is counted."""

    def __init__(self, address: ModelAddress) -> None:
        self._client = address.connect()
        self._address = address
        self._use = LlmUse()

    async def ask(
        self,
        question: Question,
        items: Sequence[Any],
        faults: Mapping[int, Fault],
        timeout_s: float,
        most_tokens: int,
        is_last: bool = False,
    ) -> WorkerReply:
        """Make one request about `items`.

        `faults` says by index what was wrong with earlier answers; `most_tokens` limits the length of the answer, 0 = no limit; `is_last`: no
        repair follows.
        """
        started = time.monotonic()
        user = question.user_message(items, faults)
        response_format = question.response_format(AnswerForm.PATTERN, len(items))
        try:
            completion = await self._client.complete(question.system_message, user, response_format, timeout_s, most_tokens)
        except MonitoError as error:
            reply = _failed(error, started)
        else:
            checked = check_answer(question, items, completion.text, completion.finish_reason, completion.refusal, is_last=is_last)
            use = self._use_of(completion, len(items))
            reply = WorkerReply(checked.accepted, checked.faults, use, _since_ms(started), None, completion.limits, completion.is_counted)
        self._use += reply.use
        return reply

    async def stats(self) -> LlmUse:
        """Return what this worker has used since it started."""
        return self._use

    def _use_of(self, completion: Completion, items: int) -> LlmUse:
        tokens = completion.prompt_tokens, completion.cached_tokens, completion.completion_tokens
        tier = completion.service_tier or self._address.service_tier
        price = self._address.price
        return LlmUse(1, items, *tokens, price.cost_usd(*tokens, tier) if price else NOTHING)


def _failed(error: MonitoError, started: float) -> WorkerReply:
    limits = error.limits if isinstance(error, LlmUnavailable) else None
    is_certain = not (isinstance(error, LlmUnavailable) and error.is_outcome_unknown)
    return WorkerReply(
        {}, {}, LlmUse(requests=1), _since_ms(started), error, limits if isinstance(limits, RateLimits) else None, is_certain
    )


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
