"""Scores are named terms and their sum."""

import pytest

from monito_ray.pipeline.tables.scores import NO_SCORE, Score, Term, add_up

TENTHS = [Term("a", 0.1), Term("b", 0.2), Term("c", 0.3), Term("d", -0.6)]


def test_points_are_added_from_the_first_to_the_last():
    """The sum is that of a plain addition to the last bit, which `math.fsum` and `sum` of newer Pythons would round otherwise."""
    assert add_up(TENTHS).points == 0.1 + 0.2 + 0.3 - 0.6
    assert add_up(reversed(TENTHS)).points == -0.6 + 0.3 + 0.2 + 0.1
    assert add_up(TENTHS).points != add_up(reversed(TENTHS)).points


def test_scores_add_their_sums_and_join_their_terms():
    """An expression of scores says in which order floats are added."""
    first, last = add_up(TENTHS[:2]), add_up(TENTHS[2:])
    assert first + last == Score(tuple(TENTHS), (0.1 + 0.2) + (0.3 - 0.6))


@pytest.mark.parametrize(("score", "is_possible"), [(NO_SCORE, False), (add_up([]), True), (add_up([Term("against", -8.0)]), True)])
def test_no_score_is_below_every_sum_that_counts(score: Score, *, is_possible: bool):
    """A column that cannot have a role is not one that little speaks for."""
    assert score.is_possible is is_possible
