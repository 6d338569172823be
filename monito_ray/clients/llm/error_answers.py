"""What an error that a server answers means: one of our errors, with the remedy for its cause. Pure.

Servers agree on few codes, so texts are looked at, too: those of OpenAI, Azure, OpenRouter, DeepSeek, Mistral, Gemini, llama.cpp, vLLM, Ollama,
LM Studio and litellm.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from monito_ray.errors import (
    LlmMisconfigured,
    LlmParameterRefused,
    LlmRateLimited,
    LlmRefused,
    LlmTimedOut,
    LlmTooLong,
    LlmUnavailable,
    LlmWithheld,
    MonitoError,
)
from monito_ray.pipeline.llm.server.server_profile import RESPONSE_FORMAT, SYSTEM_ROLE

#: Longest text of a server that goes into a message; some send whole pages, or the request itself.
_LONGEST_MESSAGE = 300

#: Status of an answer that is an error without one.
NO_STATUS = 502
#: Statuses with which a server, or a proxy before it, ends a request that takes too long.
_TIMEOUTS = frozenset({408, 504, 524})
#: Statuses under which the text says more than the number: some servers refuse requests with 403, 404 or 500.
_SPEAKING = frozenset({400, 403, 404, 413, 422, 500})
#: Codes of a 429 that no wait cures: the account has no money left.
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
#: Codes in place of a status, in bodies that are an error under status 200.
_STATUS_OF_CODE = {
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "invalid_api_key": 401,
    "model_not_found": 404,
    "context_length_exceeded": 400,
}

_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|string_above_max_length|request_too_large|maximum context|context (?:length|size|window)"
    r"|prompt is too long|input is too long|too many (?:input )?tokens|reduce the length"
    r"|max_(?:completion_|output_)?tokens\W.{0,80}?(?:too large|too high|exceed|at most|at least|less than|maximum|out of range)"
)
_WITHHELD = re.compile(
    r"content[_ ]filter|content[_ ]policy|content management policy|responsible ?ai|moderation|flagged|data_inspection_failed"
    r"|inappropriate content|content exists risk|blocked by|safety (?:filter|system|polic)"
)
_NO_CREDIT = re.compile(r"insufficient[_ ](?:balance|credit|fund|quota)|credit balance|not enough credit|payment required|billing")
_UNKNOWN_MODEL = re.compile(
    r"model_not_found|invalid model|unknown model|no such model|no models? (?:is |are )?loaded|not a valid model|unexpected model name"
    r"|model\b.{0,120}?(?:not found|not exist|unknown|not available|not loaded|no longer|deprecated|decommissioned|try pulling)"
)
_WRONG_KEY = re.compile(r"api[ _-]?key|authentication|unauthorized|invalid token")
#: Words of refusals of `response_format` that do not name it.
_OF_FORM = re.compile(
    r"response[_ ]?(?:format|schema)|json[_ ]?schema|json[_ ](?:object|mode)|structured[_ ]output|grammar|guided|generation_config|additionalproperties"
    r"|min_?items|max_?items|\bregex|\bpattern\b|requested parameters"
)

#: Templates of models without a system role raise this, as do those that want turns to alternate.
_OF_SYSTEM_ROLE = re.compile(r"system role|roles? must alternate|(?:role|message).{0,30}\bsystem\b.{0,40}not (?:supported|allowed)")

_KEY_REMEDY = "Check OPENAI_API_KEY: the server of OPENAI_BASE_URL wants another one."
_RIGHTS_REMEDY = "The key of OPENAI_API_KEY may not use this model or this server: ask for the right, or set another."
_MODEL_REMEDY = "Check MONITO_LLM_MODEL: the server has no model of this name."
_ADDRESS_REMEDY = "Check OPENAI_BASE_URL: it ends as the server's own examples do, mostly in /v1."
_CREDIT_REMEDY = "Top up the account, or go on without an LLM (`--no-llm`)."


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error as the server words it; "" for what it leaves out."""

    status: int
    message: str
    code: str = ""
    #: The parameter that it names.
    parameter: str = ""

    @property
    def text(self) -> str:
        """Code and message, folded."""
        return f"{self.code} {self.message}".casefold()


