"""In which country's language a list is written, where that says whose money it is in."""

import re
from functools import cache

from monito_ray.pipeline import data

FEWEST_WORDS = 4
WORDS_SHARE = 0.04
MANY_WORDS = 8
MANY_SHARE = 0.01
_CYRILLIC_SHARE, _FEWEST_CYRILLIC = 0.12, 40
_LETTERS_SHARE, _FEWEST_LETTERS = 0.01, 5
_CYRILLIC = re.compile("[а-яё]")
_WORD = re.compile(r"[^\W\d_]+")


def currency_of_language(text: str, *, elsewhere: bool = False) -> str:
    """The money of the one country whose language `text` is in, "" where several countries share it or nothing is clear.

    Russian without letters of its neighbours means roubles, unless something speaks for another country (`elsewhere`).
    """
    folded = text.casefold()
    letters = sum(map(str.isalpha, folded)) or 1
    cyrillic = len(_CYRILLIC.findall(folded))
    if cyrillic > _CYRILLIC_SHARE * letters and cyrillic >= _FEWEST_CYRILLIC:
        foreign = [currency for currency in ("UAH", "KZT", "BYN") if _letters()[currency].search(folded)]
        # Several countries' letters together: nothing is clear.
        return "RUB" if not foreign and not elsewhere else foreign[0] if len(foreign) == 1 else ""
    return _by_letters(folded, letters) or _by_words(folded)


def _by_letters(folded: str, letters: int) -> str:
    counts = {currency: len(own.findall(folded)) for currency, own in _letters().items()}
    currency, count = max(counts.items(), key=lambda counted: counted[1])
    rivals = [other for other, found in counts.items() if other != currency and found > 0.3 * count]
    return currency if count >= _FEWEST_LETTERS and count > _LETTERS_SHARE * letters and not rivals else ""


def _by_words(folded: str) -> str:
    """The language of which several different words stand there, and no other's."""
    said = _WORD.findall(folded)
    clear = []
    for currency, words in _words().items():
        found = [word for word in said if word in words]
        different = len(set(found))
        few = different >= FEWEST_WORDS and len(found) > WORDS_SHARE * len(said)
        many = different >= MANY_WORDS and len(found) > MANY_SHARE * len(said)
        if few or many:
            clear.append((len(found), currency))
    clear.sort(reverse=True)
    return clear[0][1] if clear and (len(clear) == 1 or clear[0][0] > 2 * clear[1][0]) else ""


@cache
def _letters() -> dict[str, re.Pattern[str]]:
    return {currency: re.compile(f"[{letters}]") for currency, letters in data.table("languages.toml")["letters"].items()}


@cache
def _words() -> dict[str, frozenset[str]]:
    return {currency: frozenset(words.split()) for currency, words in data.table("languages.toml")["words"].items()}
