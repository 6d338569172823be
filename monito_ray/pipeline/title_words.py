"""Words of titles: how a title is split into words, and which roles of columns they and their phrases name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, CYRILLIC, CYRILLIC_CAPITAL, LETTER, combining_marks
from monito_ray.pipeline.currencies import title_marks
from monito_ray.pipeline.lexicon import derived

#: What a column can hold. Where a title fits two roles alike, the earlier one is taken.
ROLES = (
    "price", "name", "sku", "barcode", "number", "brand", "category", "size", "pack", "unit", "quantity", "min_quantity", "currency", "note",
    "discount", "sum", "date", "cost", "tax", "margin", "weight",
)  # fmt: skip
#: Phrases of these roles may have a word for prices in them, which then names none: "tax rate", "harga beli", "price id".
_NO_PRICES = frozenset({"cost", "tax", "margin", "weight", "sku"})
#: Fit of a word that says its role by itself, of a weak one, which needs the column's cells to agree, and of a faint one, which rows of
#: goods have, too ("bottle", "wine"): it makes no row a header.
_STRENGTHS = {"titles": 1.0, "weak_titles": 0.6, "faint_titles": 0.45}
#: Phrases of fewer letters are not looked for without their accents: "\u00e1r" is a price, "ar" is not.
_FEWEST_PLAIN = 4
_BROKEN_WORD = re.compile(rf"(?<={LETTER})-\s*\n?\s*(?={LETTER})")
#: Where programs join words: "UnitPrice".
_JOINED_WORDS = re.compile(rf"(?<=[a-z])(?=[A-Z])|(?<={CYRILLIC})(?={CYRILLIC_CAPITAL})")
_ACCENTS = re.compile("[\u0300-\u036f]")
#: Letters that are no accented ones and yet typed as plain ones.
_PLAIN_LETTERS = str.maketrans({"\u0142": "l", "\u0111": "d", "\u0131": "i", "\u00f8": "o"})
#: Programs number columns of one title; article numbers have more digits or fewer letters.
_NUMBER_BEHIND = re.compile(rf"(?<={LETTER}{{3}})\d{{1,2}}$")


class Match(NamedTuple):
    """A phrase of the vocabulary in a title: `length` words from the word `start` on."""

    start: int
    length: int
    role: str
    #: How well it says its role, over 0 to 1.
    strength: float


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Roles and strengths, by phrases of whole words, and by what a word begins or ends with."""

    phrases: dict[tuple[str, ...], list[tuple[str, float]]] = field(default_factory=dict)
    beginnings: dict[str, tuple[str, float]] = field(default_factory=dict)
    endings: dict[str, tuple[str, float]] = field(default_factory=dict)
    #: Words of the longest phrase that begins with a word.
    lengths: dict[str, int] = field(default_factory=dict)

    def of_phrase(self, words: tuple[str, ...]) -> Sequence[tuple[str, float]]:
        """Return what a phrase says; a word that is no phrase says what its longest beginning and its longest ending do."""
        whole = self.phrases.get(words, ())
        return whole if whole or len(words) > 1 else list(self._of_parts(words[0]))

    def _of_parts(self, word: str) -> Iterator[tuple[str, float]]:
        beginnings = (word[:end] for end in range(len(word), 0, -1))
        endings = (word[start:] for start in range(len(word)))
        for parts, entries in ((beginnings, self.beginnings), (endings, self.endings)):
            if part := next((part for part in parts if part in entries), ""):
                yield entries[part]


def split_words(text: str) -> list[str]:
    """Return the words of a title in lower case.

    A word that a line break hyphenated is joined, and one that a program joined ("UnitPrice") is parted, when only that makes it understood.
    """
    folded = _part_words(text).casefold().replace("\u2019", "'")
    words = _word().findall(folded)
    if "-" in folded and not _in_vocabulary(words):
        words = _word().findall(_BROKEN_WORD.sub("", folded))
    return words


def _part_words(text: str) -> str:
    if not _JOINED_WORDS.search(text):
        return text
    return _word().sub(
        lambda word: word.group() if _in_vocabulary([word.group().casefold()]) else _JOINED_WORDS.sub(" ", word.group()), text
    )


def plain_words(words: Sequence[str]) -> list[str]:
    """Return words as they are typed without accents, and without a number at their end: "prix1"."""
    return [_title_word(word).plain for word in words]


