"""Titles of columns: which role they name, and which of several prices.

What the seller paid is a `cost`, and a rate of tax is a `tax`, whatever words for prices stand beside it ("Cost price", "Tax rate"); a
price that says whether tax is in it is a `price`. In a list that has no other prices, what it calls cost is what it asks: `costs_as_prices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.currencies import without_mark_before
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.price_remarks import words_beside_tax
from monito_ray.pipeline.spellings import canonical_unit, is_per_unit
from monito_ray.pipeline.title_words import find_matches, may_name, plain_words, split_words
from monito_ray.pipeline.units import content_units

#: The tiers of prices by name; 1 is a price of which nothing is said. A `deposit` is one with what is paid back for bottles and crates.
PRICE_TIERS = {"retail": 0, "wholesale": 2, "carton": 3, "old": 4, "deposit": 4}
#: The words for prices that stand beside those of what is sold, for comparison.
COMPARISON_PRICE = "comparison"
#: Longer texts (characters, words) are sentences, not titles.
LONGEST_TITLE = 90
MOST_WORDS = 12
#: A title that is nothing but a unit ("USD per ctn") has no more words.
_MOST_WORDS_OF_UNIT = 4
_ROLES_OF_GOODS = frozenset(("name", "price", "cost"))
#: From this fit on a title is clear: it is taken at its word.
CLEAR_FIT = 0.5
#: How well "price" fits a date over a column of a history: less than `CLEAR_FIT`, so that a row with a date in it makes no header.
_FIT_OF_DATE = 0.4
#: How well "price" fits a currency for a unit: "Rp/kg".
_FIT_OF_RATE = 0.75
#: ... and a unit of content without one, "per kg", which cells of goods have, too.
_FIT_OF_UNIT = 0.6
#: A phrase fits at least by this much of its strength, and fully where the title is nothing else.
_FIT_OF_PART = 0.5
#: What each further word of a phrase adds: phrases are surer than their parts.
_FIT_OF_WORD = 0.04
#: A clear word for prices halves the fit of whatever it is combined with: "Price/Unit" is a price ...
_BESIDE_PRICE = 0.5
#: ... unless the title is that of a percentage, which "discount" has to fit that well.
_CLEAR_DISCOUNT = 0.99


@dataclass(frozen=True, slots=True)
class Title:
    """A column's title as understood."""

    text: str
    #: How well each role fits, 0 to a little over 1.
    roles: dict[str, float] = field(default_factory=dict, hash=False)
    #: Which of several prices it names: 0 that of one piece for one buyer today, 1 not said, 2 wholesale, 3 a carton's, 4 an old one.
    tier: int = 1

    @property
    def role(self) -> str:
        """The role that fits best, "" where none does."""
        return max(self.roles, key=lambda role: self.roles[role]) if self.roles else ""

    @property
    def strength(self) -> float:
        """How well the best role fits."""
        return max(self.roles.values(), default=0.0)

    @property
    def is_clear(self) -> bool:
        """Whether the title is taken at its word."""
        return self.strength >= CLEAR_FIT

    def strength_besides(self, role: str) -> float:
        """Return how well the best other role fits."""
        return max((fit for other, fit in self.roles.items() if other != role), default=0.0)


NO_TITLE = Title("")


@derived(maxsize=20_000)
def parse_title(text: str) -> Title:
    """Return what the title `text` says.

    A role fits by the share of the title's words that its best phrase covers, over a floor of one half; weak phrases fit less. A word for
    prices outweighs whatever it is combined with ("Price/Unit", "Цена за кг", "Price incl. tax"), unless the title is that of a percentage,
    a sum or a cost.
    """
    if not text or len(text) > LONGEST_TITLE:
        return Title(text)
    words = split_words(text)
    if not words or len(words) > MOST_WORDS:
        return Title(text)
    if is_date(text):
        return Title(text, {"price": _FIT_OF_DATE})
    fits = _role_fits(words)
    if unit_of_rate(text):
        fits["price"] = max(_FIT_OF_RATE, fits.get("price", 0.0))
    elif is_per_unit(text) and canonical_unit(text) in content_units():
        fits["price"] = max(_FIT_OF_UNIT, fits.get("price", 0.0))
    untaxed = _without_taxes(words)
    return Title(text, _weigh(fits), _tier(untaxed, plain_words(untaxed)))


@derived(maxsize=20_000)
def names_goods(text: str) -> bool:
    """Return whether `parse_title` finds a clear title of names, prices or costs in a text; quick, for most cells are none."""
    words = split_words(text) if len(text) <= LONGEST_TITLE else []
    if not words or len(words) > MOST_WORDS:
        return False
    is_named = may_name(words, _ROLES_OF_GOODS) and any(match.role in _ROLES_OF_GOODS for match in find_matches(words))
    if not is_named and (len(words) > _MOST_WORDS_OF_UNIT or not (unit_of_rate(text) or is_per_unit(text))):
        return False
    title = parse_title(text)
    return title.is_clear and title.role in _ROLES_OF_GOODS


def unit_of_rate(text: str) -> str:
    """Return the unit of a title that is nothing but a currency for a unit, as written: "ctn" of "USD/ctn"; "" of other titles."""
    behind = without_mark_before(text.strip(" ()[]"))
    return behind.strip(" /") if behind and is_per_unit(behind) else ""


def _without_taxes(words: list[str]) -> list[str]:
    """Return the words of a title without those before a tax: "before tax" makes no old price."""
    return [word for word, behind in zip(words, [*words[1:], ""], strict=True) if not _is_tax(behind)]


