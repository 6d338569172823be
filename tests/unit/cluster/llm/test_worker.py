"""Why answers end before their last row."""

import pytest

from monito_ray.cluster.llm.worker import Shortfall, shortfall_of
from monito_ray.spending import Completion, RateLimits

MOST = 1000


def _completion(text: str, finish_reason: str = "length", tokens: int = MOST, thinking: int = 0, refusal: str = "") -> Completion:
    return Completion(text, 100, 0, tokens, finish_reason, refusal, RateLimits(), "", is_counted=True, thinking_tokens=thinking)


CASES = [
    (_completion('{"rows":["1|a', "stop"), False, Shortfall.NONE),
    (_completion('{"rows":["1|a'), False, Shortfall.CUT),
    (_completion('{"rows":["1|a'), True, Shortfall.CUT),
    (_completion(""), False, Shortfall.THINKING),
    (_completion("", tokens=0), False, Shortfall.THINKING),
    (_completion("", tokens=200), False, Shortfall.CUT),
    (_completion("<think>Let me see"), False, Shortfall.THINKING),
    (_completion('<think>So.</think>{"rows":["1|a'), False, Shortfall.CUT),
    (_completion('{"rows":[', thinking=900), False, Shortfall.THINKING),
    (_completion("", "content_filter"), False, Shortfall.WITHHELD),
    (_completion("", "stop", refusal="I cannot help with that."), False, Shortfall.WITHHELD),
]


@pytest.mark.parametrize(("completion", "has_answers", "shortfall"), CASES)
def test_why_an_answer_is_not_whole(completion: Completion, has_answers: bool, shortfall: Shortfall):
    """A model that thought up to the limit needs room; one that another limit cut, or that answered, needs fewer rows."""
    assert shortfall_of(completion, MOST, has_answers=has_answers) is shortfall
