"""The words that tell categories, looked up in texts.

A word may tell different categories in different languages ("pan" is bread in Spanish), so a text is searched by the languages of its list.
A phrase wins over its words, a word as written over a stem (`колбас*`), and a longer stem over a shorter one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import WITHOUT_ACCENTS
from monito_ray.pipeline.lexicon import CategoryWords, derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.text_words import WORDS, fold, words_of_lower_case

#: The shortest stem and the shortest end of a word that tell a category.
_SHORTEST_STEM = 2
_SHORTEST_END = 2
#: Well-known brands, which tell what goods are as words do, but are no words.
BRANDS = "brands"
#: Languages of other than Latin letters, the words of no language, and brands: these apply wherever their words stand.
ALWAYS = ("ru", "uk", "bg", "und", BRANDS)
ENGLISH = "en"
#: Stands behind the languages of an English list whose names begin with their heads: "Sauce wing hot", as many order guides write.
HEADS_FIRST = "heads first"
#: The heads stand first where this share of the names, and twice as many as end with one, begin with one.
_LEAST_BEGINNINGS, _BEGINNINGS_TO_ENDS = 0.35, 2
NO_LANGUAGES = frozenset({"und", BRANDS})
ENGLISH_ONLY = (*ALWAYS, ENGLISH)
#: A list is in a Latin language when its words of that language alone are as many as this share of the rows: other lists have some by chance.
#: However often a list repeats one word, it counts for the second share of the rows at most: it may be a brand.
_LEAST_SHARE, _MOST_OF_WORD = 0.04, 0.015
#: A second language needs this part of the rows that the most frequent one has.
_LEAST_PART_OF_BEST = 0.3
#: A list in English has more than so many times the words of any other language: those that we wrote have 20 times, mixed ones twice.
_ENGLISH_RATIO = 4
#: What has words for goods and is no language of people.
_UNSPOKEN = ("und", "brands")


class Weight(IntEnum):
    """What a keyword says: the higher, the more."""

    #: It only goes with such goods.
    WORD = 1
    #: It says what the goods are, unless it is a flavour or an ingredient.
    FLAVOUR = 2
    #: It says what the goods are.
    HEAD = 3


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase that tells a category."""

    #: Folded; `*` stands for any ending or beginning.
    words: tuple[str, ...]
    language: str
    #: More than one where the word is used for different goods; the first is the likelier.
    categories: tuple[str, ...]
    weight: Weight


@derived(maxsize=65536)
def keywords_from(word: str, languages: tuple[str, ...]) -> tuple[Keyword, ...]:
    """Return the keywords whose first word fits the folded `word`, those of more words first; then by the order of `languages`."""
    first_words = _first_words(word)
    if not first_words:
        return ()
    fitting = [keyword for first_word in first_words for keyword in _in(languages, first_word)]
    return tuple(sorted(fitting, key=lambda keyword: -len(keyword.words)))


def keyword_at(words: Sequence[str], index: int, languages: tuple[str, ...]) -> Keyword | None:
    """Return the longest keyword that begins at `words[index]`; all folded."""
    first = _first_word(words[index], languages)
    return (_longest_phrase(words, index, first) if first.begins_phrases else None) or first.word


def phrases_among(words: Sequence[str], languages: tuple[str, ...]) -> Iterator[tuple[int, Keyword]]:
    """Yield for each of the folded words that begins a keyword of several words its place and the longest of these."""
    for index, word in enumerate(words):
        first = _first_word(word, languages)
        if first.begins_phrases and (keyword := _longest_phrase(words, index, first)):
            yield index, keyword


def _longest_phrase(words: Sequence[str], index: int, first: "_FirstWord") -> Keyword | None:
    if index + 1 == len(words):
        return None
    following = words[index + 1]
    phrases = first.phrases.get(following, ())
    if first.stems:  # few words have any
        stems = [phrase for phrase in first.stems if following.startswith(phrase[1].words[1][:-1])]
        phrases = sorted((*phrases, *stems), key=lambda phrase: phrase[0])
    for _, keyword in phrases:
        rest = words[index + 2 : index + len(keyword.words)]
        if len(rest) == len(keyword.words) - 2 and all(map(_fits, rest, keyword.words[2:])):
            return keyword
    return None