@derived(maxsize=4_000)
def _is_tax(word: str) -> bool:
    return bool(word) and any(match.role == "tax" for match in find_matches([word]))


@derived(maxsize=4_000)
def tax_wording(text: str) -> frozenset[str]:
    """Return the words with which a title speaks of a tax: "excl" and "vat" of "Price excl. VAT", none of "Price with box"."""
    words = split_words(text)
    taxes = {word for word in words if _is_tax(word) or word in _words_of_tax()}
    return frozenset(taxes | words_beside_tax().intersection(words)) if taxes else frozenset()


@derived()
def _words_of_tax() -> frozenset[str]:
    """Return the words for taxes, those that say that one is in a price among them: "TTC"."""
    return frozenset(word for phrase in lexicon.words("letterhead", "tax") for word in split_words(phrase) if len(split_words(phrase)) == 1)


@derived(maxsize=20_000)
def is_for_comparison(text: str) -> bool:
    """Return whether a title says that its prices are those of a litre, or of whatever else, by which shoppers compare packs: "Literpreis"."""
    words = split_words(text)
    return _names_any(_words_and_stems(lexicon.words("price_tiers", COMPARISON_PRICE)), {*words}, " ".join(words))


def costs_as_prices(titles: Sequence[Title]) -> list[Title]:
    """Return the titles of a table's columns; where none names a price of today, those of costs name prices.

    Costs stay what they are beside a clear title of a price, unless that is an old or a recommended one.
    """
    old = PRICE_TIERS["old"]
    if any(title.role == "price" and title.is_clear and title.tier < old for title in titles):
        return list(titles)
    return [_as_price(title) if title.role == "cost" else title for title in titles]


def _as_price(title: Title) -> Title:
    fit = title.roles["cost"]
    return replace(
        title, roles={"price": fit} | {role: other * _BESIDE_PRICE for role, other in title.roles.items() if role not in ("price", "cost")}
    )


def _weigh(roles: dict[str, float]) -> dict[str, float]:
    """Return the fits of roles with those lowered that stand beside a clear cost or a clear price."""
    strongest = next((role for role in ("cost", "price") if roles.get(role, 0.0) >= CLEAR_FIT), "")
    if not strongest or (strongest == "price" and (roles.get("discount", 0.0) >= _CLEAR_DISCOUNT or "sum" in roles)):
        return roles
    return {role: fit if role == strongest else fit * _BESIDE_PRICE for role, fit in roles.items()}


def _role_fits(words: list[str]) -> dict[str, float]:
    """Return how well each role fits the words of a title."""
    best: dict[str, float] = {}
    for match in find_matches(words):
        fit = match.strength * _covered(match.length, len(words)) + _FIT_OF_WORD * (match.length - 1)
        best[match.role] = max(best.get(match.role, 0.0), fit)
    return best


def _covered(length: int, words: int) -> float:
    return _FIT_OF_PART + (1 - _FIT_OF_PART) * length / words


def _tier(words: list[str], plain: list[str]) -> int:
    """Return the tier of a title: the farthest from one piece today that its words name.

    "Wholesale carton price" is a carton's, "retail price before" an old one.
    """
    named = [_tiers_named_by(word) for word in {*words, *plain}]
    joined = f"{' '.join(words)}\n{' '.join(plain)}"
    ranks = [rank for tiers in named for rank in tiers.ranks]
    ranks += [rank for tiers in named for rank, phrase in tiers.phrases if phrase in joined]
    return max(ranks, default=1)


def _names_any(phrases: tuple[frozenset[str], tuple[str, ...]], words: set[str], joined: str) -> bool:
    """Return whether a title of these words, which `joined` has in order, has one of the words and phrases, or a word with one of the stems."""
    exact, stems = phrases
    return any(word in exact or word.startswith(stems) for word in words) or any(" " in phrase and phrase in joined for phrase in exact)


class _TiersOfWord(NamedTuple):
    """The tiers that a word names."""

    #: Their ranks, of those that it names by itself.
    ranks: tuple[int, ...]
    #: The phrases of several words that may begin with its end, each with the rank of its tier.
    phrases: tuple[tuple[int, str], ...]


@derived(maxsize=4_000)
def _tiers_named_by(word: str) -> _TiersOfWord:
    ranks = tuple(rank for rank, exact, stems in _tiers() if word in exact or word.startswith(stems))
    return _TiersOfWord(ranks, tuple((rank, phrase) for rank, phrase, first in _phrases_of_tiers() if word.endswith(first)))


@derived()
def _phrases_of_tiers() -> tuple[tuple[int, str, str], ...]:
    """Return the rank, the phrase and its first word for each phrase of several words."""
    phrases = ((rank, phrase) for rank, exact, _ in _tiers() for phrase in exact if " " in phrase)
    return tuple((rank, phrase, phrase.partition(" ")[0]) for rank, phrase in phrases)


@derived()
def _tiers() -> tuple[tuple[int, frozenset[str], tuple[str, ...]], ...]:
    """Return the rank of each tier, its words and phrases, and its stems."""
    return tuple((rank, *_words_and_stems(lexicon.words("price_tiers", tier))) for tier, rank in PRICE_TIERS.items())


def _words_and_stems(phrases: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    stems = tuple(phrase.removesuffix("*") for phrase in phrases if phrase.endswith("*"))
    return frozenset(phrase for phrase in phrases if not phrase.endswith("*")), stems
