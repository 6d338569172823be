"""In whose money a list is, by the language that it is written in, where that is spoken in one country."""

import re
from collections.abc import Iterable
from functools import partial

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import CYRILLIC, LETTER
from monito_ray.pipeline.lexicon import derived

#: A list is in a language whose own words make up this share of its words, so many different ones among them; of many different words a
#: smaller share is enough.
FEWEST_WORDS, WORDS_SHARE = 4, 0.04
MANY_WORDS, MANY_SHARE = 8, 0.01
#: The same for the titles of a table.
_FEWEST_IN_TITLES, _SHARE_OF_TITLES = 2, 0.3
#: Another language has at most half of the best one's words, and at most this share of its letters.
_CLEARLY_MORE = 2
_RIVAL_SHARE = 0.3
#: So many Cyrillic letters, and this share of all letters, make a list Cyrillic: lists in Latin letters name a few Russian goods.
_CYRILLIC_SHARE, _FEWEST_CYRILLIC = 0.12, 40
#: The same for the letters that one language alone has.
_LETTERS_SHARE, _FEWEST_LETTERS = 0.01, 5
#: Letters that only one of Russian's neighbours has: this share of the Cyrillic ones; fewer are typing errors.
_NEIGHBOUR_SHARE = 0.003
_CYRILLIC = re.compile(CYRILLIC)
_ANY_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(rf"{LETTER}+")
#: Letters of other languages than Russian, and languages that have none of their own.
_NOT_RUSSIAN = re.compile(r"[\u0450\u0452-\u04ff]")
_NOT_IN_ROUBLES = ("bg",)


def currency_of_language(text: str, *, elsewhere: bool = False) -> str:
    """Return the money of the one country whose language `text` is in, "" where several share it or nothing is clear.

    Russian without letters of its neighbours means roubles, unless something speaks for another country (`elsewhere`).
    """
    folded = text.casefold()
    letters = sum(map(str.isalpha, folded)) or 1
    cyrillic = len(_CYRILLIC.findall(folded))
    if cyrillic > _CYRILLIC_SHARE * letters and cyrillic >= _FEWEST_CYRILLIC:
        return _by_cyrillic_letters(folded, elsewhere=elsewhere)
    return _by_letters(folded, letters) or _by_words(folded)


def is_in_language(text: str, code: str) -> bool:
    """Whether `text` has enough of the words that its lexicon lists as those of the language `code`."""
    all_words = _WORD.findall(text.casefold())
    own = _words_of_languages().get(code, frozenset())
    return _are_enough([word for word in all_words if word in own], len(all_words))


def are_titles_in_language(titles: Iterable[str], code: str) -> bool:
    """Whether a large part of the words of titles, which are few, are among those that the lexicon lists for the language `code`."""
    words = _WORD.findall(" ".join(titles).casefold())
    own = [word for word in words if word in _words_of_languages().get(code, frozenset())]
    return len(set(own)) >= _FEWEST_IN_TITLES and len(own) >= _SHARE_OF_TITLES * len(words)


def _by_cyrillic_letters(folded: str, *, elsewhere: bool) -> str:
    fewest = max(1, _NEIGHBOUR_SHARE * len(_CYRILLIC.findall(folded)))
    neighbours = [_currencies()[code] for code, letters in _cyrillic_letters().items() if len(letters.findall(folded)) >= fewest]
    if (
        not neighbours
        and not elsewhere
        and not _NOT_RUSSIAN.search(folded)
        and not any(map(partial(is_in_language, folded), _NOT_IN_ROUBLES))
    ):
        return "RUB"
    return neighbours[0] if len(neighbours) == 1 else ""


def _by_letters(folded: str, letters: int) -> str:
    counts = {code: len(own.findall(folded)) for code, own in _letters().items()}
    best, most = max(counts.items(), key=lambda count: count[1])
    if most < _FEWEST_LETTERS or most <= _LETTERS_SHARE * letters:
        return ""
    return "" if any(count > _RIVAL_SHARE * most for code, count in counts.items() if code != best) else _currencies()[best]


def _by_words(folded: str) -> str:
    """Return the money of the language of which several different words stand there, and no other's."""
    all_words = _WORD.findall(folded)
    clear = []
    for code, own in _words_of_languages().items():
        words = [word for word in all_words if word in own]
        if code in _currencies() and _are_enough(words, len(all_words)):
            clear.append((len(words), _currencies()[code]))
    clear.sort(reverse=True)
    if not clear or (len(clear) > 1 and clear[0][0] <= _CLEARLY_MORE * clear[1][0]):
        return ""
    return clear[0][1]


def _are_enough(words: list[str], of_all: int) -> bool:
    different = len(set(words))
    few = different >= FEWEST_WORDS and len(words) > WORDS_SHARE * of_all
    return few or (different >= MANY_WORDS and len(words) > MANY_SHARE * of_all)


@derived()
def _currencies() -> dict[str, str]:
    """Return the money of the one country, or of all countries, where a language is spoken."""
    return {code: section["currency"] for code, section in lexicon.sections("country") if "currency" in section}


@derived()
def _letters() -> dict[str, re.Pattern[str]]:
    """Return the letters that only one language has, by its code."""
    return {code: re.compile(f"[{section['letters']}]") for code, section in lexicon.sections("country") if "letters" in section}


@derived()
def _cyrillic_letters() -> dict[str, re.Pattern[str]]:
    """Return those of Russian's neighbours."""
    return {code: letters for code, letters in _letters().items() if _ANY_CYRILLIC.search(letters.pattern)}


@derived()
def _words_of_languages() -> dict[str, frozenset[str]]:
    """Return the words that tell a language from its neighbours, by its code."""
    return {code: frozenset(lexicon.phrases(section["words"])) for code, section in lexicon.sections("country") if "words" in section}