class _FirstWord(NamedTuple):
    """The keywords that a word begins; of several words with their places among these, those that win first."""

    #: Of this word alone.
    word: Keyword | None
    #: By their second words.
    phrases: Mapping[str, Sequence[tuple[int, Keyword]]]
    #: Those whose second word is a stem.
    stems: Sequence[tuple[int, Keyword]]
    #: Whether there are any: few words have.
    begins_phrases: bool


@derived(maxsize=65536)
def _first_word(word: str, languages: tuple[str, ...]) -> _FirstWord:
    keywords = keywords_from(word, languages)
    phrases: dict[str, list[tuple[int, Keyword]]] = {}
    stems: list[tuple[int, Keyword]] = []
    for place, keyword in enumerate(keywords):
        if len(keyword.words) > 1:
            second = keyword.words[1]
            (stems if second.endswith("*") else phrases.setdefault(second, [])).append((place, keyword))
    alone = next((keyword for keyword in keywords if len(keyword.words) == 1), None)
    return _FirstWord(alone, phrases, stems, bool(phrases or stems))


@derived(maxsize=65536)
def is_keyword(word: str) -> bool:
    """Whether a single word, or its stem, tells a category in any language: such a word is hardly a brand."""
    return any(len(keyword.words) == 1 and keyword.language != BRANDS for keyword in keywords_from(fold(word), all_languages()))


@derived()
def all_languages() -> tuple[str, ...]:
    """Return the languages with keywords, English last: its words stand in the lists of all others."""
    codes = dict.fromkeys(entry.language for entry in lexicon.category_words())
    return (*(code for code in codes if code != ENGLISH), *((ENGLISH,) if ENGLISH in codes else ()))


