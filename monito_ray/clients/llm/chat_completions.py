"""Chat completions, from OpenAI or any server that speaks its protocol."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from monito_ray.clients.llm.error_answers import ErrorAnswer, as_error, read_error, status_of
from monito_ray.clients.llm.rate_limit_headers import parse_rate_limits, parse_retry_after_s
from monito_ray.errors import LlmRefused, LlmTimedOut, LlmUnavailable, MonitoError
from monito_ray.pipeline.llm.server.server_profile import ANSWER_LIMITS, SYSTEM_ROLE
from monito_ray.spending import Completion, Price, listed_name, price_of

CONNECT_TIMEOUT_S = 10.0
#: The SDK demands a key even for servers that want none.
_NO_KEY = "none"
_OPENAI = "https://api.openai.com/v1"
_LONGEST_MESSAGE = 300
_ADDRESS_REMEDY = "Check OPENAI_BASE_URL: something else than a chat-completions server answers there."
#: How servers that are not OpenAI's say why an answer ended.
_FINISH_REASONS = {
    "max_tokens": "length",
    "model_length": "length",
    "max_output_tokens": "length",
    "safety": "content_filter",
    "recitation": "content_filter",
    "blocklist": "content_filter",
    "prohibited_content": "content_filter",
    "sensitive": "content_filter",
}
#: Kinds of parts of a message's content that belong to the answer.
_TEXT_PARTS = frozenset({"text", "output_text"})
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

    @property
    def most_tokens(self) -> int:
        """The limit on an answer's length that the settings set; 0: none."""
        limits = [self.extra_body[name] for name in ANSWER_LIMITS if name in self.extra_body]
        return limits[0] if limits and isinstance(limits[0], int) else 0

    def connect(self) -> "LlmClient":
        """Return a client for the event loop that runs now."""
        return LlmClient(self)


class LlmClient:
    """A connection pool to one model; belongs to one event loop. It never retries, as only the scheduler knows the limits."""

    def __init__(self, address: LlmAddress) -> None:
        import openai  # noqa: PLC0415

        self.address = address
        self._server = _server_name(address.base_url)
        self._openai = openai.AsyncOpenAI(
            base_url=address.base_url or None,
            api_key=address.api_key or _NO_KEY,
            max_retries=0,
            timeout=openai.Timeout(None, connect=CONNECT_TIMEOUT_S),  # each request has its own
        )

    async def complete(
        self,
        system: str,
        user: str,
        response_format: Mapping[str, Any] | None,
        timeout_s: float,
        most_tokens: int = 0,
        refused: Collection[str] = (),
    ) -> Completion:
        """Return the model's answer to `user` under the instructions `system`, in the form of `response_format` as far as the model obeys.

        `most_tokens` limits the length of the answer, the model's thinking included; 0 = no limit. `refused` are parameters that the server
        does not take: they are left out.

        Raises:
            LlmRateLimited: 429; `retry_after_s` is the server's.
            LlmTimedOut: no answer within `timeout_s`, here or at a proxy on the way.
            LlmUnavailable: no connection, 5xx, or an answer that is no chat completion.
            LlmMisconfigured: wrong key, missing permission, unknown model or address, used-up quota or credit.
            LlmRefused: the server refuses this one request as wrong; its subclasses say why.
        """
        fields = request_fields(self.address, response_format, most_tokens, refused)
        sent = {*fields, SYSTEM_ROLE} - set(refused)
        async with self._translate_errors(timeout_s, sent):
            response = await self._openai.chat.completions.with_raw_response.create(
                model=self.address.model,
                messages=_messages(system, user, has_system_role=SYSTEM_ROLE in sent),
                # As extras they go over as they are: the SDK transforms the parameters that it has by name for every request again.
                extra_body=fields,
            )
        body = _read_json(response.text)
        if failure := _error_in(body):
            raise self._translate(read_error(status_of(failure), {"error": failure}), response.headers, sent)
        try:
            return read_completion(body, response.headers, str(fields.get("service_tier", "")))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            unusable = LlmUnavailable(f"{self._server} sent no chat completion", _ADDRESS_REMEDY)
            unusable.is_outcome_unknown = True
            raise unusable from error

    @asynccontextmanager
    async def _translate_errors(self, timeout_s: float, sent: Collection[str]) -> AsyncIterator[None]:
        """Raise our errors for those of the SDK, and end the block after `timeout_s`."""
        import openai  # noqa: PLC0415

        try:
            async with asyncio.timeout(timeout_s):
                yield
        except openai.APIStatusError as error:
            raise self._translate(read_error(error.status_code, error.body), error.response.headers, sent) from error
        except (TimeoutError, openai.APITimeoutError) as error:
            if _never_sent(error):
                raise LlmUnavailable(f"{self._server} cannot be reached") from error
            raise LlmTimedOut(f"{self._server} did not answer within {timeout_s:g} s") from error
        except openai.APIConnectionError as error:
            broken = LlmUnavailable(f"{self._server} {'cannot be reached' if _never_sent(error) else 'broke the connection'}")
            broken.is_outcome_unknown = not _never_sent(error)
            raise broken from error
        except openai.OpenAIError as error:
            raise LlmUnavailable(f"{self._server} gave an unexpected answer: {error}"[:_LONGEST_MESSAGE]) from error

    def _translate(self, answer: ErrorAnswer, headers: Mapping[str, str], sent: Collection[str]) -> MonitoError:
        error = as_error(answer, sent, self._server, self.address.model)
        if isinstance(error, LlmUnavailable):
            error.retry_after_s = parse_retry_after_s(headers, datetime.now(UTC))
            error.limits = parse_rate_limits(headers)
        if isinstance(error, LlmRefused):
            error.sent = frozenset(sent)
        return error

    async def close(self) -> None:
        """Close the connections."""
        await self._openai.close()


