"""Chat completions with strict JSON answers, from OpenAI or any server that speaks its protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from monito_ray.clients.llm.rate_limit_headers import rate_limits, retry_after_s
from monito_ray.errors import LlmMisconfigured, LlmRateLimited, LlmRefused, LlmUnavailable, MonitoError
from monito_ray.spending import Completion

CONNECT_TIMEOUT_S = 10.0
_NO_KEY = "none"
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
# Naming products needs no thinking, and thinking is paid for: the least that each of these takes. Other models may not know the option.
_LEAST_EFFORT = {"gpt-6-luna": "none", "gpt-5-mini": "minimal", "gpt-5-nano": "minimal"}


@dataclass(frozen=True, slots=True)
class LlmAddress:
    """Which model, where, under which key; "" as `base_url` is OpenAI's own, "" as key is for servers that want none.

    `reasoning_effort` and `service_tier` are sent where they are set; an effort that is not is the least that a known model takes.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    reasoning_effort: str = ""
    service_tier: str = ""

    def connect(self) -> "LlmClient":
        """Return a client for the event loop that runs now."""
        return LlmClient(self)


class LlmClient:
    """A connection pool to one model; belongs to one event loop. It never retries: that is for who paces."""

    def __init__(self, address: LlmAddress) -> None:
        import openai  # noqa: PLC0415

        self.address = address
        self._openai = openai.AsyncOpenAI(
            base_url=address.base_url or None,
            api_key=address.api_key or _NO_KEY,
            max_retries=0,
            timeout=openai.Timeout(600.0, connect=CONNECT_TIMEOUT_S),
        )

    async def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float, most_tokens: int = 0) -> Completion:
        """The model's answer to `user` under the instructions `system`, in the form of `schema` as far as it obeys.

        `most_tokens` is how long the answer may be at most, what the model thinks included; 0 = as long as it likes.

        Raises:
            LlmRateLimited: 429; `retry_after_s` as the server said.
            LlmUnavailable: no connection, no answer within `timeout_s`, 5xx, or an answer that is no chat completion.
            LlmMisconfigured: wrong key, no right, unknown model or address, used-up quota.
            LlmRefused: the server takes just this request for wrong.
        """
        async with _errors_translated(), asyncio.timeout(timeout_s):
            response = await self._openai.chat.completions.with_raw_response.create(
                model=self.address.model,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
                # As an extra it goes over as it is: what the library knows by name it walks through anew for every request.
                extra_body={
                    "response_format": {"type": "json_schema", "json_schema": {"name": "rows", "strict": True, "schema": dict(schema)}}
                },
                **_options(self.address, most_tokens),
            )
        try:
            return _completion(json.loads(response.text), response.headers)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            unusable = LlmUnavailable("the LLM sent no chat completion")
            unusable.is_outcome_unknown = True
            raise unusable from error

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()


def _options(address: LlmAddress, most_tokens: int) -> dict[str, Any]:
    """What only some servers know is sent only where it is wanted."""
    wanted = {
        "reasoning_effort": address.reasoning_effort or _LEAST_EFFORT.get(address.model, ""),
        "service_tier": address.service_tier,
        "max_completion_tokens": most_tokens,
    }
    return {name: value for name, value in wanted.items() if value}


def _completion(body: Any, headers: Mapping[str, str]) -> Completion:
    """What the body says, read without trust: servers differ in what they leave out."""
    choice = body["choices"][0]
    usage = body.get("usage") or {}
    return Completion(
        text=choice["message"].get("content") or "",
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        cached_tokens=int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        finish_reason=choice.get("finish_reason") or "",
        refusal=choice["message"].get("refusal") or "",
        limits=rate_limits(headers),
        service_tier=body.get("service_tier") or "",
        is_counted=bool(usage),
    )


@cache
def _translations() -> tuple[tuple[type[Exception], type[MonitoError], str], ...]:
    """Their errors, the first that fits, and ours."""
    import openai  # noqa: PLC0415

    return (
        (openai.RateLimitError, LlmRateLimited, "asks for fewer requests (429)"),
        (openai.APITimeoutError, LlmUnavailable, "did not answer in time"),
        (openai.APIConnectionError, LlmUnavailable, "cannot be reached"),
        (openai.AuthenticationError, LlmMisconfigured, "does not take the key (401)"),
        (openai.PermissionDeniedError, LlmMisconfigured, "does not allow this (403)"),
        (openai.NotFoundError, LlmMisconfigured, "does not know this model or address (404)"),
        (openai.ConflictError, LlmUnavailable, "is in conflict with itself (409)"),
        (openai.BadRequestError, LlmRefused, "takes the request for wrong (400)"),
        (openai.UnprocessableEntityError, LlmRefused, "takes the request for wrong (422)"),
        (openai.InternalServerError, LlmUnavailable, "failed"),
        (openai.APIStatusError, LlmUnavailable, "gave an unexpected answer"),
        (openai.OpenAIError, LlmUnavailable, "gave an unexpected answer"),
        (TimeoutError, LlmUnavailable, "did not answer in time"),
    )


@asynccontextmanager
async def _errors_translated() -> AsyncIterator[None]:
    try:
        yield
    except tuple(theirs for theirs, _, _ in _translations()) as error:
        raise _translated(error) from error


def _translated(error: Exception) -> MonitoError:
    import openai  # noqa: PLC0415

    ours, cause = next((ours, cause) for theirs, ours, cause in _translations() if isinstance(error, theirs))
    if isinstance(error, openai.RateLimitError) and error.code in _QUOTA_CODES:
        return LlmMisconfigured("the LLM's quota is used up (429)", "Top up the account, or go on without an LLM.")
    said = f": {error.message}" if isinstance(error, openai.APIStatusError) else ""
    translated = ours(f"the LLM {cause}{said}"[:300])
    if isinstance(translated, LlmUnavailable):
        if isinstance(error, openai.APIStatusError):
            translated.retry_after_s = retry_after_s(error.response.headers, datetime.now(UTC))
            translated.limits = rate_limits(error.response.headers)
        else:
            translated.is_outcome_unknown = not _never_sent(error)
    return translated


def _never_sent(error: Exception) -> bool:
    """Whether there was no connection to send the request over."""
    return type(error.__cause__).__name__ in ("ConnectError", "ConnectTimeout", "PoolTimeout")
