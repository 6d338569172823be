"""The question what products a supplier's rows are; its words are in `prompts`, its check in `answer_checks`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.pipeline.llm import answer_checks, answer_forms, prompts
from monito_ray.pipeline.llm.questions import AnswerForm, CheckedAnswers, Fault
from monito_ray.pipeline.llm.row_items import RowItem

#: Three times what the answer about a long row takes.
_ANSWER_TOKENS = 200
#: Characters of a row besides its texts: titles of fields, id, check, quotes.
_FRAME_CHARACTERS = 55
#: Quotes, colon and comma around a part that is given.
_QUOTE_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """What products these rows are. An item is a `RowItem`, an accepted answer a `Standard` that says what the answer says."""

    supplier: str

    @property
    def system_message(self) -> str:
        """See `Question`."""
        return prompts.SYSTEM_MESSAGE

    @property
    def answer_tokens(self) -> int:
        """See `Question`."""
        return _ANSWER_TOKENS

    @property
    def rows_an_item(self) -> int:
        """See `Question`."""
        return 1

    def characters_of(self, item: RowItem) -> int:
        """See `Question`."""
        row = item.row
        texts = (row.original_name, row.section, row.brand, row.size_text, row.pack_text, row.unit_text)
        settled = sum(len(part) + len(text) + _QUOTE_CHARACTERS for part, text in item.settled.items())
        return _FRAME_CHARACTERS + sum(map(len, texts)) + settled

    def response_format(self, form: AnswerForm, items: int) -> Mapping[str, Any] | None:
        """See `Question`."""
        return answer_forms.response_format(form, items)

    def user_message(self, items: Sequence[RowItem], faults: Mapping[int, Fault]) -> str:
        """See `Question`; the message counts its rows from 1."""
        return prompts.user_message(self.supplier, items, faults)

    def check(self, items: Sequence[RowItem], text: str, finish_reason: str, refusal: str, *, is_last: bool = False) -> CheckedAnswers:
        """See `Question`."""
        return answer_checks.check(items, text, finish_reason, refusal, is_last=is_last)
