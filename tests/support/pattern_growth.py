"""Whether the time of a regular expression grows faster than its text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import process_time_ns
from typing import Any

import adversarial_texts
from adversarial_texts import GrowingText
from used_patterns import SEARCHING, UsedPattern

#: Times the text twice as long may take: two and a half as long as one, as caches and other programs make some difference.
MOST_GROWTH = 2.8
#: Below this a time says nothing (ms).
LEAST_MS = 0.6
#: So many pairs of times are taken where one growth looks too large.
PAIRS = 15
#: Rooms whose texts have single blanks for white space, as `cells.text_of` leaves them. Names out of which quantities are taken may have more.
FOLDED = ("pipeline.products", "pipeline.rows", "pipeline.tables", "pipeline.llm.evidence", "catalog")
UNFOLDED = ("name_rest", "tidying", "brand_words")
#: Those of which the source does not show how they are called: through a loop, or under a name that others have.
ANCHORED = {"pipeline.lines.vocabulary.particular_labels": "fullmatch"}


@dataclass(frozen=True, slots=True)
class Trial:
    """An expression, a way to use it, and a text that grows."""

    place: str
    method: str
    call: Callable[[Any], object]
    text: GrowingText
    in_bytes: bool

    def milliseconds(self, length: int, times: int = 1) -> float:
        """Return the least processor time for a text of that length."""
        text = self.text.of(length)
        subject: Any = text.encode("utf-8", "surrogatepass") if self.in_bytes else text
        return min(_milliseconds(self.call, subject) for _ in range(times))

    def growth(self, length: int, double: int) -> float:
        """Return how many times as long the longer text takes: the median of pairs, each at one moment, since a machine's speed changes."""
        return median(self.milliseconds(double) / self.milliseconds(length) for _ in range(PAIRS))


def trials(used: UsedPattern) -> list[Trial]:
    """Return the ways in which an expression may be tried."""
    texts: Iterable[GrowingText] = dict.fromkeys((*adversarial_texts.growing_texts(used.pattern), *adversarial_texts.NASTY))
    if used.place.startswith(FOLDED) and not any(part in used.place for part in UNFOLDED):
        texts = _folded(texts)
    in_bytes = isinstance(used.pattern.pattern, bytes)
    return [Trial(used.place, name, call, text, in_bytes) for name, call in _calls(used) for text in texts]


def first_fault(some: Iterable[Trial], length: int, double: int) -> str:
    """Return the first trial whose time grows faster than its text, in words; "" where none does."""
    for trial in some:
        if trial.milliseconds(length) < LEAST_MS:
            continue
        short = trial.milliseconds(length, times=3)
        if (
            short >= LEAST_MS
            and trial.milliseconds(double) > MOST_GROWTH * short
            and trial.milliseconds(double, times=3) > MOST_GROWTH * short
            and trial.growth(length, double) > MOST_GROWTH  # a busy machine is no fault
        ):
            return f"{trial.method} of {tuple(trial.text)!a}: {short:.1f} ms for {length:,} characters, {trial.milliseconds(double):.1f} ms for {double:,}"
    return ""


def _calls(used: UsedPattern) -> list[tuple[str, Callable[[Any], object]]]:
    pattern: Any = used.pattern
    methods = {ANCHORED[used.place]} if used.place in ANCHORED else used.methods
    calls: list[tuple[str, Callable[[Any], object]]] = []
    if methods & SEARCHING:
        calls.append(("search", lambda subject: sum(1 for _ in pattern.finditer(subject))))
    return calls + [(name, getattr(pattern, name)) for name in ("match", "fullmatch") if name in methods]


def _folded(texts: Iterable[GrowingText]) -> list[GrowingText]:
    folded = dict.fromkeys(GrowingText(*(re.sub(r"\s+", " ", part) for part in text)) for text in texts)
    return [text for text in folded if text.part.strip() and not (text.part[0] == text.part[-1] == " ")]


def _milliseconds(call: Callable[[Any], object], subject: Any) -> float:
    start = process_time_ns()
    call(subject)
    return (process_time_ns() - start) / 1e6
