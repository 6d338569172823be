"""What the index has of a product: the terms by which it is found, and which of them say what it is. Pure.

A word says what goods are unless it names goods of another category: in "potato chips", which are snacks, "potato" is only mentioned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from monito_ray.catalog.search.inflections import inflected_english
from monito_ray.catalog.search.word_forms import (
    SHORTEST_STEM,
    category_term,
    is_plain_word,
    main_term,
    size_term,
    split_words,
    terms_of,
    without_synonyms,
)
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived, glossary_languages
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import (
    BRANDS,
    HEADS_FIRST,
    WORDS,
    Keyword,
    fold,
    keyword_at,
    keywords_from,
    spoken_languages,
)
from monito_ray.pipeline.products.measuring.quantities import find_quantities
from monito_ray.pipeline.products.taxonomy import OTHER
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

    terms: frozenset[str]
    #: Those that say what the goods are.
    things: frozenset[str]
    #: Those of words that only mention something.
    mentioned: frozenset[str]
    words: frozenset[str]


class _PhraseTerms(NamedTuple):
    """The terms of a word of a name, or of several that the glossary has as one."""

    #: As it is written and in English.
    terms: frozenset[str]
    #: Those of words that name goods of another category.
    mentioned: frozenset[str]
    words: frozenset[str]
    english: str
    is_qualifier: bool


def product_alone(row: ProductRow) -> IndexedProduct:
    """Return the product that one row has alone, as it is when it is read from the store."""
    size, skus = None if row.size is None else without_zeros(row.size), (row.sku,) if row.sku else ()
    return IndexedProduct(row.standardized_name, row.brand, size, row.unit, row.category, (row.original_name,), skus)


def index_entry(product: IndexedProduct) -> IndexEntry:
    """Return the entry of a product."""
    spoken = spoken_languages((product.name, *product.original_names))
    languages = tuple(language for language in spoken if language != HEADS_FIRST)  # one name does not show that
    category = _category_of((*product.original_names, product.name)[0], product.category, languages)
    names = [
        _index_name(text, category, languages) for text in dict.fromkeys((product.brand, product.name, *product.original_names)) if text
    ]
    # What one name only mentions, another cannot make the thing itself.
    things = {term for name in names for term in name.things} - {main_term([term]) for name in names for term in name.mentioned}
    terms = {term for name in names for term in name.terms} | things | _size_terms(product)
    for sku in product.skus:
        terms |= {"".join(split_words(sku)), *terms_of(sku)}
    if product.category:
        terms.add(category_term(terms_of(product.category)))
    return IndexEntry(frozenset(terms - {""}), frozenset(word for name in names for word in name.words))


def _size_terms(product: IndexedProduct) -> set[str]:
    if product.size is not None:
        return {size_term(product.size, product.unit)}
    quantities = (quantity for text in product.original_names for quantity in find_quantities(text))
    return {size_term(quantity.size, quantity.unit) for quantity in quantities if quantity.size is not None}


@derived(maxsize=1024)  # for brands, which come again
def _index_name(text: str, category: str, languages: tuple[str, ...]) -> _NameTerms:
    """Return the terms and words of one name, as it is written and in English."""
    terms: set[str] = set()
    mentioned: set[str] = set()
    words: set[str] = set()
    english: list[str] = []
    is_qualified = False
    for phrase in glossary.phrases_in(text, _languages_of(text))[:_MOST_WORDS]:
        own = _phrase_terms(text[phrase.start : phrase.end], phrase.english, phrase.length, category, languages)
        is_qualified = is_qualified or own.is_qualifier
        terms |= own.terms
        words |= own.words
        mentioned |= own.terms if is_qualified else own.mentioned
        english.append(own.english)
    english_text = " ".join(english)
    terms.update(terms_of(without_synonyms(english_text)))
    things = {main_term([term]) for term in terms - mentioned if is_plain_word(term)}
    for compound, parts in _compounds_in([term for term in terms_of(english_text) if is_plain_word(term)]):
        things -= {main_term([part]) for part in parts}
        things.add(compound)
    of_category = {
        term for each in dict.fromkeys((text.casefold(), english_text)) for term in _phrases_of_category(each, category, languages)
    }
    return _NameTerms(frozenset(terms), frozenset(things | of_category), frozenset(mentioned), frozenset(words))


@derived(maxsize=65536)
def _phrase_terms(written: str, meaning: str | None, length: int, category: str, languages: tuple[str, ...]) -> _PhraseTerms:
    words = split_words(written)
    english = split_words(meaning or inflected_english(written) or written)
    both = dict.fromkeys((*words, *english, *split_words(without_synonyms(" ".join(english)))))
    places = {word: _is_of_category(word, category, languages) for word in both}
    terms = frozenset(term for word in both for term in terms_of(word))
    of_others = [word for word, is_inside in places.items() if is_inside is False]
    mentioned = frozenset(term for word in of_others for term in terms_of(word)) if True in places.values() else terms
    return _PhraseTerms(
        terms,
        mentioned if of_others else frozenset(),
        frozenset(word for word in both if is_plain_word(word) and len(word) >= SHORTEST_STEM),
        " ".join(english),
        length == 1 and not _qualifiers().isdisjoint(words),
    )


@derived(maxsize=1024)
def _languages_of(text: str) -> tuple[str, ...]:
    """Return the languages that a name may be in: by a word that is of one alone, or by a phrase ("air mineral", of which "air" is English, too)."""
    detected = glossary.detect_languages((text,))
    if not glossary.may_have_phrases(text):
        return detected
    others = (language for language in glossary_languages() if language not in detected)
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


def _phrases_of_category(text: str, category: str, languages: tuple[str, ...]) -> Iterable[str]:
    """Yield a term for each phrase that names goods of this category: "ice cream", though cream is none."""
    words = [fold(match[0]) for match in WORDS.finditer(text)]
    for index in range(len(words)):
        keyword: Keyword | None = keyword_at(words, index, languages)
        if keyword is not None and len(keyword.words) > 1 and category in keyword.categories:
            yield main_term(terms_of(" ".join(words[index : index + len(keyword.words)])))


def _compounds_in(terms: Sequence[str]) -> Iterable[tuple[str, Sequence[str]]]:
    compounds = _compounds()
    for length in range(2, _LONGEST_COMPOUND + 1):
        for start in range(len(terms) - length + 1):
            parts = terms[start : start + length]
            if (compound := main_term(parts)) in compounds:
                yield compound, parts


@derived()
def _qualifiers() -> frozenset[str]:
    return frozenset(lexicon.words("product_names", "qualifiers"))


@derived()
def _compounds() -> frozenset[str]:
    """Return the terms of things of several words that are no kind of what the last of them names: a sweet potato is no potato."""
    return frozenset(main_term(terms_of(compound)) for compound in lexicon.words("search", "compounds"))
