"""Kinds of questions to the LLM: each with its instructions, the form of its answers, and the check that these have to pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from monito_ray.pipeline import answers, prompts
from monito_ray.pipeline.answers import Checked
from monito_ray.records import RawRow


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

    def check(self, items: Sequence[Any], text: str, finish_reason: str, refusal: str) -> Checked:
        """What of the answer may be believed, by place."""


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """What the products of a supplier's rows are."""

    supplier: str

    @property
    def system(self) -> str:
        """See `prompts`."""
        return prompts.SYSTEM_MESSAGE

    @property
    def schema(self) -> Mapping[str, Any]:
        """See `prompts`."""
        return prompts.RESPONSE_SCHEMA

    @property
    def answer_tokens(self) -> int:
        """Three times what a long row needs."""
        return 200

    def size(self, item: RawRow) -> int:
        """Texts, their titles, id and check."""
        return 45 + sum(map(len, (item.original_name, item.section, item.brand, item.size_text, item.pack_text, item.unit_text)))

    def user(self, items: Sequence[RawRow], faults: Mapping[int, str]) -> str:
        """See `prompts.question`; ids are places."""
        return prompts.question(self.supplier, items, range(len(items)), faults)

    def check(self, items: Sequence[RawRow], text: str, finish_reason: str, refusal: str) -> Checked:
        """See `answers.check`."""
        return answers.check(items, range(len(items)), text, finish_reason, refusal)
