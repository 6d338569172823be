"""A provider with limits and the limiter that faces it, in numbers: minutes pass without waiting."""

import heapq
from dataclasses import dataclass, field
from random import Random

from monito_ray.clients.llm.rate_limit_headers import parse_rate_limits
from monito_ray.cluster.llm.limiter import Limiter, Permit
from monito_ray.spending import RateLimits
from monito_ray.testing.llm_rate_limits import LimitEnforcer, LimitKind, LlmLimits

#: Ways to enforce a limit, and the seconds that a bucket saves up for.
KINDS = [(LimitKind.BUCKET, 60.0), (LimitKind.BUCKET, 6.0), (LimitKind.BUCKET, 1.0), (LimitKind.WINDOW, 60.0)]
BUCKETS = KINDS[:3]


@dataclass(order=True)
class Answer:
    """What comes back at `at`: the tokens of an answer, or None for a refusal, with limits and wait as the provider announces them."""

    at: float
    number: int
    permit: Permit = field(compare=False)
    tokens: int | None = field(compare=False)
    limits: RateLimits | None = field(compare=False)
    retry_after_s: float | None = field(compare=False)


@dataclass
class SimulatedProvider:
    """A provider and a limiter: answers take `latency_s`, refusals come back at once."""

    limits: LlmLimits
    limiter: Limiter = field(default_factory=Limiter)
    tokens: tuple[int, int] = (3000, 7000)
    latency_s: float = 0.9
    max_in_flight: int = 64
    random: Random = field(default_factory=lambda: Random(1))  # noqa: S311
    #: Time of each request, and the tokens that were let in, 0 for a refusal.
    log: list[tuple[float, int]] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self._enforcer = LimitEnforcer(self.limits, self.now)
        self._in_flight: list[Answer] = []
        self._next_tokens = self.random.randint(*self.tokens)

    def change(self, limits: LlmLimits) -> None:
        """Enforce these limits from now on."""
        self._enforcer = LimitEnforcer(limits, self.now, self._enforcer)

    def run(self, until: float) -> None:
        """Send requests as fast as the limiter allows."""
        while self.now < until:
            while self._in_flight and self._in_flight[0].at <= self.now:
                self._settle(heapq.heappop(self._in_flight))
            wait_s = self.limiter.wait_s(self._next_tokens, self.now)
            if wait_s == 0 and len(self._in_flight) < self.max_in_flight:
                self._send()
                self.now += 0.001
            else:
                self.now = min([self.now + max(wait_s, 0.001), *(answer.at for answer in self._in_flight[:1])]) + 1e-4

    def usage(self, start: float, end: float) -> tuple[float, float, float]:
        """Return requests and tokens a minute that were let in between two times, and the share of requests that was refused."""
        requests = [tokens for at, tokens in self.log if start <= at < end]
        let_in = [tokens for tokens in requests if tokens]
        minutes = (end - start) / 60
        return len(let_in) / minutes, sum(let_in) / minutes, 1 - len(let_in) / max(1, len(requests))

    def _send(self) -> None:
        tokens, self._next_tokens = self._next_tokens, self.random.randint(*self.tokens)
        permit = self.limiter.acquire(tokens, self.now)
        wait_s = self._enforcer.admit(tokens, self.now + 0.002)
        limits = parse_rate_limits(self._enforcer.headers(self.now)) if self._enforcer.limits.headers else None
        self.log.append((self.now, 0 if wait_s else tokens))
        took_s = 0.01 if wait_s else self.latency_s * self.random.uniform(0.9, 1.1)
        retry_after_s = wait_s if self._enforcer.limits.retry_after and wait_s else None
        answer = Answer(self.now + took_s, len(self.log), permit, None if wait_s else tokens, limits, retry_after_s)
        heapq.heappush(self._in_flight, answer)

    def _settle(self, answer: Answer) -> None:
        if answer.tokens is None:
            self.limiter.on_refusal(answer.permit, answer.limits, answer.retry_after_s, self.now)
        else:
            self.limiter.release(answer.permit, answer.tokens, answer.limits, self.now)
