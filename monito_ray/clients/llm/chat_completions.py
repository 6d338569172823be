"""Chat completions with strict JSON answers, from OpenAI or any server that speaks its protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from monito_ray.clients.llm.rate_limit_headers import parse_rate_limits, parse_retry_after_s
from monito_ray.errors import LlmMisconfigured, LlmRateLimited, LlmRefused, LlmUnavailable, MonitoError
from monito_ray.spending import Completion, Price, price_of

CONNECT_TIMEOUT_S = 10.0
#: The SDK demands a key even for servers that want none.
_NO_KEY = "none"
#: Codes of a 429 that no wait cures: the account has no money left.
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
#: Longest text of a server that goes into a message; some send whole pages.
_LONGEST_MESSAGE = 300
#: Naming products needs no thinking, and thinking is paid for: the least that each of these models takes. Others may not know the option.
_LEAST_EFFORT = {"gpt-6-luna": "none", "gpt-5-mini": "minimal", "gpt-5-nano": "minimal"}


@dataclass(frozen=True, slots=True)
class LlmAddress:
    """Which model, where, under which key."""

    #: "" is OpenAI's own.
    base_url: str
    #: "" is for servers that want none.
    api_key: str = field(repr=False)
    model: str
    #: "" is the least that the model takes, where that is in `_LEAST_EFFORT`, else nothing is sent.
    reasoning_effort: str = ""
    #: "" leaves the choice to the provider: nothing is sent.
    service_tier: str = ""
    #: Merged into every request.
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    #: USD a million tokens of prompt, cached prompt and answer; () = as listed.
    prices: tuple[Decimal, ...] = ()

    @property
    def price(self) -> Price | None:
        """The model's price; None where it is not known."""
        return price_of(self.model, self.prices)

    def connect(self) -> "LlmClient":
        """Return a client for the event loop that runs now."""
        return LlmClient(self)


class LlmClient:
    """A connection pool to one model; belongs to one event loop. It never retries, as only the scheduler knows the limits."""

    def __init__(self, address: LlmAddress) -> None:
        import openai  # noqa: PLC0415

        self.address = address
        self._openai = openai.AsyncOpenAI(
            base_url=address.base_url or None,
            api_key=address.api_key or _NO_KEY,
            max_retries=0,
            timeout=openai.Timeout(None, connect=CONNECT_TIMEOUT_S),  # each request has its own
        )

    async def complete(
        self, system: str, user: str, response_format: Mapping[str, Any] | None, timeout_s: float, most_tokens: int = 0
    ) -> Completion:
        """Return the model's answer to `user` under the instructions `system`, in the form of `response_format` as far as the model obeys.

        `most_tokens` limits the length of the answer, the model's thinking included; 0 = no limit.

        Raises:
            LlmRateLimited: 429; `retry_after_s` is the server's.
            LlmUnavailable: no connection, no answer within `timeout_s`, 5xx, or an answer that is no chat completion.
            LlmMisconfigured: wrong key, missing permission, unknown model or address, used-up quota.
            LlmRefused: the server refuses this one request as wrong.
        """
        async with _translate_errors(), asyncio.timeout(timeout_s):
            response = await self._openai.chat.completions.with_raw_response.create(
                model=self.address.model,
                messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
                # As an extra it goes over as it is: the SDK transforms the parameters that it has by name for every request again.
                extra_body={**({"response_format": response_format} if response_format else {}), **self.address.extra_body},
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
    """Return options that not every server takes; those that are not set are not sent."""
    options = {
        "reasoning_effort": address.reasoning_effort or _LEAST_EFFORT.get(address.model, ""),
        "service_tier": address.service_tier,
        "max_completion_tokens": most_tokens,
    }
    return {name: value for name, value in options.items() if value}


def _completion(body: Any, headers: Mapping[str, str]) -> Completion:
    """Read a body without trust: servers differ in what they leave out."""
    choice = body["choices"][0]
    usage = body.get("usage") or {}
    return Completion(
        text=choice["message"].get("content") or "",
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        cached_tokens=int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        finish_reason=choice.get("finish_reason") or "",
        refusal=choice["message"].get("refusal") or "",
        limits=parse_rate_limits(headers),
        service_tier=body.get("service_tier") or "",
        is_counted=bool(usage),
    )


@cache
def _translations() -> tuple[tuple[type[Exception], type[MonitoError], str], ...]:
    """Return pairs of the SDK's errors and ours, of which the first that fits counts, with the cause to name."""
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
async def _translate_errors() -> AsyncIterator[None]:
    try:
        yield
    except tuple(theirs for theirs, _, _ in _translations()) as error:
        raise _translate(error) from error


def _translate(error: Exception) -> MonitoError:
    import openai  # noqa: PLC0415

    ours, cause = next((ours, cause) for theirs, ours, cause in _translations() if isinstance(error, theirs))
    if isinstance(error, openai.RateLimitError) and error.code in _QUOTA_CODES:
        return LlmMisconfigured("the LLM's quota is used up (429)", "Top up the account, or go on without an LLM.")
    details = f": {error.message}" if isinstance(error, openai.APIStatusError) else ""
    translated = ours(f"the LLM {cause}{details}"[:_LONGEST_MESSAGE])
    if isinstance(translated, LlmUnavailable):
        if isinstance(error, openai.APIStatusError):
            translated.retry_after_s = parse_retry_after_s(error.response.headers, datetime.now(UTC))
            translated.limits = parse_rate_limits(error.response.headers)
        else:
            translated.is_outcome_unknown = not _never_sent(error)
    return translated


def _never_sent(error: Exception) -> bool:
    """Return whether there was no connection to send the request over, so that nothing can have been paid."""
    return type(error.__cause__).__name__ in ("ConnectError", "ConnectTimeout", "PoolTimeout")
