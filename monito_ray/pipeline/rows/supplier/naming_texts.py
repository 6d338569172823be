"""Whether a text names somebody: a file's name or a caption of such words as "price list June" names nobody."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, any_phrase
from monito_ray.pipeline.files.file_names import without_dates, words_of_file_name
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.glossary import is_trade_word

#: A word of a name has at least so many letters: "id", "ru" and "v2" are none.
_LEAST_LETTERS = 3
#: Letters before a number are what a camera or a program calls its files: "IMG_2034", "WA0012".
_WORD = re.compile(rf"{LETTER}+(?:['’]{LETTER}+)*")
_CODE = re.compile(rf"(?<!\w)(?:(?=\w*\d)(?=\w*{LETTER})\w{{4,}})|\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}\b", re.IGNORECASE)
#: The longest name that a caption is: more words are a sentence.
MOST_CAPTION_WORDS = 6
#: A caption of so many capitalized words is a name though all are of the trade: "Sari Sayur".
_FEWEST_CAPITALIZED = 2


def naming_words(text: str) -> list[str]:
    """Return the words of a text, casefolded, that can be part of a name: no words for lists, dates, goods and kinds of goods, and none of talk.

    A text without any names nobody.
    """
    bare = _without_talk(without_dates(_CODE.sub(" ", text)))
    words = [word.casefold() for word in _WORD.findall(bare)]
    return [
        word
        for word in words
        if len(word) >= _LEAST_LETTERS and not is_trade_word(word) and not _is_filler(word) and word not in _assortments()
    ]


def file_stem(file_name: str) -> str:
    """Return what of a file's name is the same next month, folded: words alone, "" where these name nobody."""
    words = words_of_file_name(PurePath(file_name).name)
    if not naming_words(words):
        return ""
    return " ".join(word.casefold() for word in _WORD.findall(_without_talk(without_dates(words))))


def name_in_caption(caption: str) -> str:
    """Return the supplier's name in what somebody wrote with a file, "" where that is no more than "prices for this week"."""
    words = caption.split()
    if not naming_words(caption):
        is_name = len(words) >= _FEWEST_CAPITALIZED and all(word[0].isupper() and _may_be_named(_bare(word)) for word in words)
        return " ".join(words) if is_name and len(words) <= MOST_CAPTION_WORDS else ""
    if any(_is_filler(_bare(word)) for word in words):
        words = _without_ends(words)
    return " ".join(words) if len(words) <= MOST_CAPTION_WORDS else ""


def is_written_as_name(caption: str, name: str) -> bool:
    """Return whether a name is capitalized within what somebody wrote: the first word alone is by every telephone."""
    words = caption.split()
    own = set(name.split())
    return any(word in own and word[0].isupper() for word in words[1:])


def _without_ends(words: Sequence[str]) -> list[str]:
    """Return words without those of lists, goods and talk, and numbers, at either end."""
    says_nothing = [_is_filler(_bare(word)) or is_trade_word(_bare(word)) or not any(map(str.isalpha, word)) for word in words]
    inside = [index for index, is_empty in enumerate(says_nothing) if not is_empty]
    return list(words[inside[0] : inside[-1] + 1]) if inside else []


def _may_be_named(word: str) -> bool:
    """Return whether a capitalized word can be part of a name: "Sayur", and the letter of "Toko A"."""
    return len(word) == 1 or not _is_filler(word)


def _bare(word: str) -> str:
    return word.casefold().strip(".,:;!?()\"'«»")


def _without_talk(text: str) -> str:
    return " ".join(_talk().sub(" ", text).split())


@derived(maxsize=65536)
def _is_filler(word: str) -> bool:
    return word in _fillers()


@derived()
def _assortments() -> frozenset[str]:
    """Return single words that say what somebody deals in, or for whom: many suppliers' files are called by them."""
    return frozenset(word.casefold() for phrase in lexicon.words("file_names", "assortments") for word in re.split(r"[\s-]+", phrase))


@derived()
def _fillers() -> frozenset[str]:
    """Return single words that name nobody: for lists, files and months, before dates, of requests."""
    keys = (("file_names", key) for key in ("lists", "numbered", "months", "before_dates", "generic"))
    phrases = [phrase for section, key in keys for phrase in lexicon.words(section, key)]
    phrases += lexicon.words("letterhead", "requests")
    titles = [title for title in lexicon.words("titles", "price") if " " not in title]
    return frozenset(word.casefold() for phrase in (*phrases, *titles) for word in re.split(r"[\s-]+", phrase) if "*" not in word)


@derived()
def _talk() -> re.Pattern[str]:
    phrases = [*lexicon.words("file_names", "generic"), *lexicon.words("letterhead", "requests")]
    return re.compile(rf"(?<!\w){any_phrase(phrases)}(?!\w)", re.IGNORECASE)
