"""The seam between what an LLM is asked and how it is asked: a kind of question has instructions, forms for answers, and a check of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class AnswerForm(StrEnum):
    """How an answer's form is held: a ladder, the strictest first. Where a server refuses a form, or does not keep to it, the next is tried."""

    #: A strict JSON schema with a `pattern` for texts and the number of items.
    PATTERN = "pattern"
    #: A strict JSON schema of objects and enums alone, the least that providers know.
    OBJECTS = "objects"
    #: Any JSON object; the instructions say which.
    JSON_OBJECT = "json_object"
    #: No `response_format` at all; the instructions say what to write.
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the answer about one item cannot be used; sent with the item when it is asked about again."""

    #: In words that the LLM can follow.
    reason: str
    #: The answer about the item as it came, "" where there was none.
    answer: str = ""

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Every id that was sent, once: in `accepted` or in `faults`."""

    #: What an item is, by its id: a `Standard`, a `ColumnChoice`.
    accepted: dict[int, Any]
    #: What is wrong with the answer about an item, by its id.
    faults: dict[int, Fault]
    #: How many of the faults are of form: another form may do better. Refusals and answers cut short are none, except that nothing was readable.
    form_faults: int = 0


class Question(Protocol):
    """One kind of question about items of one kind; it is pickled to the workers. Ids are the indexes of the items in a request."""

    @property
    def system_message(self) -> str:
        """All instructions, the same to the letter in every request and every form: providers cache them."""

    @property
    def answer_tokens(self) -> int:
        """The most that an answer about one item needs; a request's budget is reserved by it."""

    @property
    def rows_an_item(self) -> int:
        """To how many rows of a list an item compares in length: so many fewer items has a request."""

    def characters_of(self, item: Any) -> int:
        """Return about how many characters the user's message has for an item."""

    def response_format(self, form: AnswerForm, items: int) -> Mapping[str, Any] | None:
        """Return the chat completion's `response_format` that holds an answer about `items` items to `form`; None: send none."""

    def user_message(self, items: Sequence[Any], faults: Mapping[int, Fault]) -> str:
        """Return the user's message about `items`, as JSON; `faults` says by id what was wrong with an earlier answer."""

    def check(self, items: Sequence[Any], text: str, finish_reason: str, refusal: str, *, is_last: bool = False) -> CheckedAnswers:
        """Return what of the answer can be believed, whichever form it has.

        `finish_reason` and `refusal` are those of the chat completion. `is_last`: no repair follows, so an item is accepted with those fields
        of its answer that hold.
        """


def check_answer(
    question: Question, items: Sequence[Any], text: str, finish_reason: str, refusal: str, *, is_last: bool = False
) -> CheckedAnswers:
    """Return `question.check`; an answer that no check foresaw is a fault of every item, never an exception."""
    try:
        return question.check(items, text, finish_reason, refusal, is_last=is_last)
    except Exception as error:  # noqa: BLE001  whatever a server sends must not end a list
        fault = Fault(f"the answer cannot be read ({type(error).__name__})")
        return CheckedAnswers({}, dict.fromkeys(range(len(items)), fault), len(items))


def json_schema(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `response_format` that holds an answer to a schema, strictly."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": dict(schema)}}
