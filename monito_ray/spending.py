"""Vocabulary of asking an LLM, between those who ask, the server that answers and the ledger: prices, limits, reservations."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from monito_ray.records import LlmUse

MILLION = Decimal(1_000_000)
NOTHING = Decimal(0)
FLEX = "flex"


@dataclass(frozen=True, slots=True)
class Price:
    """USD a million tokens."""

    prompt: Decimal
    #: Of the part of a prompt that the provider had cached.
    cached: Decimal
    completion: Decimal
    #: Day of the price page that this was copied from; None: it was set by a person.
    as_of: date | None = None
    #: Part of the price that is paid in the service tier "flex", which answers later; 1 where there is no such tier.
    flex: Decimal = Decimal(1)

    def __str__(self) -> str:
        return f"{self.prompt}/{self.cached}/{self.completion} of {self.as_of or 'the settings'}"

    def cost_usd(self, prompt_tokens: int, cached_tokens: int, completion_tokens: int, tier: str = "") -> Decimal:
        """Return the exact cost of a request; `cached_tokens` are part of `prompt_tokens`."""
        fresh = prompt_tokens - cached_tokens
        full = (fresh * self.prompt + cached_tokens * self.cached + completion_tokens * self.completion) / MILLION
        return full * self.flex if tier == FLEX else full


_HALF = Decimal("0.5")

PRICES: dict[str, Price] = {
    "gpt-6-luna": Price(Decimal("0.10"), Decimal("0.01"), Decimal("0.50"), date(2026, 11, 1), _HALF),
    "gpt-5-mini": Price(Decimal("0.25"), Decimal("0.025"), Decimal("2.00"), date(2025, 8, 7), _HALF),
    "gpt-5-nano": Price(Decimal("0.05"), Decimal("0.005"), Decimal("0.40"), date(2025, 8, 7), _HALF),
    "gpt-4.1-mini": Price(Decimal("0.40"), Decimal("0.10"), Decimal("1.60"), date(2025, 4, 14)),
    "gpt-4.1-nano": Price(Decimal("0.10"), Decimal("0.025"), Decimal("0.40"), date(2025, 4, 14)),
    "gpt-4o-mini": Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"), date(2024, 10, 1)),
}
#: The day of a model's version: `gpt-4o-mini-2024-07-18`, `-20240718`.
_DATE_SUFFIX = re.compile(r"-(?:latest|\d{4}-\d{2}-\d{2}|\d{8})$")


def listed_name(model: str) -> str:
    """Return a model's name less the vendors before it and the day behind it: `gpt-4o-mini` for `openai/gpt-4o-mini-2024-07-18`."""
    return _DATE_SUFFIX.sub("", model.rpartition("/")[2])


def price_of(model: str, prices: Sequence[Decimal] = ()) -> Price | None:
    """Return the price of a model: `prices` (of prompt, cached prompt and answer) where they are set, else the listed one; None without either."""
    if not prices:
        return PRICES.get(listed_name(model))
    prompt, cached, completion = prices
    return Price(prompt, cached, completion)


def cost_usd(model: str, prompt_tokens: int, cached_tokens: int, completion_tokens: int, tier: str = "") -> Decimal:
    """Return the exact cost of a request at the listed price, 0 for a model without one, and people should see that."""
    price = price_of(model)
    return NOTHING if price is None else price.cost_usd(prompt_tokens, cached_tokens, completion_tokens, tier)


@dataclass(frozen=True, slots=True)
class Allowance:
    """One limit as a provider announces it; None for what it does not announce."""

    #: Most units a minute.
    limit: int | None = None
    remaining: int | None = None
    #: Seconds until all of it is left again.
    reset_s: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The limits that came with an answer."""

    requests: Allowance = field(default_factory=Allowance)
    tokens: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer of a chat model."""

    text: str
    prompt_tokens: int
    #: Part of `prompt_tokens`.
    cached_tokens: int
    completion_tokens: int
    finish_reason: str
    refusal: str
    #: From the headers of the answer.
    limits: RateLimits
    #: The tier that is charged; "" where the server does not say.
    service_tier: str
    #: Whether the server says how many tokens it took.
    is_counted: bool
    #: Part of `completion_tokens` that the model thought with, where the server says so.
    thinking_tokens: int = 0


class ChatModel(Protocol):
    """A connection to one model: `clients.llm.chat_completions.LlmClient`."""

    async def complete(
        self,
        system: str,
        user: str,
        response_format: Mapping[str, Any] | None,
        timeout_s: float,
        most_tokens: int = 0,
        refused: Collection[str] = (),
    ) -> Completion:
        """Return the model's answer to `user` under the instructions `system`, in the form of `response_format` as far as the model obeys.

        `most_tokens` limits the length of the answer; `refused` are parameters that the server does not take.

        Raises:
            MonitoError: no answer came.
        """

    async def close(self) -> None:
        """Close the connections."""


class ModelAddress(Protocol):
    """Where a model is; travels to the LLM workers, which connect from there: `clients.llm.chat_completions.LlmAddress`."""

    @property
    def model(self) -> str:
        """The model's name, under which its price is listed."""

    @property
    def most_tokens(self) -> int:
        """The limit on an answer's length that the settings set; 0: none."""

    @property
    def price(self) -> Price | None:
        """The model's price; None where it is not known: then every cost is 0."""

    def connect(self) -> ChatModel:
        """Return a connection for the event loop that runs now."""


class Decision(StrEnum):
    """What the ledger decides about a request that wants to leave."""

    GO = "go"
    #: The budget would be passed if every request in flight cost what is reserved for it; one that costs less may make room.
    WAIT = "wait"
    #: The budget has no room for the request, whatever those in flight will have cost.
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class LlmReservation:
    """A request before it leaves: who pays, and the most that it can take and cost."""

    id: str
    task_id: str
    user_id: int
    tokens: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class LlmSettlement:
    """A request that ended."""

    id: str
    use: LlmUse
    #: Whether `use` is what the request took. If not, its answer may have been paid for, so what was reserved stays.
    is_certain: bool
    error: str = ""
    #: Answers to store with it, by their keys: a `Standard` for a row, a `PairAnswer` for two offers.
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherUsage:
    """What the other drivers on the same store used in the last minute."""

    #: How many of them used something.
    drivers: int = 0
    requests: int = 0
    tokens: int = 0
    #: How many of these requests are still on their way.
    in_flight: int = 0


class Ledger(Protocol):
    """The record of every request, before it leaves and after it ended: `jobs.llm.ledger.LlmLedger`."""

    @property
    def is_capped(self) -> bool:
        """Whether there is a budget to keep, so that reserved costs have to be upper bounds."""

    def record(self, settlements: Sequence[LlmSettlement], reservations: Sequence[LlmReservation]) -> list[Decision]:
        """Record both in one transaction, the answers included; return a decision for each reservation, of which only `GO` is recorded.

        Raises:
            StoreUnavailable: nothing was recorded.
        """

    def other_usage(self) -> OtherUsage:
        """Return what the other drivers used in the last minute.

        Raises:
            StoreUnavailable: the store does not answer.
        """
