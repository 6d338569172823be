"""What requests to the LLM cost."""

from decimal import Decimal

import pytest

from monito_ray import spending

COSTS = [
    ("gpt-6-luna", "", 1_000_000, 0, 0, "0.10"),
    ("gpt-6-luna", "", 1_000_000, 1_000_000, 1_000_000, "0.51"),
    ("gpt-6-luna", "flex", 1, 1, 0, "0.000000005"),
    ("gpt-4o-mini", "flex", 1_000_000, 0, 0, "0.15"),
    ("home-grown", "", 10**6, 0, 10**6, "0"),
]


@pytest.mark.parametrize(("model", "tier", "prompt", "cached", "completion", "cost"), COSTS)
def test_cost_follows_the_price_page(model: str, tier: str, prompt: int, cached: int, completion: int, cost: str):
    """It is exact: cached tokens are the cheaper part of the prompt, flex is cheaper where it is offered, and a model without a price costs 0."""
    assert spending.cost_usd(model, prompt, cached, completion, tier) == Decimal(cost)
    assert spending.is_priced(model) is (Decimal(cost) > 0)