def spoken_languages(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the languages whose keywords apply to a list, the most frequent Latin one first, English last; all of them where no word is known.

    Behind them stands `HEADS_FIRST`, where that is so.
    """
    languages = languages_in(texts)
    return (*languages, HEADS_FIRST) if languages == ENGLISH_ONLY and _begins_with_heads(texts) else languages


def languages_in(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the languages whose keywords apply to texts, as `spoken_languages`, but not whether their names begin with their heads."""
    hits = _rows_by_language(texts)
    if not hits:
        return all_languages()
    latin = [language for language in hits if language not in (*ALWAYS, ENGLISH)]
    least = max(_LEAST_SHARE * len(texts), _LEAST_PART_OF_BEST * max((hits[language] for language in latin), default=0))
    spoken = sorted((language for language in latin if hits[language] > least), key=lambda language: -hits[language])
    return (*ALWAYS, *spoken, ENGLISH)


def is_english(texts: Sequence[str]) -> bool:
    """Return whether a list is in English, not in another language with English words; False where no word is known."""
    hits = _rows_by_language(texts)
    others = [count for language, count in hits.items() if language not in (ENGLISH, *_UNSPOKEN)]
    return hits.get(ENGLISH, 0.0) > _ENGLISH_RATIO * max(others, default=0.0)


def _rows_by_language(texts: Sequence[str]) -> dict[str, float]:
    """Return how many rows have words of a language alone; one word counts for a part of the rows at most."""
    rows_of_word: Counter[str] = Counter()
    for text in texts:
        rows_of_word.update(set(words_of_lower_case(text)))
    most = max(1.0, _MOST_OF_WORD * len(texts))
    hits: dict[str, float] = {}
    for word, count in rows_of_word.items():
        language = _language_shown_by(word)
        if language:
            hits[language] = hits.get(language, 0.0) + min(count, most)
    return hits


@derived(maxsize=65536)
def _language_shown_by(word: str) -> str:
    """Return the language that a word shows, "" where it may be of several."""
    languages = (ENGLISH,) if word in glossary.english_words() else _languages_of(word)
    return languages[0] if len(languages) == 1 or (languages and set(languages) <= set(ALWAYS)) else ""


def _begins_with_heads(texts: Sequence[str]) -> bool:
    """Whether the English names of a list begin with what the goods are."""
    names = [words for text in texts if text.isascii() and len(words := WORDS.findall(text.casefold())) > 1]
    begin, end = (sum(_is_head(words[place]) for words in names) for place in (0, -1))
    return begin >= _LEAST_BEGINNINGS * max(len(names), 1) and begin >= _BEGINNINGS_TO_ENDS * end


def _is_head(word: str) -> bool:
    return any(len(keyword.words) == 1 and keyword.weight > Weight.WORD for keyword in keywords_from(word, ENGLISH_ONLY))


@derived(maxsize=65536)
def _languages_of(word: str) -> tuple[str, ...]:
    """Return the languages that have `word` as a keyword of one word; an end of a word proves no language, nor do two letters."""
    keywords = keywords_from(word, all_languages()) if len(word) > _SHORTEST_STEM else ()
    return tuple(
        dict.fromkeys(keyword.language for keyword in keywords if len(keyword.words) == 1 and not keyword.words[0].startswith("*"))
    )


@derived(maxsize=65536)
def _first_words(word: str) -> tuple[str, ...]:
    """Return the first words of keywords that fit `word`: itself, its stems, its ends; the longer first."""
    beginnings, endings = _letters_of_parts()
    stems = [f"{word[:end]}*" for end in range(len(word), _SHORTEST_STEM - 1, -1)] if word[:_SHORTEST_STEM] in beginnings else ()
    ends = [f"*{word[start:]}" for start in range(1, len(word) - _SHORTEST_END + 1)] if word[-_SHORTEST_END:] in endings else ()
    return tuple(first_word for first_word in (word, *stems, *ends) if first_word in _phrases())


@derived()
def _letters_of_parts() -> tuple[frozenset[str], frozenset[str]]:
    """Return what stems begin with, and what ends of words end with: hardly a word of no keyword has both, so that few are cut up."""
    beginnings = frozenset(first_word[:_SHORTEST_STEM] for first_word in _phrases() if first_word.endswith("*"))
    return beginnings, frozenset(first_word[-_SHORTEST_END:] for first_word in _phrases() if first_word.startswith("*"))


def _in(languages: tuple[str, ...], first_word: str) -> list[Keyword]:
    """Return the keywords that begin with `first_word`, by the order of `languages`."""
    meanings: dict[tuple[str, str], tuple[Weight, list[str]]] = {}
    for phrase, weight, entry in _phrases().get(first_word, ()):
        meaning = meanings.get((entry.language, phrase))
        if meaning is None or meaning[0] < weight:
            meanings[entry.language, phrase] = (weight, [entry.category])
        elif meaning[0] == weight:
            meaning[1].append(entry.category)
    keywords = (
        Keyword(tuple(phrase.split()), language, tuple(dict.fromkeys(categories)), weight)
        for (language, phrase), (weight, categories) in meanings.items()
        if language in languages
    )
    return sorted(keywords, key=lambda keyword: languages.index(keyword.language))


def _fits(word: str, keyword: str) -> bool:
    return word.startswith(keyword[:-1]) if keyword.endswith("*") else word == keyword


@derived()
def _phrases() -> Mapping[str, list[tuple[str, Weight, CategoryWords]]]:
    """Return all phrases by their first words, with their asterisks. Most are never looked up, so that nothing more is made of them here."""
    table: dict[str, list[tuple[str, Weight, CategoryWords]]] = {}
    for entry in lexicon.category_words():
        for weight, phrases in ((Weight.HEAD, entry.heads), (Weight.FLAVOUR, entry.flavours), (Weight.WORD, entry.words)):
            for phrase in phrases:
                plain = phrase if phrase.isascii() else phrase.translate(WITHOUT_ACCENTS)
                table.setdefault(plain.partition(" ")[0], []).append((plain, weight, entry))
    return table
