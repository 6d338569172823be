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
    assert (spending.price_of(model) is not None) is (Decimal(cost) > 0)


@pytest.mark.parametrize(
    "model", ["gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "openrouter/openai/gpt-4o-mini", "gpt-4o-mini-latest", "gpt-4o-mini-20240718"]
)
def test_a_model_is_listed_less_vendor_and_day(model: str):
    """Proxies put vendors before a model's name, providers the day of its version behind it."""
    assert spending.price_of(model) == spending.PRICES["gpt-4o-mini"]


@pytest.mark.parametrize("model", ["gpt-4o-mini-audio", "gpt-4o-mini:free", "mini", "", "gpt-4o-mini-2024"])
def test_another_model_has_no_listed_price(model: str):
    """A name that goes on is another model at another price."""
    assert spending.price_of(model) is None


def test_prices_of_the_settings_count_first():
    """Also for a model that is listed: an account may have prices of its own."""
    price = spending.price_of("gpt-4o-mini", (Decimal(1), Decimal("0.5"), Decimal(2)))
    assert price is not None
    assert price.cost_usd(1_000_000, 500_000, 1_000_000, "flex") == Decimal("2.75")
    assert str(price) == "1/0.5/2 of the settings"
