"""The ways in which a chat-completions server goes wrong, as tests and benchmarks ask for them."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random
from typing import Any

Answers = list[dict[str, Any]]


class Fault(StrEnum):
    """One way; the first group answers no rows at all and costs nothing, the second is paid for."""

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


# Status, the error object's code, its message.
REFUSED: dict[Fault, tuple[int, str, str]] = {
    Fault.STATUS_500: (500, "server_error", "The server had an error while processing your request."),
    Fault.STATUS_503: (503, "overloaded", "The engine is currently overloaded."),
    Fault.RATE_LIMITED: (429, "rate_limit_exceeded", "Rate limit reached."),
    Fault.QUOTA: (429, "insufficient_quota", "You exceeded your current quota."),
    Fault.UNAUTHORIZED: (401, "invalid_api_key", "Incorrect API key provided."),
    Fault.UNKNOWN_MODEL: (404, "model_not_found", "The model does not exist or you do not have access to it."),
    Fault.BAD_REQUEST: (400, "invalid_request_error", "The request is not valid."),
}


def drawn(shares: Mapping[Fault, float], chance: Random) -> Fault | None:
    """One of the faults or none: each befalls its share of the requests that the ones before it left alone."""
    return next((fault for fault, share in shares.items() if chance.random() < share), None)


def corrupted(answers: Answers, fault: Fault | None, *, as_lines: bool = True) -> str:
    """The message's content for right `answers` under `fault`: one text for each, its values with a bar between, or objects."""
    if fault in _ROWS:
        answers = _ROWS[fault]([dict(answer) for answer in answers])
    rows = [_line(answer) for answer in answers] if as_lines else answers
    text = json.dumps({"rows": rows}, ensure_ascii=False, separators=(",", ":"))  # as models write it that are held to a schema
    if fault is Fault.BROKEN_JSON:
        return "Here are the rows:\n" + text.replace('"', "'")
    if fault is Fault.TRUNCATED:
        return text[: len(text) * 2 // 3]
    return text


def _line(answer: dict[str, Any]) -> Any:
    """The answer as one text; one that has more than texts and numbers stays an object."""
    values = list(answer.values())
    return "|".join(map(str, values)) if all(isinstance(value, str | int) for value in values) else answer


def _swapped(answers: Answers) -> Answers:
    """Neighbours change ids; a last one without neighbour gets a stranger's content."""
    for first, second in zip(answers[::2], answers[1::2], strict=False):
        first["id"], second["id"] = second["id"], first["id"]
    if len(answers) % 2:
        answers[-1] |= {"check": "somebody else's", "is": "Somebody else's product||||other"}
    return answers


def _mistyped(answers: Answers) -> Answers:
    return [answer | {"check": [answer["check"]], "is": {"en": answer["is"]}} for answer in answers]


_ROWS: dict[Fault | None, Callable[[Answers], Answers]] = {
    Fault.MISSING_ROWS: lambda answers: answers[1::2],
    Fault.REPEATED_IDS: lambda answers: [*answers, answers[0] | {"is": "Something else||||other"}] if answers else answers,
    Fault.FOREIGN_IDS: lambda answers: [answer | {"id": answer["id"] + 1_000_000} for answer in answers],
    Fault.SWAPPED_IDS: _swapped,
    Fault.WRONG_TYPES: _mistyped,
    Fault.PRICE: lambda answers: [answer | {"price": 25500} for answer in answers],
}
