"""Tokens without a tokenizer: estimates that learn, bounds that hold."""

import pytest

from monito_ray.cluster.llm.token_estimate import TokenEstimator, answer_bound, prompt_bound
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.records import LlmUse


def test_estimates_learn_from_what_requests_took():
    """After some requests the estimate is near to what they take, whatever it was at first."""
    estimator = TokenEstimator()
    for _ in range(40):
        estimator.learn(4000, 40, LlmUse(1, 40, prompt_tokens=2000, completion_tokens=2000))
    assert estimator.estimate(4000, 40) == pytest.approx(4000, rel=0.05)


def test_a_request_without_figures_teaches_nothing():
    """Servers that count no tokens leave the estimate as it is."""
    estimator = TokenEstimator()
    before = estimator.estimate(4000, 40)
    estimator.learn(4000, 40, LlmUse(1, 40))
    assert estimator.estimate(4000, 40) == before


def test_bounds_count_bytes():
    """A prompt of Cyrillic letters is bounded by its bytes, which are twice as many; the answer grows with the items."""
    question = RowQuestion("Магазин")
    assert prompt_bound(question, "я" * 1000, 10) - prompt_bound(question, "a" * 1000, 10) == 1000
    assert answer_bound(question, 10) > answer_bound(question, 5)
