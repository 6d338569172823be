"""The question what products a supplier's rows are; its words are in `prompts`, its check in `answer_checks`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.pipeline.llm import answer_checks, answer_forms, prompts
from monito_ray.pipeline.llm.questions import AnswerForm, CheckedAnswers, Fault
from monito_ray.records import RawRow

#: Three times what the answer about a long row takes.
_ANSWER_TOKENS = 200
#: Characters of a row besides its texts: titles of fields, id, check, quotes.
_FRAME_CHARACTERS = 45


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """What products these rows are. An item is a `RawRow`, an accepted answer a `Standard`."""

    supplier: str

    @property
    def system_message(self) -> str:
        """See `Question`."""
        return prompts.SYSTEM_MESSAGE

    @property
    def answer_tokens(self) -> int:
        """See `Question`."""
        return _ANSWER_TOKENS

    def characters_of(self, item: RawRow) -> int:
        """See `Question`."""
        texts = (item.original_name, item.section, item.brand, item.size_text, item.pack_text, item.unit_text)
        return _FRAME_CHARACTERS + sum(map(len, texts))

    def response_format(self, form: AnswerForm, items: int) -> Mapping[str, Any] | None:
        """See `Question`."""
        return answer_forms.response_format(form, items)

    def user_message(self, items: Sequence[RawRow], faults: Mapping[int, Fault]) -> str:
        """See `Question`."""
        return prompts.user_message(self.supplier, items, range(len(items)), faults)

    def check(self, items: Sequence[RawRow], text: str, finish_reason: str, refusal: str, *, is_last: bool = False) -> CheckedAnswers:  # noqa: ARG002
        """See `Question`."""
        return answer_checks.check(items, range(len(items)), text, finish_reason, refusal)
