"""Regular expressions whose time grows as their texts do, and no faster: a sample of `benchmarks/patterns.py`."""

import re

import pattern_growth
import pytest
import used_patterns

#: Characters of the shorter text; a quadratic expression takes a millisecond for it.
LENGTH = 800
#: Of each expression, evenly from those that it is grown into; of those that one name holds, as many of one shape.
TEXTS = 4
EXPRESSIONS = 2


def _fault(used: used_patterns.UsedPattern, most: int) -> str:
    trials = pattern_growth.trials(used)
    return pattern_growth.first_fault(trials[:: max(1, len(trials) // most)], LENGTH, 2 * LENGTH)


def test_no_expression_takes_longer_than_its_text_grows():
    """One cell of a stranger's list holds nobody up."""
    by_place: dict[str, list[used_patterns.UsedPattern]] = {}
    for used in used_patterns.every_pattern():
        by_place.setdefault(used.place, []).append(used)
    sample = [used for of_place in by_place.values() for used in of_place[:EXPRESSIONS]]
    assert len(sample) > 400
    assert {used.place: fault for used in sample if (fault := _fault(used, TEXTS))} == {}


@pytest.mark.parametrize(
    "expression", [r"\s+$", r"\d+kg", r"<.*?>", r"(?:\d+\*)*x", r"^(?:\w+_)[\w.]*$", r"[\w.]*?\.[a-z]{2}$", r"\W*(?:a|b)\W*c"]
)
def test_one_that_does_is_seen(expression: str):
    """Those that try from each place, and those that share a text out in every way."""
    used = used_patterns.UsedPattern(re.compile(expression), "planted", frozenset({"search"}))
    assert "ms for" in pattern_growth.first_fault(pattern_growth.trials(used), 2 * LENGTH, 4 * LENGTH)  # slow enough on any machine
