"""The question what products a supplier's rows are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.pipeline.llm import answer_checks, prompts
from monito_ray.pipeline.llm.questions import CheckedAnswers
from monito_ray.records import RawRow


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
        return prompts.user_message(self.supplier, items, range(len(items)), faults)

    def check(self, items: Sequence[RawRow], text: str, finish_reason: str, refusal: str) -> CheckedAnswers:
        """See `answers.check`."""
        return answer_checks.check(items, range(len(items)), text, finish_reason, refusal)