def _messages(system: str, user: str, *, has_system_role: bool) -> list[Any]:
    """Return the messages of a request; where the model has no system role the instructions stand before the question."""
    if has_system_role:
        return [{"role": "system", "content": system}, {"role": "user", "content": user}]
    return [{"role": "user", "content": f"{system}\n\n{user}"}]


def request_fields(
    address: LlmAddress, response_format: Mapping[str, Any] | None, most_tokens: int, refused: Collection[str] = ()
) -> dict[str, Any]:
    """Return what a request has besides model and messages: not every server takes these, and those that are not set are not sent.

    Fields of the settings win. An answer's length is limited under the first name that the server may know.
    """
    fields: dict[str, Any] = {
        "response_format": response_format,
        "reasoning_effort": address.reasoning_effort or _LEAST_EFFORT.get(listed_name(address.model), ""),
        "service_tier": address.service_tier,
    }
    if not address.most_tokens:
        fields |= {name: most_tokens for name in ANSWER_LIMITS if name not in refused and most_tokens}
        if ANSWER_LIMITS[0] in fields:
            fields.pop(ANSWER_LIMITS[1], None)
    fields = {name: value for name, value in fields.items() if value} | dict(address.extra_body)
    return {name: value for name, value in fields.items() if name not in refused}


def read_completion(body: Any, headers: Mapping[str, str], requested_tier: str = "") -> Completion:
    """Read a body without trust: servers differ in what they leave out, and in the form of a message's content."""
    choice = body["choices"][0]
    message, usage = choice["message"], body.get("usage") or {}
    finish_reason = str(choice.get("finish_reason") or "").casefold()
    details = usage.get("completion_tokens_details") or {}
    return Completion(
        # Some servers put the whole answer of a model that thinks beside the content.
        text=_content_text(message.get("content")) or _content_text(message.get("reasoning_content")),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        cached_tokens=int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        finish_reason=_FINISH_REASONS.get(finish_reason, finish_reason),
        refusal=str(message.get("refusal") or ""),
        limits=parse_rate_limits(headers),
        service_tier=str(body.get("service_tier") or requested_tier),
        is_counted=bool(usage),
        thinking_tokens=int(details.get("reasoning_tokens") or 0),
    )


def _content_text(content: Any) -> str:
    """Return a message's content as one text; of a list of parts those that are text, and not what the model thought."""
    if isinstance(content, list):
        parts = [part if isinstance(part, Mapping) else {"type": "text", "text": part} for part in content]
        return "".join(str(part.get("text") or "") for part in parts if part.get("type", "text") in _TEXT_PARTS)
    return content if isinstance(content, str) else ""


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _error_in(body: Any) -> Mapping[str, Any] | None:
    """Return the error of a body that came under status 200, None where it is a completion: OpenRouter sends errors so."""
    if not isinstance(body, Mapping):
        return None
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], Mapping) else {}
    error = first.get("error") or (None if first else body.get("error"))
    return error if isinstance(error, Mapping) else {"message": error} if error else None


def _server_name(base_url: str) -> str:
    """Return how messages call the server: by its address, without the name and password that an address may hold."""
    parts = urlsplit(base_url or _OPENAI)
    return f"the LLM at {parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def _never_sent(error: Exception) -> bool:
    """Return whether there was no connection to send the request over, so that nothing can have been paid."""
    return type(error.__cause__).__name__ in ("ConnectError", "ConnectTimeout", "PoolTimeout")
