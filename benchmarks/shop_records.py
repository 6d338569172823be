"""Features of pairs of records of two shops, for the public sets (`public_matching.py`): words, model numbers, spelling, brand and price."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from boosting import Floats
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler, Levenshtein

_FIELD = re.compile(r"COL (\S+) VAL (.*?)(?= COL \S+ VAL |\s*$)")
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[^\sa-z0-9]", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9.\-/]*", re.IGNORECASE)
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Record:
    """A record of a shop."""

    text: str

    @cached_property
    def fields(self) -> dict[str, str]:
        """Its columns."""
        return {name: " ".join(value.split()) for name, value in _FIELD.findall(self.text)}

    @cached_property
    def title(self) -> str:
        """The name of the product."""
        return self.fields.get("title", self.fields.get("name", ""))

    @cached_property
    def whole(self) -> str:
        """All its texts but the price."""
        return " ".join(value for name, value in self.fields.items() if name != "price")

    @cached_property
    def brand(self) -> str:
        """The brand, or who made it."""
        return self.fields.get("brand", self.fields.get("manufacturer", ""))

    @cached_property
    def price(self) -> float:
        """The price, 0 where it is not said."""
        match = re.search(r"\d+(?:\.\d+)?", self.fields.get("price", "").replace(",", ""))
        return float(match.group()) if match else 0.0

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the title."""
        return frozenset(_TOKEN.findall(self.title))

    @cached_property
    def all_words(self) -> frozenset[str]:
        """The words of all texts."""
        return frozenset(_TOKEN.findall(self.whole))

    @cached_property
    def models(self) -> frozenset[str]:
        """Squeezed words with digits, longer than a size: model numbers of title and column."""
        texts = f"{self.title} {self.fields.get('modelno', '')}"
        return frozenset(bare for word in _TOKEN.findall(texts) if len(bare := _squeezed(word)) >= 4 and _has_digit(bare))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of the title."""
        return frozenset(re.findall(r"\d+(?:\.\d+)?", self.title))

    @cached_property
    def squeezed(self) -> str:
        """All texts without spaces and signs."""
        return _squeezed(self.whole)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, and whether they are one product."""

    one: Record
    other: Record
    is_same: bool


class Vectors:
    """Rarity-weighted counts of what `split` makes of each text, of length 1."""

    def __init__(self, texts: Sequence[str], split: Callable[[str], Iterator[str]]) -> None:
        """Count in how many of `texts` each piece stands."""
        self._split = split
        counts = Counter(piece for text in texts for piece in set(split(text)))
        self.rarity = {piece: math.log(1 + len(texts) / count) for piece, count in counts.items()}
        self._vectors: dict[str, dict[str, float]] = {}

    def cosine(self, one: str, other: str) -> float:
        """Return how alike two texts are."""
        left, right = self._vector(one), self._vector(other)
        if len(right) < len(left):
            left, right = right, left
        return sum(weight * right[piece] for piece, weight in left.items() if piece in right)

    def _vector(self, text: str) -> dict[str, float]:
        if text not in self._vectors:
            weights = {piece: (1 + math.log(count)) * self.rarity[piece] for piece, count in Counter(self._split(text)).items()}
            length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            self._vectors[text] = {piece: weight / length for piece, weight in weights.items()}
        return self._vectors[text]


def _grams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in (3, 4):
            yield from (padded[start : start + size] for start in range(max(1, len(padded) - size + 1)))


def _words(text: str) -> Iterator[str]:
    return iter(_TOKEN.findall(text))


def features_of(pairs: Sequence[Pair]) -> Floats:
    """Return what is seen of each pair alone."""
    records = list({record.text: record for pair in pairs for record in (pair.one, pair.other)}.values())
    titles, wholes = [record.title for record in records], [record.whole for record in records]
    vectors = [Vectors(titles, _grams), Vectors(titles, _words), Vectors(wholes, _grams), Vectors(wholes, _words)]
    rarity = vectors[3].rarity
    rows = []
    for pair in pairs:
        texts = ((pair.one.title, pair.other.title),) * 2 + ((pair.one.whole, pair.other.whole),) * 2
        cosines = [own.cosine(*both) for own, both in zip(vectors, texts, strict=True)]
        crossed = [vectors[3].cosine(pair.one.title, pair.other.whole), vectors[3].cosine(pair.one.whole, pair.other.title)]
        rows.append([*cosines, *crossed, *_words_over(pair, rarity), *_models(pair), *_spelling(pair), *_columns(pair)])
    return np.array(rows, dtype=float)


