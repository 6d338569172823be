"""What every kind of question has."""

from typing import Any

from monito_ray.pipeline.llm.questions import CheckedAnswers, check_answer
from monito_ray.pipeline.llm.row_question import RowQuestion


class _Careless(RowQuestion):
    def check(self, items: Any, text: str, finish_reason: str, refusal: str, *, is_last: bool = False) -> CheckedAnswers:  # noqa: ARG002
        raise TypeError(text)


def test_an_answer_that_no_check_foresaw_is_a_fault_of_each_item():
    """A list goes on; its rows are asked about again or left to the rules."""
    checked = check_answer(_Careless("Toko"), ["a", "b"], "???", "stop", "")
    assert (checked.accepted, sorted(checked.faults), checked.form_faults) == ({}, [0, 1], 2)
    assert "TypeError" in str(checked.faults[0])
