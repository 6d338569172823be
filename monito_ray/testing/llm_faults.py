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
    NO_CREDIT = "no_credit"
    NO_MODEL = "no_model"
    GATEWAY_TIMEOUT = "gateway_timeout"
    ERROR_IN_200 = "error_in_200"
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
    #: Forms in which servers and models that hold to no schema answer rightly.
    FENCED = "fenced"
    PROSE = "prose"
    THINKING = "thinking"
    BARE_ARRAY = "bare_array"
    PARTS = "parts"
    NO_USAGE = "no_usage"
    #: The answer goes on until it is stopped.
    RUN_AWAY = "run_away"
    WITHHELD = "withheld"


#: Faults that are an HTTP error: status, code of the error object, its message.
ERROR_ANSWERS: dict[LlmFault, tuple[int, str, str]] = {
    LlmFault.STATUS_500: (500, "server_error", "The server had an error while processing your request."),
    LlmFault.STATUS_503: (503, "overloaded", "The engine is currently overloaded."),
    LlmFault.RATE_LIMITED: (429, "rate_limit_exceeded", "Rate limit reached."),
    LlmFault.QUOTA: (429, "insufficient_quota", "You exceeded your current quota."),
    LlmFault.UNAUTHORIZED: (401, "invalid_api_key", "Incorrect API key provided."),
    LlmFault.UNKNOWN_MODEL: (404, "model_not_found", "The model does not exist or you do not have access to it."),
    LlmFault.NO_CREDIT: (402, "insufficient_balance", "Insufficient Balance"),
    LlmFault.NO_MODEL: (400, "invalid_request_error", "Invalid model name passed in model=home-grown. Call `/v1/models` to see them."),
    LlmFault.GATEWAY_TIMEOUT: (504, "", "Gateway Time-out"),
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
    return _DRESSES[fault](text) if fault in _DRESSES else text


def cut_answers(answers: Answers, whole: int, *, as_lines: bool = True) -> str:
    """Return the content that ends within the answer after `whole` ones, as where the room for it is used up."""
    text = corrupt_answers(answers[: whole + 1], None, as_lines=as_lines)
    return text[:-6]


def as_message(content: str, fault: LlmFault | None) -> dict[str, Any]:
    """Return the message of a completion with this content."""
    if fault is LlmFault.REFUSAL:
        return {"role": "assistant", "content": None, "refusal": "I'm sorry, I can't help with that."}
    if fault is LlmFault.PARTS:
        middle = len(content) // 2
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Let me see."}]}
        return {
            "role": "assistant",
            "content": [thought, *({"type": "text", "text": text} for text in (content[:middle], content[middle:]))],
        }
    return {"role": "assistant", "content": "" if fault is LlmFault.WITHHELD else content, "refusal": None}


def finish_reason_of(fault: LlmFault | None) -> str:
    """Return why the completion ended."""
    if fault in (LlmFault.TRUNCATED, LlmFault.RUN_AWAY):
        return "length"
    return "content_filter" if fault is LlmFault.WITHHELD else "stop"


def _line(answer: dict[str, Any]) -> Any:
    """Return the answer as one text; an answer with other values than texts and numbers stays an object."""
    values = list(answer.values())
    return "|".join(map(str, values)) if all(isinstance(value, str | int) for value in values) else answer


#: What is written around a right answer.
_DRESSES: dict[LlmFault | None, Callable[[str], str]] = {
    LlmFault.FENCED: "```json\n{}\n```".format,
    LlmFault.PROSE: "Here are the rows you asked for:\n\n{}\n\nLet me know if you need more.".format,
    LlmFault.THINKING: '<think>\nThe answer is {{"rows": [...]}} with one text for each row.\n</think>\n\n{}'.format,
    LlmFault.BARE_ARRAY: lambda text: text.removeprefix('{"rows":').removesuffix("}"),
    LlmFault.RUN_AWAY: lambda text: text[:-2] + ',"and so on' * 400,
}


def _swapped(answers: Answers) -> Answers:
    """Exchange the ids of neighbours; a last answer without a neighbour gets the content of another product."""
    for first, second in zip(answers[::2], answers[1::2], strict=False):
        first["id"], second["id"] = second["id"], first["id"]
    if len(answers) % 2:
        answers[-1] |= {"check": "somebody else's", "is": "Somebody else's product||||other"}
    return answers


def _mistyped(answers: Answers) -> Answers:
    """Put a list or an object where a text belongs, whatever fields were asked for; ids stay as they are."""
    return [
        {name: value if name == "id" else {"en": value} if name == "is" else [value] for name, value in answer.items()}
        for answer in answers
    ]


_ROWS: dict[LlmFault | None, Callable[[Answers], Answers]] = {
    LlmFault.MISSING_ROWS: lambda answers: answers[1::2],
    LlmFault.REPEATED_IDS: lambda answers: [*answers, answers[0] | {"is": "Something else||||other"}] if answers else answers,
    LlmFault.FOREIGN_IDS: lambda answers: [answer | {"id": answer["id"] + 1_000_000} for answer in answers],
    LlmFault.SWAPPED_IDS: _swapped,
    LlmFault.WRONG_TYPES: _mistyped,
    LlmFault.PRICE: lambda answers: [answer | {"price": 25500} for answer in answers],
}
