"""What the title of a column says about its cells."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from monito_ray.pipeline.dates import is_date

LONGEST_TITLE = 90
_OF_A_DAY = 0.4  # over a column of a history; too little to make a header of a row with a date in it
_WORD = re.compile(r"[^\W_]+(?:['ʼ][^\W_]+)?|[№#%$€₽]")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\s*\n?\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Title:
    """A column's title as understood: how well each role fits (0 to 1) and which of several prices it names (`tier`, 1 unsaid)."""

    text: str
    roles: dict[str, float] = field(default_factory=dict, hash=False)
    tier: int = 1

    @property
    def role(self) -> str:
        """The role that fits best, "" where none does."""
        return max(self.roles, key=lambda role: self.roles[role]) if self.roles else ""

    @property
    def strength(self) -> float:
        """How well the best role fits."""
        return max(self.roles.values(), default=0.0)


@lru_cache(maxsize=20_000)
def parse_title(text: str) -> Title:
    """What the title `text` says.

    A role's score is the share of the title's words that its best phrase covers, over a floor of one half; weak phrases count
    less. A price word outweighs whatever it is combined with ("Price/Unit", "Цена за кг"), unless the title is a percentage.
    """
    if not text or len(text) > LONGEST_TITLE:
        return Title(text)
    words = split_words(text)
    if not words or len(words) > 12:
        return Title(text)
    if is_date(text):
        return Title(text, {"price": _OF_A_DAY})
    roles = _scores(words)
    if "price" in roles and roles.get("discount", 0) < 0.99 and "sum" not in roles:
        strong = roles["price"] >= 0.5
        roles = {role: score * (0.5 if strong and role != "price" else 1) for role, score in roles.items()}
    return Title(text, roles, _tier(words, " ".join(words)))


def split_words(text: str) -> list[str]:
    """The words of a title in lower case; a word that a line break hyphenated is joined when only that makes it known."""
    folded = text.casefold()
    words = _WORD.findall(folded)
    if "-" in folded and not _known(words):
        words = _WORD.findall(_BROKEN_WORD.sub("", folded))
    return words


def _known(words: list[str]) -> bool:
    exact, stems = _vocabulary()
    return any((word,) in exact for word in words) or any(word.startswith(stem) for word in words for stem in stems)


def _scores(words: list[str]) -> dict[str, float]:
    exact, stems = _vocabulary()
    best: dict[str, float] = {}
    for start in range(len(words)):
        for length in range(1, min(4, len(words) - start) + 1):
            for role, strength in exact.get(tuple(words[start : start + length]), ()):
                # A phrase of several words is surer than its parts.
                score = strength * (0.5 + 0.5 * length / len(words)) + 0.04 * (length - 1)
                best[role] = max(best.get(role, 0.0), score)
    for word in words:
        for stem, (role, strength) in stems.items():
            if word.startswith(stem):
                best[role] = max(best.get(role, 0.0), strength * (0.5 + 0.5 / len(words)))
    return best


def _tier(words: list[str], joined: str) -> int:
    found = [
        rank
        for rank, exact, stems in _tiers()
        if any(word in exact for word in words) or any(w.startswith(stems) for w in words) or any(" " in p and p in joined for p in exact)
    ]
    # "Wholesale carton price" is a carton's, "retail price before" an old one: the farthest from one piece today decides.
    return max(found, default=1)


@cache
def _words_file() -> dict[str, object]:
    return tomllib.loads((files("monito_ray.pipeline") / "data" / "titles.toml").read_text(encoding="utf-8"))


@cache
def _vocabulary() -> tuple[dict[tuple[str, ...], list[tuple[str, float]]], dict[str, tuple[str, float]]]:
    exact: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    stems: dict[str, tuple[str, float]] = {}
    for group, strength in (("strong", 1.0), ("weak", 0.6)):
        for role, phrases in _words_file()[group].items():  # type: ignore[attr-defined]
            for phrase in phrases:
                words = tuple(_WORD.findall(phrase.rstrip("*").casefold()))
                if phrase.endswith("*") and len(words) == 1:
                    stems[words[0]] = (role, strength)
                elif words:
                    exact.setdefault(words, []).append((role, strength))
    return exact, stems


@cache
def _tiers() -> tuple[tuple[int, frozenset[str], tuple[str, ...]], ...]:
    return tuple(
        (
            tier["rank"],
            frozenset(word for word in tier["words"] if not word.endswith("*")),
            tuple(word[:-1] for word in tier["words"] if word.endswith("*")),
        )
        for tier in _words_file()["tier"]  # type: ignore[attr-defined]
    )
