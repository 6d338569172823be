"""The seam between what is asked of an LLM and who asks: a kind of question has instructions, a form for answers, and a check that these pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Every id that was sent, once: with its standard, or with what is wrong with its answer."""

    settled: dict[int, Any]
    faults: dict[int, str]


class Question(Protocol):
    """One kind of question about items of one kind; it travels to the workers."""

    @property
    def system(self) -> str:
        """All instructions, the same to the letter in every request."""

    @property
    def schema(self) -> Mapping[str, Any]:
        """The answer's form, strict."""

    @property
    def answer_tokens(self) -> int:
        """The most that an answer about one item needs."""

    def size(self, item: Any) -> int:
        """About how many characters the user's message has for an item."""

    def user(self, items: Sequence[Any], faults: Mapping[int, str]) -> str:
        """The user's message about `items`, JSON; `faults` says by place what was wrong with an earlier answer."""

    def check(self, items: Sequence[Any], text: str, finish_reason: str, refusal: str) -> CheckedAnswers:
        """What of the answer may be believed, by place."""
