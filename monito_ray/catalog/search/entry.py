"""What the index has of a product: the terms by which it is found, and which of them say what it is. Pure.

A word says what goods are unless it names goods of another category: in "potato chips", which are snacks, "potato" is only mentioned.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise
from typing import NamedTuple

from monito_ray.catalog.search.inflections import inflected_english
from monito_ray.catalog.search.word_forms import (
    SHORTEST_STEM,
    beginnings_of_synonyms,
    category_term,
    is_plain_word,
    main_term,
    size_term,
    split_words,
    terms_of,
    terms_of_word,
    without_synonyms,
)
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import (
    BRANDS,
    keywords_from,
    languages_in,
    phrases_among,
)
from monito_ray.pipeline.products.measuring.quantities import find_quantities
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.pipeline.products.text_words import words_in, words_of_lower_case
from monito_ray.records import ProductRow
from monito_ray.store.schema import without_zeros

#: The longest thing that the glossary names with several words and that is told from its parts: "sweet potato".
_LONGEST_COMPOUND = 3
#: Longer texts are no names; what stands behind is not indexed.
_MOST_WORDS = 40

#: A name is of the category that its words say, whatever the goods are under, with so many points, and so many more than its own category has;
#: 1 is a head word in its place. Set on the queries of `tests/data/search/queries_seen.json`.
_CLEAR_POINTS, _CLEARER_BY = 1.0, 0.3


@dataclass(frozen=True, slots=True)
class IndexedProduct:
    """What is known of a product by which people look for it."""

    name: str
    brand: str
    size: Decimal | None
    unit: str
    category: str
    #: The suppliers' own names, each once.
    original_names: tuple[str, ...]
    #: The suppliers' article numbers.
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index has of a product."""

    #: All terms by which it is found.
    terms: frozenset[str]
    #: The words by which it is found that may be begun or misspelt: of letters, folded.
    words: frozenset[str]


class _NameTerms(NamedTuple):
    """The terms of one name."""

    terms: AbstractSet[str]
    #: The main terms of those that say what the goods are.
    things: AbstractSet[str]
    #: The main terms of words that only mention something.
    mentioned: AbstractSet[str]
    words: AbstractSet[str]


class _PhraseTerms(NamedTuple):
    """The terms of a word of a name, or of several that the glossary has as one."""

    #: As it is written and in English.
    terms: AbstractSet[str]
    #: The main terms of all these, of those of letters, and of those of words that name goods of another category.
    main_terms: AbstractSet[str]
    things: AbstractSet[str]
    mentioned: AbstractSet[str]
    words: AbstractSet[str]
    #: Its English in running order: text, words, and terms of letters.
    english: str
    english_words: Sequence[str]
    english_terms: Sequence[str]
    is_qualifier: bool


def product_alone(row: ProductRow) -> IndexedProduct:
    """Return the product that one row has alone, as it is when it is read from the store."""
    size, skus = None if row.size is None else without_zeros(row.size), (row.sku,) if row.sku else ()
    return IndexedProduct(row.standardized_name, row.brand, size, row.unit, row.category, (row.original_name,), skus)


def index_entry(product: IndexedProduct) -> IndexEntry:
    """Return the entry of a product."""
    languages = languages_in((product.name, *product.original_names))  # whether heads stand first one name does not show
    category = _category_of((*product.original_names, product.name)[0], product.category, languages)
    names = [
        _index_name(text, category, languages) for text in dict.fromkeys((product.brand, product.name, *product.original_names)) if text
    ]
    # What one name only mentions, another cannot make the thing itself.
    things = _united(name.things for name in names) - _united(name.mentioned for name in names)
    terms = _united(name.terms for name in names) | things | _size_terms(product)
    for sku in product.skus:
        terms |= {"".join(split_words(sku)), *terms_of(sku)}
    if product.category:
        terms.add(category_term(terms_of_word(product.category)))
    terms.discard("")
    return IndexEntry(frozenset(terms), frozenset(_united(name.words for name in names)))


def _united(sets: Iterable[Iterable[str]]) -> set[str]:
    return set().union(*sets)


def _size_terms(product: IndexedProduct) -> set[str]:
    if product.size is not None:
        return {size_term(product.size, product.unit)}
    quantities = (quantity for text in product.original_names for quantity in find_quantities(text))
    return {size_term(quantity.size, quantity.unit) for quantity in quantities if quantity.size is not None}


