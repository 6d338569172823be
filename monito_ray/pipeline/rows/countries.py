"""In whose money a list is, by what its letterhead says of the supplier: telephone, addresses in the internet, tax number, legal form, city."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain

from monito_ray.pipeline import data
from monito_ray.pipeline.characters import CYRILLIC, HANGUL, IDEOGRAPHS, KANA, any_of

#: Votes of a cue that only one country has (a telephone prefix), and of one that a supplier of another country may name (a city). Lists in
#: Latin letters name goods by cities of all the world, those in Cyrillic ones hardly by their own.
SURE_VOTES, LIKELY_VOTES, LIKELY_CYRILLIC_VOTES = 3, 1, 2
#: Votes that a country needs.
FEWEST_VOTES = 2
#: So many names of goods with places of another country, and this share of them, leave open in whose money a list is.
FEWEST_OF_PLACES, PLACES_SHARE = 3, 0.03
#: Characters of the letterhead that are looked at: sheets with goods in many blocks have long ones.
LONGEST_LETTERHEAD = 20_000
#: The code for no currency (ISO 4217): of countries whose money is left open.
_OPEN = "XXX"
#: Digits of a telephone number with the prefix of its country, at least and at most (ITU-T E.164).
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15
_LONGEST_PREFIX = 4
_TELEPHONE = re.compile(r"(?<![\w=;.,+])(?:\+|00)[\s-]?\(?(\d[\d\s().\-/]{6,20}\d)")
#: A number as North America writes it, whose area tells the country, and its prefix.
_AREA_NUMBER, _AREA_PREFIX = re.compile(r"(?<![\d+.-])\(?([2-9]\d\d)\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)"), "1"
_ADDRESS = re.compile(r"(?:www\.|@)([\w.-]*+)", re.IGNORECASE)
_ADDRESS_END = re.compile(r"\.((?:[a-z]{2,3}\.)?[a-z]{2})$", re.IGNORECASE)
#: Addresses with two ends need nothing before them: "example.com.br".
_BARE_ADDRESS = re.compile(r"(?<![\w.-])[\w-]++\.((?:com|co|net|org)\.[a-z]{2})(?![\w.-]*\w)", re.IGNORECASE)
_UNPARTED = re.compile(f"[{IDEOGRAPHS}{KANA}{HANGUL}]")
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D")


def currency_of_country(lines: Sequence[str], among: Container[str] | None = None) -> str:
    """Return the money of the country that the cues in `lines` speak for, of those whose money is `among` some.

    "" where none does with `FEWEST_VOTES`, where two come near each other, or where its money is left open.
    """
    votes = _votes(_text(lines))
    ranked = (votes if among is None else Counter({currency: votes[currency] for currency in votes if currency in among})).most_common(2)
    if not ranked:
        return ""
    currency, most = ranked[0]
    next_most = ranked[1][1] if len(ranked) > 1 else 0
    is_clear = most >= max(FEWEST_VOTES, next_most + LIKELY_VOTES) and not (most < SURE_VOTES and next_most)
    return currency if is_clear and currency != _OPEN else ""


def currencies_of_countries(lines: Sequence[str]) -> frozenset[str]:
    """Return the money of every country that anything in `lines` speaks for."""
    return frozenset(_votes(_text(lines)))


def is_of_places_abroad(names: Sequence[str], currency: str) -> bool:
    """Whether a good part of the names of goods speak of places in one country with other money than `currency`: "Lemonade of Minsk"."""
    fewest = max(FEWEST_OF_PLACES, PLACES_SHARE * len(names))
    if not any(map(_CYRILLIC.search, names)):
        return False
    return any(sum(places.search(name) is not None for name in names) >= fewest for other, places in _places().items() if other != currency)


@cache
def _places() -> dict[str, re.Pattern[str]]:
    """Return what lists in Russian, which several countries write, may have of each country's places, by its money."""
    likely = {
        currency: [cue for cue in cues.get("likely", ()) if re.search(CYRILLIC, cue)]
        for currency, cues in data.table("countries.toml").items()
    }
    return {currency: _bordered("|".join(cues)) for currency, cues in likely.items() if cues}


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines)[:LONGEST_LETTERHEAD]


