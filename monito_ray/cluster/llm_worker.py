"""The actor that asks the LLM: many requests at once in one event loop, each answer checked where it arrives."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monito_ray.clients.llm import Completion, LlmAddress, LlmClient
from monito_ray.clients.llm_prices import cost_usd
from monito_ray.errors import MonitoError
from monito_ray.pipeline import answers, prompts
from monito_ray.records import LlmUse, RawRow, Standard


@dataclass(frozen=True, slots=True)
class Reply:
    """One request's outcome. `standards` and `faults` go by the place of the row in the request; with an `error` both are empty."""

    standards: dict[int, Standard]
    faults: dict[int, str]
    use: LlmUse
    duration_ms: int
    error: MonitoError | None = None


class LlmWorker:
    """Asks one model; lives as long as its pool. Failures of the LLM are values in the reply, so that their use is counted."""

    def __init__(self, address: LlmAddress) -> None:
        self._client = LlmClient(address)
        self._model = address.model
        self._use = LlmUse()

    async def ask(self, supplier: str, rows: Sequence[RawRow], faults: Mapping[int, str], timeout_s: float) -> Reply:
        """One request about `rows`; `faults` says by place what was wrong with earlier answers."""
        started = time.monotonic()
        user = prompts.question(supplier, rows, range(len(rows)), faults)
        try:
            completion = await self._client.complete(prompts.SYSTEM_MESSAGE, user, prompts.RESPONSE_SCHEMA, timeout_s)
        except MonitoError as error:
            use = LlmUse(requests=1)
            reply = Reply({}, {}, use, _since_ms(started), error)
        else:
            checked = answers.check(rows, range(len(rows)), completion.text, completion.finish_reason, completion.refusal)
            reply = Reply(checked.settled, checked.faults, self._used(completion, len(rows)), _since_ms(started))
        self._use += reply.use
        return reply

    async def stats(self) -> LlmUse:
        """What this worker has asked since it started."""
        return self._use

    def _used(self, completion: Completion, rows: int) -> LlmUse:
        prompt, cached, answer = completion.prompt_tokens, completion.cached_tokens, completion.completion_tokens
        return LlmUse(1, rows, prompt, cached, answer, cost_usd(self._model, prompt, cached, answer))


def _since_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
