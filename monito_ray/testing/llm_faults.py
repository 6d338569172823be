"""Ways in which a chat-completions server goes wrong, for tests and benchmarks to choose from."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random
from typing import Any

Answers = list[dict[str, Any]]


class LlmFault(StrEnum):
    """One way to go wrong. The first group answers no rows at all and costs nothing, the second is paid for."""

    STATUS_500 = "status_500"
    STATUS_503 = "status_503"
    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN_MODEL = "unknown_model"
    BAD_REQUEST = "bad_request"
    RESET = "reset"
    HANG = "hang"
    NO_COMPLETION = "no_completion"

    BROKEN_JSON = "broken_json"
    MISSING_ROWS = "missing_rows"
    REPEATED_IDS = "repeated_ids"
    FOREIGN_IDS = "foreign_ids"
    SWAPPED_IDS = "swapped_ids"
    WRONG_TYPES = "wrong_types"
    TRUNCATED = "truncated"
    REFUSAL = "refusal"
    PRICE = "price"


#: Faults that are an HTTP error: status, code of the error object, its message.
ERROR_ANSWERS: dict[LlmFault, tuple[int, str, str]] = {
    LlmFault.STATUS_500: (500, "server_error", "The server had an error while processing your request."),
    LlmFault.STATUS_503: (503, "overloaded", "The engine is currently overloaded."),
    LlmFault.RATE_LIMITED: (429, "rate_limit_exceeded", "Rate limit reached."),
    LlmFault.QUOTA: (429, "insufficient_quota", "You exceeded your current quota."),
    LlmFault.UNAUTHORIZED: (401, "invalid_api_key", "Incorrect API key provided."),
    LlmFault.UNKNOWN_MODEL: (404, "model_not_found", "The model does not exist or you do not have access to it."),
    LlmFault.BAD_REQUEST: (400, "invalid_request_error", "The request is not valid."),
}


def draw_fault(shares: Mapping[LlmFault, float], chance: Random) -> LlmFault | None:
    """Return one of the faults or None: each takes its share of the requests that the ones before it left alone."""
    return next((fault for fault, share in shares.items() if chance.random() < share), None)


def corrupt_answers(answers: Answers, fault: LlmFault | None, *, as_lines: bool = True) -> str:
    """Return the content of the message for right `answers` under `fault`: a text for each, with bars between its values, or an object."""
    if fault in _ROWS:
        answers = _ROWS[fault]([dict(answer) for answer in answers])
    rows = [_line(answer) for answer in answers] if as_lines else answers
    # Models that are held to a schema write JSON without spaces.
    text = json.dumps({"rows": rows}, ensure_ascii=False, separators=(",", ":"))
    if fault is LlmFault.BROKEN_JSON:
        return "Here are the rows:\n" + text.replace('"', "'")
    if fault is LlmFault.TRUNCATED:
        return text[: len(text) * 2 // 3]
    return text


def _line(answer: dict[str, Any]) -> Any:
    """Return the answer as one text; an answer with other values than texts and numbers stays an object."""
    values = list(answer.values())
    return "|".join(map(str, values)) if all(isinstance(value, str | int) for value in values) else answer


def _swapped(answers: Answers) -> Answers:
    """Exchange the ids of neighbours; a last answer without a neighbour gets the content of another product."""
    for first, second in zip(answers[::2], answers[1::2], strict=False):
        first["id"], second["id"] = second["id"], first["id"]
    if len(answers) % 2:
        answers[-1] |= {"check": "somebody else's", "is": "Somebody else's product||||other"}
    return answers


def _mistyped(answers: Answers) -> Answers:
    return [answer | {"check": [answer["check"]], "is": {"en": answer["is"]}} for answer in answers]


_ROWS: dict[LlmFault | None, Callable[[Answers], Answers]] = {
    LlmFault.MISSING_ROWS: lambda answers: answers[1::2],
    LlmFault.REPEATED_IDS: lambda answers: [*answers, answers[0] | {"is": "Something else||||other"}] if answers else answers,
    LlmFault.FOREIGN_IDS: lambda answers: [answer | {"id": answer["id"] + 1_000_000} for answer in answers],
    LlmFault.SWAPPED_IDS: _swapped,
    LlmFault.WRONG_TYPES: _mistyped,
    LlmFault.PRICE: lambda answers: [answer | {"price": 25500} for answer in answers],
}