def _words_over(pair: Pair, rarity: Weights) -> list[float]:
    """Return how rare the words are that the titles share, and that one alone has, with the other's texts and without."""
    values = []
    one, other = pair.one, pair.other
    for mine, others in ((one.words, other.words), (other.words, one.words), (one.words, other.all_words), (other.words, one.all_words)):
        over = [rarity.get(word, 0.0) for word in mine - others]
        total = sum(rarity.get(word, 0.0) for word in mine) or 1.0
        values += [sum(over), max(over, default=0.0), sum(over) / total, float(len(over))]
    shared = [rarity.get(word, 0.0) for word in one.words & other.words]
    values += [sum(shared), max(shared, default=0.0), len(shared) / max(1, len(one.words | other.words))]
    unlike = [
        (rarity.get(word, 0.0), max((JaroWinkler.similarity(word, it) for it in other.words), default=0.0))
        for word in one.words - other.words
    ]
    return [
        *values,
        sum(weight * (1 - likeness) for weight, likeness in unlike),
        max((weight for weight, likeness in unlike if likeness < 0.85), default=0.0),
    ]


def _models(pair: Pair) -> list[float]:
    """Return whether model numbers and other numbers of one record stand in the other."""
    one, other = pair.one, pair.other
    values = []
    for mine, theirs in ((one, other), (other, one)):
        within = [model for model in mine.models if model in theirs.squeezed]
        near = max((JaroWinkler.similarity(model, it) for model in mine.models for it in theirs.models), default=0.0)
        values += [float(len(mine.models)), float(len(within)), float(max(map(len, within), default=0)), near]
    shared = one.models & other.models
    model_one, model_other = (_squeezed(record.fields.get("modelno", "")) for record in (one, other))
    values += [
        float(len(shared)),
        float(bool(one.models and other.models and not shared)),
        _agreement(model_one, model_other),
        float(bool(model_one) and model_one in other.squeezed),
        float(bool(model_other) and model_other in one.squeezed),
        len(one.numbers & other.numbers) / max(1, len(one.numbers | other.numbers)),
        float(len(one.numbers - other.numbers)),
        float(len(other.numbers - one.numbers)),
        float(bool(one.numbers and other.numbers and not one.numbers & other.numbers)),
    ]
    return values


def _agreement(one: str, other: str) -> float:
    """Return -1 where one is not said, else how alike both are."""
    return Levenshtein.normalized_similarity(one, other) if one and other else -1.0


def _spelling(pair: Pair) -> list[float]:
    one, other = pair.one.title, pair.other.title
    return [
        fuzz.ratio(one, other) / 100,
        fuzz.token_sort_ratio(one, other) / 100,
        fuzz.token_set_ratio(one, other) / 100,
        fuzz.partial_ratio(one, other) / 100,
        fuzz.partial_token_sort_ratio(one, other) / 100,
        JaroWinkler.similarity(one, other),
        float(one.split()[:1] == other.split()[:1]),
    ]


def _columns(pair: Pair) -> list[float]:
    """Return brand, price and length of both."""
    one, other = pair.one, pair.other
    ratio = math.log(one.price / other.price) if one.price and other.price else 9.0
    category_one, category_other = one.fields.get("category", ""), other.fields.get("category", "")
    return [
        fuzz.token_set_ratio(one.brand, other.brand) / 100 if one.brand and other.brand else -1.0,
        float(bool(one.brand) and one.brand.split()[0] in other.whole),
        float(bool(other.brand) and other.brand.split()[0] in one.whole),
        abs(ratio),
        ratio,
        fuzz.token_set_ratio(category_one, category_other) / 100 if category_one and category_other else -1.0,
        float(len(one.title)),
        float(len(other.title)),
        len(one.title) / max(1, len(other.title)),
    ]
