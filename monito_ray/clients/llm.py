"""Chat completions with strict JSON answers, from OpenAI or any server that speaks its protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from monito_ray.errors import LlmMisconfigured, LlmRateLimited, LlmRefused, LlmUnavailable, MonitoError

if TYPE_CHECKING:
    import openai

CONNECT_TIMEOUT_S = 10.0
_NO_KEY = "none"
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_LIMITS = tuple(f"x-ratelimit-{what}-{of}" for what in ("limit", "remaining", "reset") for of in ("requests", "tokens"))
# Naming products needs no thinking, and thinking is paid for.
_OPTIONS: dict[str, dict[str, Any]] = {"gpt-6-luna": {"reasoning_effort": "none"}}


@dataclass(frozen=True, slots=True)
class LlmAddress:
    """Which model, where, under which key; "" as `base_url` is OpenAI's own, "" as key is for servers that want none."""

    base_url: str
    api_key: str = field(repr=False)
    model: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. `cached_tokens` are part of `prompt_tokens`; `limits` are the `x-ratelimit-*` headers that came with it."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    finish_reason: str
    refusal: str
    limits: Mapping[str, str]


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

    async def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float) -> Completion:
        """The model's answer to `user` under the instructions `system`, in the form of `schema` as far as it obeys.

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
                response_format={"type": "json_schema", "json_schema": {"name": "rows", "strict": True, "schema": dict(schema)}},
                **_OPTIONS.get(self.address.model, {}),
            )
        try:
            return _completion(json.loads(response.text), response.headers)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise LlmUnavailable("the LLM sent no chat completion") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()


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
        limits={name: headers[name] for name in _LIMITS if name in headers},
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
    if isinstance(translated, LlmUnavailable) and isinstance(error, openai.APIStatusError):
        translated.retry_after_s = _retry_after(error)
    return translated


def _retry_after(error: "openai.APIStatusError") -> float | None:
    """Seconds from `retry-after-ms` or `retry-after`; None where neither is a sane number."""
    for header, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait_s = float(error.response.headers.get(header, "")) * unit_s
        except ValueError:
            continue
        if 0 <= wait_s < float("inf"):
            return wait_s
    return None
