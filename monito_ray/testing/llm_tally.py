"""What a chat-completions server counts of the requests that it gets."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class LlmTally:
    """What clients requested and what they have to pay for."""

    #: All requests, those that got an error included.
    received: int = 0
    #: Requests that were answered; these are paid, and so are their rows and tokens below.
    requests: int = 0
    rows: int = 0
    prompt_tokens: int = 0
    #: Part of `prompt_tokens`.
    cached_tokens: int = 0
    completion_tokens: int = 0
    #: Requests that were answered and are paid though the connection broke; they and their tokens are counted nowhere else.
    lost_requests: int = 0
    lost_tokens: int = 0
    #: Requests that a limit refused.
    over_limit: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    #: How often each name was answered.
    names: Counter[str] = field(default_factory=Counter)
    #: Questions about the columns of a table.
    tables: list[dict[str, Any]] = field(default_factory=list)
    #: Pairs of offers that were asked about.
    pairs: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    #: Requests that are equal to the byte to one that was refused as wrong, or that took too long.
    repeated: int = 0
    #: Requests by status of their answers; 0: there was none in time.
    statuses: Counter[int] = field(default_factory=Counter)
