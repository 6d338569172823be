"""What models cost: USD a million tokens, each with the day its maker's price page was read. Other models count as free, and that is said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MILLION = Decimal(1_000_000)
NOTHING = Decimal(0)
FLEX = "flex"


@dataclass(frozen=True, slots=True)
class Price:
    """USD a million tokens: of a prompt, of what of it the provider had cached, of an answer; as of a day.

    `flex` is the part of it that is paid in the service tier of that name, which answers later; 1 where there is none.
    """

    prompt: Decimal
    cached: Decimal
    completion: Decimal
    as_of: date
    flex: Decimal = Decimal(1)

    def __str__(self) -> str:
        return f"{self.prompt}/{self.cached}/{self.completion} of {self.as_of}"


_HALF = Decimal("0.5")

PRICES: dict[str, Price] = {
    "gpt-6-luna": Price(Decimal("0.10"), Decimal("0.01"), Decimal("0.50"), date(2026, 11, 1), _HALF),
    "gpt-5-mini": Price(Decimal("0.25"), Decimal("0.025"), Decimal("2.00"), date(2025, 8, 7), _HALF),
    "gpt-5-nano": Price(Decimal("0.05"), Decimal("0.005"), Decimal("0.40"), date(2025, 8, 7), _HALF),
    "gpt-4.1-mini": Price(Decimal("0.40"), Decimal("0.10"), Decimal("1.60"), date(2025, 4, 14)),
    "gpt-4.1-nano": Price(Decimal("0.10"), Decimal("0.025"), Decimal("0.40"), date(2025, 4, 14)),
    "gpt-4o-mini": Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"), date(2024, 10, 1)),
}


def is_priced(model: str) -> bool:
    """Whether the model's cost is known; where not, `cost_usd` is 0 and people should be told."""
    return model in PRICES


def cost_usd(model: str, prompt_tokens: int, cached_tokens: int, completion_tokens: int, tier: str = "") -> Decimal:
    """Cost of a request, exact; `cached_tokens` are part of `prompt_tokens`. 0 for a model of unknown price."""
    price = PRICES.get(model)
    if price is None:
        return NOTHING
    fresh = prompt_tokens - cached_tokens
    full = (fresh * price.prompt + cached_tokens * price.cached + completion_tokens * price.completion) / MILLION
    return full * price.flex if tier == FLEX else full
