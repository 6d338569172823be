"""In which country's language a list is written, where that says whose money it is in."""

import re

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import CYRILLIC, LETTER
from monito_ray.pipeline.lexicon import derived

FEWEST_WORDS = 4
WORDS_SHARE = 0.04
MANY_WORDS = 8
MANY_SHARE = 0.01
_CYRILLIC_SHARE, _FEWEST_CYRILLIC = 0.12, 40
_LETTERS_SHARE, _FEWEST_LETTERS = 0.01, 5
_CYRILLIC = re.compile(CYRILLIC)
_ANY_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_WORD = re.compile(rf"{LETTER}+")


def currency_of_language(text: str, *, elsewhere: bool = False) -> str:
    """The money of the one country whose language `text` is in, "" where several countries share it or nothing is clear.

    Russian without letters of its neighbours means roubles, unless something speaks for another country (`elsewhere`).
    """
    folded = text.casefold()
    letters = sum(map(str.isalpha, folded)) or 1
    cyrillic = len(_CYRILLIC.findall(folded))
    if cyrillic > _CYRILLIC_SHARE * letters and cyrillic >= _FEWEST_CYRILLIC:
        neighbours = [currency for currency, letters in _cyrillic_letters().items() if letters.search(folded)]
        if not neighbours and not elsewhere:
            return "RUB"
        return neighbours[0] if len(neighbours) == 1 else ""  # several countries' letters together: nothing is clear
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


@derived()
def _letters() -> dict[str, re.Pattern[str]]:
    """The letters that only one country's language has, by its money."""
    sections = (section for _, section in lexicon.sections("country") if "letters" in section)
    return {section["currency"]: re.compile(f"[{section['letters']}]") for section in sections}


@derived()
def _cyrillic_letters() -> dict[str, re.Pattern[str]]:
    """Those of Russian's neighbours."""
    return {currency: letters for currency, letters in _letters().items() if _ANY_CYRILLIC.search(letters.pattern)}


@derived()
def _words() -> dict[str, frozenset[str]]:
    """Words that only one country's language has, by its money."""
    sections = (section for _, section in lexicon.sections("country") if "words" in section)
    return {section["currency"]: frozenset(lexicon.phrases(section["words"])) for section in sections}
