"""What is said between those who ask the LLM and those who keep its accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from monito_ray.records import LlmUse, Standard


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