@derived(maxsize=1024)  # for brands, which come again
def _index_name(text: str, category: str, languages: tuple[str, ...]) -> _NameTerms:
    """Return the terms and words of one name, as it is written and in English."""
    phrases = glossary.phrases_in(text, _languages_of(text))[:_MOST_WORDS]
    each = [_phrase_terms(text[phrase.start : phrase.end], phrase.english, phrase.length, category, languages) for phrase in phrases]
    if not each:
        return _NameTerms(frozenset(), frozenset(), frozenset(), frozenset())
    terms, main_terms, things, mentioned, words, english_texts, english_words, english_terms, qualifies = zip(*each, strict=True)
    english = tuple(chain.from_iterable(english_words))
    usual = terms_of(without_synonyms(" ".join(english_texts))) if _may_have_synonym_of_several(english) else []
    qualifier = qualifies.index(True) if True in qualifies else len(each)
    all_mentioned = set().union(*mentioned[:qualifier], *main_terms[qualifier:])
    all_things = set().union(_main_terms(filter(is_plain_word, usual)), *things) - all_mentioned
    for compound, parts in _compounds_in(list(chain.from_iterable(english_terms))):
        all_things -= _main_terms(parts)
        all_things.add(compound)
    for words_in_order in {words_of_lower_case(text), english} if category else ():
        all_things.update(_phrases_of_category(words_in_order, category, languages))
    return _NameTerms(set().union(usual, *terms), all_things, all_mentioned, set().union(*words))


def _may_have_synonym_of_several(english: Sequence[str]) -> bool:
    """Whether English words may be another name of several words; those of one word are looked up phrase by phrase."""
    return not beginnings_of_synonyms().isdisjoint(pairwise(english))


@derived(maxsize=65536)
def _phrase_terms(written: str, meaning: str | None, length: int, category: str, languages: tuple[str, ...]) -> _PhraseTerms:
    words = split_words(written)
    translated = meaning or inflected_english(written)
    english = split_words(translated) if translated else words
    english_text = " ".join(english)
    usual = without_synonyms(english_text)
    both = dict.fromkeys((*words, *english, *(split_words(usual) if usual != english_text else ())))
    places = {word: _is_of_category(word, category, languages) for word in both}
    terms = _united(map(terms_of_word, both))
    of_others = [word for word, is_inside in places.items() if is_inside is False]
    mentioned = _united(map(terms_of_word, of_others)) if True in places.values() or not of_others else terms
    return _PhraseTerms(
        terms,
        _main_terms(terms),
        _main_terms(filter(is_plain_word, terms)),
        _main_terms(mentioned),
        {word for word in both if is_plain_word(word) and len(word) >= SHORTEST_STEM},
        english_text,
        words_in(english_text).folded,
        [term for word in english for term in terms_of_word(word) if is_plain_word(term)],
        length == 1 and not _qualifiers().isdisjoint(words),
    )


def _main_terms(terms: Iterable[str]) -> set[str]:
    return {main_term([term]) for term in terms}


@derived(maxsize=1024)
def _languages_of(text: str) -> tuple[str, ...]:
    """Return the languages that a name may be in: by a word that is of one alone, or by a phrase ("air mineral", of which "air" is English, too)."""
    detected = glossary.detect_languages((text,))
    others = (language for language in glossary.languages_of_phrases(text) if language not in detected)
    return (*detected, *(language for language in others if any(phrase.length > 1 for phrase in glossary.phrases_in(text, (language,)))))


def _is_of_category(word: str, category: str, languages: tuple[str, ...]) -> bool | None:
    """Whether a word names goods of this category, which may be ""; None where it names none at all."""
    if not category:
        return None
    keywords = [keyword for keyword in keywords_from(word, languages) if len(keyword.words) == 1 and keyword.language != BRANDS]
    return any(category in keyword.categories for keyword in keywords) if keywords else None


def _category_of(text: str, category: str, languages: tuple[str, ...]) -> str:
    """Return what the words of a name say that the goods are, where they say so much more clearly than the category that they are under."""
    points = {evidence.category: evidence.points for evidence in evidence_in(text, languages)}
    best = max(points, key=points.__getitem__, default="")
    own = points.get(category, 0.0) + _CLEARER_BY if category != OTHER else 0.0
    is_clear = best and points[best] >= max(_CLEAR_POINTS, own)
    return best if is_clear else category if category != OTHER else ""


def _phrases_of_category(words: Sequence[str], category: str, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield a term for each phrase that names goods of this category: "ice cream", though cream is none."""
    for index, keyword in phrases_among(words, languages):
        if category in keyword.categories:
            yield main_term(terms_of_word(" ".join(words[index : index + len(keyword.words)])))


def _compounds_in(terms: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    compounds, parts_of_compounds = _compounds(), _parts_of_compounds()
    if parts_of_compounds.isdisjoint(terms):
        return
    for length in range(2, _LONGEST_COMPOUND + 1):
        for start in range(len(terms) - length + 1):
            parts = terms[start : start + length]
            if parts_of_compounds.issuperset(parts) and (compound := main_term(parts)) in compounds:
                yield compound, parts


@derived()
def _qualifiers() -> frozenset[str]:
    return frozenset(lexicon.words("product_names", "qualifiers"))


@derived()
def _compounds() -> frozenset[str]:
    """Return the terms of things of several words that are no kind of what the last of them names: a sweet potato is no potato."""
    return frozenset(main_term(terms_of(compound)) for compound in lexicon.words("search", "compounds"))


@derived()
def _parts_of_compounds() -> frozenset[str]:
    return frozenset(term for compound in lexicon.words("search", "compounds") for term in terms_of(compound))