@lru_cache(maxsize=1)
def _votes(text: str) -> Counter[str]:
    """Return the votes for each country's money; a cue that stands there twice counts once."""
    sure = {(currency, cue) for currency, cue in chain(_telephone_cues(text), _address_cues(text), _named_cues("words", text))}
    likely = {(currency, cue) for currency, cue in chain(_area_cues(text), _named_cues("cities", text))}
    votes: Counter[str] = Counter()
    for cues_of_kind, weight in ((sure, SURE_VOTES), (likely, LIKELY_VOTES)):
        for currency, _ in cues_of_kind:
            votes[currency] += weight
    for currency, cues in _cues().items():
        votes[currency] += sum(weight for weight, cue in cues if cue.search(text))
    return +votes


def _telephone_cues(text: str) -> Iterator[tuple[str, str]]:
    """Yield the money of the countries of telephone numbers, and "+" for each: two numbers are one cue."""
    for match in _TELEPHONE.finditer(text):
        digits = _NOT_DIGITS.sub("", match[1])
        if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
            yield from ((currency, "+") for currency in _currency_by_prefix(digits))


def _area_cues(text: str) -> Iterator[tuple[str, str]]:
    """Yield the money of the countries of North America to which the areas of local numbers belong."""
    for match in _AREA_NUMBER.finditer(text):
        yield _prefixes().get(_AREA_PREFIX + match[1]) or _prefixes()[_AREA_PREFIX], "area"


def _currency_by_prefix(digits: str) -> Iterator[str]:
    lengths = range(_LONGEST_PREFIX, 0, -1)
    yield from [_prefixes()[digits[:length]] for length in lengths if digits[:length] in _prefixes()][:1]


def _address_cues(text: str) -> Iterator[tuple[str, str]]:
    ends = (_ADDRESS_END.search(match[1].rstrip(".-")) for match in _ADDRESS.finditer(text))
    for match in filter(None, chain(ends, _BARE_ADDRESS.finditer(text))):
        end = match[1].lower()
        if currency := _by_item("domains").get(end) or _by_item("domains").get(end.rpartition(".")[2]):
            yield currency, end


def _named_cues(key: str, text: str) -> Iterator[tuple[str, str]]:
    for match in _any_phrase(key).finditer(text.casefold()):
        yield _by_phrase(key)[match.group()], match.group()


@cache
def _prefixes() -> dict[str, str]:
    """Return the money by the prefix of telephone numbers."""
    return _by_item("telephone")


@cache
def _by_item(key: str) -> dict[str, str]:
    """Return the money by each of the items of `key`, which blanks part."""
    return {item: currency for currency, cues in data.table("countries.toml").items() for item in cues.get(key, "").split()}


@cache
def _by_phrase(key: str) -> dict[str, str]:
    """Return the money by each of the phrases of `key`, which commas part."""
    countries = data.table("countries.toml").items()
    return {phrase.strip(): currency for currency, cues in countries for phrase in re.split(r"[,\n]", cues.get(key, "")) if phrase.strip()}


@cache
def _any_phrase(key: str) -> re.Pattern[str]:
    """Return an expression for any phrase of `key`; words of writings without blanks need no border."""
    phrases = set(_by_phrase(key))
    unparted = {phrase for phrase in phrases if _UNPARTED.search(phrase)}
    return re.compile(rf"(?<!\w){any_of(phrases - unparted)}(?!\w)|{any_of(unparted)}")


@cache
def _cues() -> dict[str, list[tuple[int, re.Pattern[str]]]]:
    countries = data.table("countries.toml").items()
    return {
        currency: [(_weight(kind, cue), _bordered(cue)) for kind in ("sure", "likely") for cue in kinds.get(kind, ())]
        for currency, kinds in countries
    }


def _weight(kind: str, cue: str) -> int:
    if kind == "sure":
        return SURE_VOTES
    return LIKELY_CYRILLIC_VOTES if re.search(CYRILLIC, cue) else LIKELY_VOTES


def _bordered(cue: str) -> re.Pattern[str]:
    """Return a cue between word borders; digits follow the prefix of a telephone number."""
    end = "" if cue.startswith(r"\+") else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{cue}){end}", re.IGNORECASE)
