"""The seam between what an LLM is asked and how it is asked: a kind of question has instructions, a form for answers, and a check of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Every id that was sent, once: in `accepted` or in `faults`."""

    #: What an item is, by its id: a `Standard`, a `ColumnChoice`.
    accepted: dict[int, Any]
    #: What is wrong with the answer about an item, by its id, in words that the LLM can follow.
    faults: dict[int, str]


class Question(Protocol):
    """One kind of question about items of one kind; it is pickled to the workers. Ids are the indexes of the items in a request."""

    @property
    def system_message(self) -> str:
        """All instructions, the same to the letter in every request: providers cache them."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The strict JSON schema of the answer."""

    @property
    def answer_tokens(self) -> int:
        """The most that an answer about one item needs; a request's budget is reserved by it."""

    def characters_of(self, item: Any) -> int:
        """Return about how many characters the user's message has for an item."""

    def user_message(self, items: Sequence[Any], faults: Mapping[int, str]) -> str:
        """Return the user's message about `items`, as JSON; `faults` says by id what was wrong with an earlier answer."""

    def check(self, items: Sequence[Any], text: str, finish_reason: str, refusal: str) -> CheckedAnswers:
        """Return what of the answer can be believed; `finish_reason` and `refusal` are those of the chat completion."""
