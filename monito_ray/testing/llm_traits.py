"""What a chat-completions server and its model are like, request after request: what they refuse, how much fits, how fast they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Parameters that a request may have besides model and messages, and names of parts of `response_format` that a server may refuse alone.
FORM_PARTS = ("pattern", "json_schema", "json_object")


@dataclass(frozen=True, slots=True)
class LlmTraits:
    """All of it is off unless set."""

    #: Parameters that are refused with 400, or parts of `response_format`: "pattern", "json_schema", "json_object"; or "system role".
    refused: Sequence[str] = ()
    #: Refusals do not say why.
    is_silent: bool = False
    #: Answers to more rows than this end after so many, with `finish_reason` "length".
    cut_above: int = 0
    #: Answers to more rows than this never come.
    slow_above: int = 0
    #: Tokens of prompt and longest answer together; longer requests are refused with 400.
    context_tokens: int = 0
    #: Words in names of rows that are refused with 400 as unwanted content.
    filtered: Sequence[str] = ()
    #: Tokens that the model thinks before each answer; without room for them there is none.
    thinking_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as it goes over the wire."""

    status: int
    code: str
    message: str
    parameter: str | None = None


def refusal_of(traits: LlmTraits, body: Mapping[str, Any], names: Sequence[str], prompt_tokens: int) -> Refusal | None:
    """Return why a request about rows of these `names` is refused, None when it is not."""
    if complaint := complaint_of(body):
        return Refusal(400, "invalid_request_error", complaint)
    if part := next((part for part in traits.refused if _has(body, part)), ""):
        parameter = "response_format" if part in FORM_PARTS else part
        message = "Bad Request" if traits.is_silent else f"'{parameter}' is not supported by this server."
        return Refusal(400, "invalid_request_error", message)
    if 0 < traits.context_tokens < prompt_tokens + answer_limit(body):
        message = f"This model's maximum context length is {traits.context_tokens} tokens."
        return Refusal(400, "context_length_exceeded", message)
    if any(word in name for word in traits.filtered for name in names):
        return Refusal(400, "content_filter", "The prompt triggered the content management policy.")
    return None


def answer_limit(body: Mapping[str, Any]) -> int:
    """Return the most tokens that the answer may have; 0 without a limit."""
    return int(body.get("max_completion_tokens") or body.get("max_tokens") or 0)


def complaint_of(body: Mapping[str, Any]) -> str:
    """Return what a strict provider would complain of in the request, or ""."""
    roles = [message.get("role") for message in body.get("messages", [])]
    if not body.get("model") or roles not in (["system", "user"], ["user"]):
        return "model, a system message and a user message are required"
    form = body.get("response_format") or {"type": "text"}
    if form.get("type") in ("text", "json_object"):
        return ""
    schema = form.get("json_schema", {})
    if form.get("type") != "json_schema" or schema.get("strict") is not True or not schema.get("name"):
        return "response_format must be a named, strict json_schema"
    return "" if _is_strict(schema["schema"]) else "response_format: every property must be required and additionalProperties false"


def _has(body: Mapping[str, Any], part: str) -> bool:
    form = body.get("response_format") or {}
    if part == "system role":
        return bool(body["messages"][0]["role"] == "system")
    if part == "pattern":
        return '"pattern"' in str(form).replace("'", '"')
    return form.get("type") == part if part in FORM_PARTS else part in body


def _is_strict(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema and (
        set(schema.get("required", ())) != set(schema["properties"]) or schema.get("additionalProperties") is not False
    ):
        return False
    return all(map(_is_strict, schema.values()))
