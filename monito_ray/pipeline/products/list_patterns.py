"""Brands that a list gives away by repeating them: words that many different goods share."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monito_ray.pipeline.products.brand_dictionary import brand_of_title, first_brand_in
from monito_ray.pipeline.products.brand_words import CYRILLIC, WORD, may_be_brand, may_be_brand_before_dash, titlecase

_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’&.-]{2,}(?:\s+[A-Z][A-Za-z'’&.-]{2,})?")
_DASH = re.compile(r"\s+[-–—]\s+")
#: A word is a brand when it goes with this many different remainders: twice happens by chance.
_LEAST_REPEATS = 3
#: A brand of two words needs a longer second one than of three letters, which is a size or a kind ("red", "mix") as often.
_LEAST_LETTERS_OF_SECOND_WORD = 4
#: The first two words are the brand when this share of the goods that begin with the first go on with the second.
_PAIR_SHARE = 0.8
#: A title says nothing of the brand when this many rows under it, and this share of them, name another dictionary brand.
#: It is a row that was taken for a title, or a title that has ended: one gave its brand to the 300 rows below (docs/decisions/0009-confidence.md).
_LEAST_OTHER_BRANDS, _OTHER_BRANDS_SHARE = 2, 0.05
#: One or two letters in front of a name are a mark of the list's own.
_LONGEST_MARK = 2


@dataclass(frozen=True, slots=True)
class ListPatterns:
    """What the names of one list repeat; all casefolded but the titles."""

    #: First words that go with several different remainders.
    first_words: frozenset[str] = frozenset()
    #: First two words, with a space between, that do so; their first word is in `first_words`.
    first_pairs: frozenset[str] = frozenset()
    #: Latin words, or pairs of them, in names that are Cyrillic otherwise.
    latin: frozenset[str] = frozenset()
    #: What stands before a dash and means nothing in the trade.
    before_dash: frozenset[str] = frozenset()
    #: Titles over goods of several brands: such a title is no brand, or no title.
    mixed_titles: frozenset[str] = frozenset()


def collect_list_patterns(names: Sequence[str], sections: Sequence[str] = ()) -> ListPatterns:
    """Return what `names` repeat, all of one list and without sizes and packs; `sections` are the titles that they stand under."""
    different = list(dict.fromkeys(names))
    first_words, first_pairs = _repeated_beginnings(different)
    return ListPatterns(first_words, first_pairs, _repeated_latin(different), _before_dashes(different), _mixed_titles(names, sections))


def repeated_brand(name: str, patterns: ListPatterns) -> str:
    """Return the brand in `name` that its list repeats, or "". The first that applies: before a dash, two words, one word, Latin in Cyrillic."""
    before_dash = _before_dash(name)
    if before_dash.casefold() in patterns.before_dash:
        return titlecase(before_dash)
    words = _words_from_first_real(name)
    if len(words) > 2 and " ".join(words[:2]) in patterns.first_pairs:
        return titlecase(_as_written(name, words[:2]))
    if len(words) > 1 and words[0] in patterns.first_words:
        return titlecase(_as_written(name, words[:1]))
    if CYRILLIC.search(name):
        return next((run[0] for run in _LATIN_RUN.finditer(name) if run[0].casefold() in patterns.latin), "")
    return ""


def _repeated_beginnings(names: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return first words, and pairs of first words, that are brands by what follows them."""
    after_first: dict[str, set[str]] = defaultdict(set)
    after_pair: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in names:
        words = _words_from_first_real(name)
        if words:
            after_first[words[0]].add(" ".join(words[1:]))
        if len(words) > 1:
            after_pair[words[0], words[1]].add(" ".join(words[2:]))
    first_words = frozenset(word for word, rests in after_first.items() if len(rests) >= _LEAST_REPEATS and may_be_brand(word))
    pairs = (pair for pair, rests in after_pair.items() if pair[0] in first_words and _is_brand_pair(pair[1], rests, after_first[pair[0]]))
    return first_words, frozenset(map(" ".join, pairs))


def _is_brand_pair(second: str, rests: set[str], after_first: set[str]) -> bool:
    is_repeated = len(rests) >= _LEAST_REPEATS and len(rests) >= _PAIR_SHARE * len(after_first)
    return is_repeated and may_be_brand(second, _LEAST_LETTERS_OF_SECOND_WORD)


def _repeated_latin(names: Sequence[str]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for name in names:
        if CYRILLIC.search(name):
            counts.update({run[0].casefold() for run in _LATIN_RUN.finditer(name)})
    return frozenset(run for run, count in counts.items() if count >= _LEAST_REPEATS and all(map(may_be_brand, run.split())))


def _before_dashes(names: Sequence[str]) -> frozenset[str]:
    before = {_before_dash(name).casefold() for name in names}
    return frozenset(filter(may_be_brand_before_dash, before))


def _before_dash(name: str) -> str:
    """Return what stands before the first dash, or "" where there is none."""
    parts = _DASH.split(name, 1)
    return parts[0] if len(parts) == 2 else ""


def _mixed_titles(names: Sequence[str], sections: Sequence[str]) -> frozenset[str]:
    rows: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for name, section in zip(names, sections, strict=False):
        of_title = brand_of_title(section)
        if of_title:
            rows[section] += 1
            others[section] += first_brand_in(name) not in ("", of_title)
    return frozenset(title for title, count in rows.items() if _is_mixed(others[title], count))


def _is_mixed(others: int, count: int) -> bool:
    return others >= _LEAST_OTHER_BRANDS and others >= _OTHER_BRANDS_SHARE * count


@lru_cache(maxsize=65536)
def _words_from_first_real(name: str) -> tuple[str, ...]:
    """Return the words of a name, casefolded, without marks in front."""
    words = [word.casefold() for word in WORD.findall(name)]
    while len(words) > 1 and len(words[0]) <= _LONGEST_MARK and words[0].isalpha():
        words.pop(0)
    return tuple(words)


def _as_written(name: str, words: Sequence[str]) -> str:
    """Return the part of `name` from the first to the last of `words`, in the name's own letters."""
    start = name.casefold().find(words[0])
    end = name.casefold().find(words[-1], start) + len(words[-1])
    return name[start:end] if start >= 0 and end <= len(name) else " ".join(words)