def may_name(words: Sequence[str], roles: AbstractSet[str]) -> bool:
    """Return whether `find_matches` may find one of these roles in words; quick, for most words are in no vocabulary."""
    return any(word.longest > 1 or not word.roles.isdisjoint(roles) for word in map(_title_word, words))


def find_matches(words: Sequence[str]) -> list[Match]:
    """Return the phrases of the vocabulary in the words of a title: no price in "tax rate", and no tax in "excl tax"."""
    matches = list(_all_matches(words))
    covers = {
        "price": [match for match in matches if match.role in _NO_PRICES and match.length > 1],
        "tax": [match for match in matches if match.role == "price" and match.length > 1],
    }
    return [match for match in matches if not any(_is_part(match, cover) for cover in covers.get(match.role, ()))]


def _is_part(match: Match, cover: Match) -> bool:
    is_inside = cover.start <= match.start and match.start + match.length <= cover.start + cover.length
    return is_inside and match.length < cover.length


def _all_matches(words: Sequence[str]) -> Iterator[Match]:
    for start, word in enumerate(map(_title_word, words)):
        yield from [Match(start, 1, role, strength) for role, strength in word.meanings]
        for length in range(2, min(word.longest, len(words) - start) + 1):
            phrase = words[start : start + length]
            meanings = _vocabulary().of_phrase(tuple(phrase)) or _vocabulary().of_phrase(tuple(plain_words(phrase)))
            yield from [Match(start, length, role, strength) for role, strength in meanings]


class _TitleWord(NamedTuple):
    """A word by itself."""

    #: As it is typed without accents, and without a number at its end.
    plain: str
    #: What it says alone.
    meanings: tuple[tuple[str, float], ...]
    roles: frozenset[str]
    #: Words of the longest phrase that begins with it.
    longest: int


# The rows of a list whose amounts are texts are all looked at as titles, and say the same words.
@derived(maxsize=4_000)
def _title_word(word: str) -> _TitleWord:
    vocabulary, plain = _vocabulary(), _NUMBER_BEHIND.sub("", _without_accents(word))
    meanings = vocabulary.of_phrase((word,)) or vocabulary.of_phrase((plain,))
    roles = frozenset(role for role, _ in meanings)
    return _TitleWord(plain, tuple(meanings), roles, max(vocabulary.lengths.get(word, 1), vocabulary.lengths.get(plain, 1)))


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text))).translate(_PLAIN_LETTERS)


def _in_vocabulary(words: Sequence[str]) -> bool:
    return any(match.length == 1 for match in _all_matches(words))


@derived()
def _vocabulary() -> _Vocabulary:
    vocabulary = _Vocabulary()
    for section, strength in _STRENGTHS.items():
        for role in ROLES:
            for phrase in lexicon.words(section, role):
                _add_phrase(vocabulary, phrase, (role, strength))
    for mark in title_marks():
        vocabulary.phrases.setdefault(tuple(_word().findall(mark)), []).append(("price", _STRENGTHS["weak_titles"]))
    _add_plain(vocabulary)
    return vocabulary


def _add_phrase(vocabulary: _Vocabulary, phrase: str, meaning: tuple[str, float]) -> None:
    words = tuple(_word().findall(phrase.casefold()))
    if phrase.endswith("*"):
        vocabulary.beginnings[words[0]] = meaning
    elif phrase.startswith("*"):
        vocabulary.endings[words[0]] = meaning
    elif words:
        vocabulary.phrases.setdefault(words, []).append(meaning)


def _add_plain(vocabulary: _Vocabulary) -> None:
    """Add what is typed without accents, where it is no other word of the vocabulary, and the lengths of all phrases."""
    for words, meanings in list(vocabulary.phrases.items()):
        plain = tuple(map(_without_accents, words))
        if plain != words and len("".join(plain)) >= _FEWEST_PLAIN:
            vocabulary.phrases.setdefault(plain, meanings)
    for entries in (vocabulary.beginnings, vocabulary.endings):
        for part, meaning in list(entries.items()):
            entries.setdefault(_without_accents(part), meaning)
    for words in vocabulary.phrases:
        vocabulary.lengths[words[0]] = max(len(words), vocabulary.lengths.get(words[0], 1))


@derived()
def _word() -> re.Pattern[str]:
    """A word of a title, or a sign that stands for one."""
    signs = "".join(mark for mark in title_marks() if not mark.isalpha())
    word = rf"(?:{ALPHANUMERIC}+[{combining_marks()}]*)+"
    return re.compile(rf"{word}(?:['\u02bc\u2019]{word})?|[№#%{signs}]")
