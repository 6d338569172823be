"""What models cost: USD a million tokens, each with the day its maker's price page was read. Other models count as free, and that is said."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Price:
    """USD a million tokens: of a prompt, of what of it the provider had cached, of an answer; as of a day."""

    prompt: float
    cached: float
    completion: float
    as_of: date


PRICES: dict[str, Price] = {
    "gpt-6-luna": Price(0.10, 0.01, 0.50, date(2026, 11, 1)),
    "gpt-5-mini": Price(0.25, 0.025, 2.00, date(2025, 8, 7)),
    "gpt-5-nano": Price(0.05, 0.005, 0.40, date(2025, 8, 7)),
    "gpt-4.1-mini": Price(0.40, 0.10, 1.60, date(2025, 4, 14)),
    "gpt-4.1-nano": Price(0.10, 0.025, 0.40, date(2025, 4, 14)),
    "gpt-4o-mini": Price(0.15, 0.075, 0.60, date(2024, 10, 1)),
}


def is_priced(model: str) -> bool:
    """Whether the model's cost is known; where not, `cost_usd` is 0 and people should be told."""
    return model in PRICES


def cost_usd(model: str, prompt_tokens: int, cached_tokens: int, completion_tokens: int) -> float:
    """Cost of a request; `cached_tokens` are part of `prompt_tokens`. 0 for a model of unknown price."""
    price = PRICES.get(model)
    if price is None:
        return 0.0
    fresh = prompt_tokens - cached_tokens
    return (fresh * price.prompt + cached_tokens * price.cached + completion_tokens * price.completion) / 1_000_000
