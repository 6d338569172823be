"""What is said between those who ask an LLM, the server that answers, and those who keep the accounts: prices, limits, reservations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from monito_ray.records import LlmUse, Standard

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


@dataclass(frozen=True, slots=True)
class Allowance:
    """One limit: how much a minute, how much of it is left, in how many seconds all is left again; None where it is not said."""

    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits that came with an answer."""

    requests: Allowance = field(default_factory=Allowance)
    tokens: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer. `cached_tokens` are part of `prompt_tokens`; `limits` are what its headers say; `service_tier` is what is charged.

    `is_counted`: the server says how many tokens it took.
    """

    text: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    finish_reason: str
    refusal: str
    limits: RateLimits
    service_tier: str
    is_counted: bool


class ChatModel(Protocol):
    """A connection to one model: `clients.llm.LlmClient`."""

    async def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float, most_tokens: int = 0) -> Completion:
        """Return the model's answer to `user` under the instructions `system`, in the form of `schema` as far as the model obeys.

        Raises:
            MonitoError: there is none.
        """


class ModelAddress(Protocol):
    """Where a model is found; travels to the actors, which connect from there: `clients.llm.LlmAddress`."""

    @property
    def model(self) -> str:
        """The model's name, as its prices are listed under."""

    @property
    def service_tier(self) -> str:
        """The tier that is asked for; "" is the provider's own choice."""

    def connect(self) -> ChatModel:
        """Return a connection for the event loop that runs now."""


class Verdict(StrEnum):
    """What becomes of a request that somebody wants to make."""

    GO = "go"
    WAIT = "wait"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request before it leaves: who pays, and the most that it can take and cost."""

    id: str
    task_id: str
    user_id: int
    tokens: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class Ended:
    """A request that ended with this use. `is_known`: what it took is certain; else what was reserved for it stays.

    `answers`, by their keys, are kept with it.
    """

    id: str
    use: LlmUse
    is_known: bool
    error: str = ""
    answers: Mapping[str, Standard] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Others:
    """What other drivers on the same store used in the last minute, and how many there are."""

    drivers: int = 0
    requests: int = 0
    tokens: int = 0


class Ledger(Protocol):
    """Where every request is written down before it leaves and after it ended: `jobs.ledger`."""

    @property
    def is_capped(self) -> bool:
        """Whether there is a budget to keep, so that reserved costs have to be upper bounds."""

    def record(self, ended: Sequence[Ended], wanted: Sequence[Wanted]) -> list[Verdict]:
        """Write down both, and the answers that came, in one transaction; what is not a `GO` is not reserved.

        Raises:
            StoreUnavailable: nothing was written down.
        """

    def others(self) -> Others:
        """The last minute of the other drivers.

        Raises:
            StoreUnavailable: nobody knows.
        """
