"""A sketch of a list's rows: a sample of their names or article numbers with prices, by which two lists are compared without their rows.

The sample is of the rows whose hashes are the least (bottom-k, A. Broder 1997): two lists sample the same rows, so that what their samples
share tells what the lists share.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from statistics import median
from typing import Any

#: Rows in a sample: the share of rows that two lists have in common is off by 0.03 or so.
SAMPLE_ROWS = 256
#: Two lists with half of their rows in common share one of the rows with so many least hashes nearly always.
LEAST_HASHES = 16
#: Shorter article numbers are running numbers.
_SHORTEST_CODE = 4
_HASH_BYTES = 7
#: A list in which one row in so many has no article number is not compared by these.
_CODED_SHARE = 0.6
#: Prices are at a steady ratio where they are this near to that of most.
_STEADY = 0.015
#: Standard deviations that 99 % of a normal distribution lie within.
_DEVIATIONS = 2.58


@dataclass(frozen=True, slots=True)
class RowSketch:
    """The sample of one kind of key."""

    #: How many different keys the list has.
    count: int = 0
    #: The price, as a text, by the hash of the key; the least hashes.
    prices: Mapping[str, str] = field(default_factory=dict, hash=False)

    def as_json(self) -> dict[str, Any]:
        """Return the form that the store keeps."""
        return {"count": self.count, "prices": dict(self.prices)}

    @property
    def least(self) -> tuple[str, ...]:
        """The `LEAST_HASHES` hashes by which lists with rows in common are looked for."""
        return tuple(sorted(self.prices)[:LEAST_HASHES])


@dataclass(frozen=True, slots=True)
class ListSketch:
    """The samples of a list."""

    names: RowSketch = RowSketch()
    #: Empty where few rows have article numbers.
    codes: RowSketch = RowSketch()

    def as_json(self) -> dict[str, Any]:
        """Return the form that the store keeps."""
        return {"names": self.names.as_json(), "codes": self.codes.as_json()}


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two lists have in common; shares are of 0 to 1."""

    #: Sampled rows that both have.
    rows: int = 0
    #: The share of the first list's rows, and of the second's, that both have.
    of_first: float = 0.0
    of_second: float = 0.0
    #: The share of those rows whose price is the same, or changed by the same factor as that of most.
    same_price: float = 0.0

    @property
    def surely_same_price(self) -> float:
        """The least share that is likely to stand behind `same_price`: the lower end of Wilson's interval for these few rows."""
        if not self.rows:
            return 0.0
        spread = _DEVIATIONS**2 / self.rows
        middle = self.same_price + spread / 2
        half = _DEVIATIONS * sqrt(self.same_price * (1 - self.same_price) / self.rows + spread / (4 * self.rows))
        return (middle - half) / (1 + spread)


def sketch_list(names: Sequence[str], codes: Sequence[str], prices: Sequence[Decimal | None]) -> ListSketch:
    """Return the sketch of a list; rows without a price are no goods."""
    priced = [(name, code, price) for name, code, price in zip(names, codes, prices, strict=True) if price is not None and name]
    coded = [(code, price) for _, code, price in priced if len(code) >= _SHORTEST_CODE]
    by_code = _sketch(coded) if coded and len(coded) >= _CODED_SHARE * len(priced) else RowSketch()
    return ListSketch(_sketch((name, price) for name, _, price in priced), by_code)


def sketch_from_json(values: Mapping[str, Any]) -> ListSketch:
    """Return the `ListSketch` that `as_json` was called on."""
    return ListSketch(*(RowSketch(values[key]["count"], values[key]["prices"]) for key in ("names", "codes")))


def overlap_of(first: ListSketch, second: ListSketch) -> Overlap:
    """Return what two lists have in common by names or by article numbers, whichever is more."""
    by_kind = (_overlap(first.names, second.names), _overlap(first.codes, second.codes))
    return max(by_kind, key=lambda overlap: (overlap.of_first, overlap.same_price))


def _sketch(keys: Iterable[tuple[str, Decimal]]) -> RowSketch:
    by_hash: dict[str, str] = {}
    for key, price in keys:
        folded = " ".join(key.casefold().split())
        digest = hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=_HASH_BYTES).hexdigest()
        by_hash.setdefault(digest, f"{price.normalize():f}")
    least = sorted(by_hash)[:SAMPLE_ROWS]
    return RowSketch(len(by_hash), {digest: by_hash[digest] for digest in least})


def _overlap(first: RowSketch, second: RowSketch) -> Overlap:
    """Compare the rows below the hash down to which both samples are whole."""
    whole = [max(sketch.prices) for sketch in (first, second) if sketch.count > len(sketch.prices)]
    limit = min(whole, default="g")  # behind every hexadecimal digit
    own, other = ({digest for digest in sketch.prices if digest <= limit} for sketch in (first, second))
    shared = own & other
    if not shared:
        return Overlap()
    ratios = [_ratio(first.prices[digest], second.prices[digest]) for digest in shared]
    usual = median(ratios)
    same = sum(ratio == 1 for ratio in ratios)
    steady = sum(abs(ratio - usual) <= _STEADY * usual for ratio in ratios)
    return Overlap(len(shared), len(shared) / len(own), len(shared) / len(other), max(same, steady) / len(shared))


def _ratio(first: str, second: str) -> float:
    return float(first) / float(second) if float(second) else 0.0