def read_error(status: int, body: Any) -> ErrorAnswer:
    """Read the body of an error without trust: `{"error": {...}}`, `{"error": text}`, `{"detail": ...}`, `{"message": text}`, a text, or nothing."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    if not isinstance(error, Mapping):
        return ErrorAnswer(status, _text(error))
    detail = error.get("detail")
    parameter = _text(error.get("param")) or _located(detail)
    code = " ".join(filter(None, (_text(error.get(name)) for name in ("code", "type"))))
    return ErrorAnswer(status, _text(error.get("message") or detail or error.get("metadata") or error), code, parameter)


def status_of(body: Any) -> int:
    """Return the status that belongs to an error in a body that came under 200: its code, if that is one."""
    code = _text(body.get("code") if isinstance(body, Mapping) else "")
    if code.isdecimal() and 400 <= int(code) < 600:
        return int(code)
    return _STATUS_OF_CODE.get(code.casefold(), NO_STATUS)


def as_error(answer: ErrorAnswer, sent: Collection[str], server: str, model: str) -> MonitoError:
    """Return our error for a server's; `sent` are the names of the parameters that the request had besides model and messages, and `SYSTEM_ROLE`."""
    error = _of_text(answer, sent, model) if answer.status in _SPEAKING else None
    return _worded(error or _of_status(answer, model), answer, server)


def _of_text(answer: ErrorAnswer, sent: Collection[str], model: str) -> MonitoError | None:
    text = answer.text
    if _TOO_LONG.search(text) or answer.status == 413:
        return LlmTooLong("takes no request of this length")
    if _WITHHELD.search(text):
        return LlmWithheld("withholds its answer because of what a row says")
    if parameter := _refused_parameter(answer, sent):
        error = LlmParameterRefused(f"does not take {parameter}")
        error.parameter = parameter
        return error
    if _NO_CREDIT.search(text):
        return LlmMisconfigured("has no credit left for this key", _CREDIT_REMEDY)
    if answer.status != 500 and _UNKNOWN_MODEL.search(text):
        return LlmMisconfigured(f"does not know the model {model}", _MODEL_REMEDY)
    if answer.status in (400, 422) and _WRONG_KEY.search(text):
        return LlmMisconfigured("does not take the key", _KEY_REMEDY)
    return None


def _refused_parameter(answer: ErrorAnswer, sent: Collection[str]) -> str:
    """Return the parameter of those `sent` that the server refuses, "" where it names none."""
    named = re.split(r"[.\[]", answer.parameter)[0]
    if named in sent:
        return named
    for name in sorted(sent, key=len, reverse=True):
        if re.search(rf"\b{re.escape(name.casefold())}\b", answer.text):
            return name
    if SYSTEM_ROLE in sent and _OF_SYSTEM_ROLE.search(answer.text):
        return SYSTEM_ROLE
    return RESPONSE_FORMAT if RESPONSE_FORMAT in sent and _OF_FORM.search(answer.text) else ""


def _of_status(answer: ErrorAnswer, model: str) -> MonitoError:
    status = answer.status
    match status:
        case 401:
            return LlmMisconfigured("does not take the key", _KEY_REMEDY)
        case 402:
            return LlmMisconfigured("has no credit left for this key", _CREDIT_REMEDY)
        case 403:
            return LlmMisconfigured("does not allow this", _RIGHTS_REMEDY)
        case 404 if "model" in answer.text:
            return LlmMisconfigured(f"does not know the model {model}", _MODEL_REMEDY)
        case 404 | 405:
            return LlmMisconfigured("knows no chat completions at this address", _ADDRESS_REMEDY)
        case 429 if _QUOTA_CODES & set(answer.code.split()):
            return LlmMisconfigured("has no quota left for this key", _CREDIT_REMEDY)
        case 429:
            return LlmRateLimited("asks for fewer requests")
        case _ if status in _TIMEOUTS:
            return LlmTimedOut("did not answer in time")
        case 409 | 425:
            return LlmUnavailable("cannot take the request now")
    return LlmRefused("takes the request for wrong") if 400 <= status < 500 else LlmUnavailable("failed")


def _worded(error: MonitoError, answer: ErrorAnswer, server: str) -> MonitoError:
    """Return `error` with the server's address before its message, and status and words of the server behind it."""
    words = f": {' '.join(answer.message.split()).rstrip('.')}" if answer.message else ""
    worded = type(error)(f"{server} {error} ({answer.status}){words}"[:_LONGEST_MESSAGE], error.remedy)
    if isinstance(error, LlmParameterRefused) and isinstance(worded, LlmParameterRefused):
        worded.parameter = error.parameter
    return worded


def _located(detail: Any) -> str:
    """Return the parameter that a list of validation errors (`{"loc": ["body", "response_format"], ...}`) is about, "" for anything else."""
    locations = [entry.get("loc") for entry in detail if isinstance(entry, Mapping)] if isinstance(detail, list) else []
    parts = [part for location in locations if isinstance(location, list) for part in location if isinstance(part, str) and part != "body"]
    return parts[0] if parts else ""


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)
