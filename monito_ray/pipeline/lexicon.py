"""The lexicon: every word of a human language that the reader knows, one TOML file a language in `data/lexicon`.

docs/adding-a-language.md explains the files. A value is a text of words or phrases, separated by commas or line breaks. Modules derive
their tables and expressions from it and cache them with `derived`, so that `extended_by` can add languages for a while.

Glossaries of hundreds of entries are lines of a file `<language>.glossary.tsv` beside it: 760 entries take 9 ms as TOML, 0.4 ms as lines. So are
the words that tell categories, in `<language>.categories.tsv`, which are read when the first product is classified.
"""

import re
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: The sections that a file may have, and what their keys are.
SECTIONS = {
    "titles": "roles of columns; words in the titles of such columns, `*` for any ending",
    "weak_titles": "roles of columns; words that need the cells of the column to agree",
    "faint_titles": "roles of columns; words that goods and units have, too: they count only beside other titles",
    "price_tiers": "retail, wholesale, carton, old, deposit, comparison; words that say which of several prices a column holds",
    "currencies": "ISO codes; words for the currency",
    "amounts": "thousand, million, multiples, in_multiples, cents; on_request, blank; from, to; remarks; least; credit; sign_pieces",
    "units": "units of the catalogue; how they are spelled",
    "other_units": "dose, dose_volume, foreign, rate, dimension, loose, title, column, size_column, size_title, never_in_names; units in places where not all units count",
    "quantities": "per, inside, price, each, of, contains, content, stated_content, orders, vials, year, horsepower, small_pieces, piece_letters, twin_packs, triple_packs, nutrients, networks, lengths, one_tablet, of_sheets, sheet_goods, tablets, own_counts, syringes, empty_goods, rolled, sold_by_sheet, parted_gallons; words around quantities",
    "doubts": "commands, objects, phrases; words of somebody who gives orders to a program",
    "months": "1 to 12; the first three or four letters of the month",
    "dates": "ordinals, months_before_days; what stands behind a day's number, and months that stand before it",
    "rows": "totals, before_totals, beside_totals, not_goods; names of rows that are no goods",
    "running_text": "price_words, per_words, old_words, ... : what tells lists in chats and menus from letters, talk and invoices",
    "file_names": "lists, numbered, months, before_dates, generic, assortments; words in names of files that do not say whose list it is, those that a number follows, names of months, words before dates, what files of every kind are called, what somebody deals in",
    "letterhead": "tax, telephone, page_of, buyer, seller, orders, third_parties, requests; words around the tables",
    "tax_numbers": "kinds of tax numbers (`pipeline/rows/supplier/tax_numbers.py`); their labels",
    "companies": "before, after: legal forms, as written, beside a company's name; spelled_out: more of them, behind names, that are looked for only where names are compared; brand: words before a brand; behind_brand: those of them that may stand behind it; fits: words between goods and what they fit; name_parts: words that names begin with and that are no names alone",
    "country": "currency, letters, words: what shows that a list is of the one country where the language is spoken",
    "glossary": "words and phrases of the language, `*` for any ending; their English",
    "synonyms": "usual English spellings and names of goods; others that mean the same wherever goods are compared",
    "kinds": "English words for goods in general; words that name a kind of them by themselves",
    "implied": "categories; English words that go without saying of their goods",
    "variants": "fillers, negating; groups of words that tell goods apart: what says nothing, beginnings that turn a word's meaning round, colours, states, ...",
    "product_names": "words: English words of product names that no glossary translates to; prepositions: English ones that glossaries translate to; adjective_endings; package_materials; qualifiers: words behind which stands for whom, of what or with what the goods are",
    "search": "questions: words of questions for a price, which are not looked for; endings of words that do not count; compounds: things of several words that are no kind of what the last one names; qualities: English words of names that make no other article",
}

_FOLDER = files("monito_ray.pipeline.data") / "lexicon"
_caches: list[Callable[[], None]] = []
_making = threading.RLock()
_more_folders: list[Traversable] = []


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language, by section and key."""

    code: str
    sections: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """The words of one language for the goods of one category; `*` at the end stands for any ending, at the beginning for any beginning."""

    language: str
    category: str
    #: They say what goods are.
    heads: list[str]
    #: They say so, too, but flavour or fill other goods as often: chocolate, cheese, salmon.
    flavours: list[str]
    #: They only go with such goods.
    words: list[str]


def derived(maxsize: int | None = None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Cache a function whose results depend on the lexicon or the units; as `functools.lru_cache`.

    Without a size, which is for what is made of whole files, it is called once for the same arguments by however many threads want it at a time.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(maxsize)(function if maxsize else _called_once(function))
        _caches.append(cached.cache_clear)
        return cached  # type: ignore[return-value]  # a cache takes the function's own parameters

    return decorate


def _called_once(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that calls this one, and others like it, one thread at a time, and never again for the same arguments.

    A cache calls it for each thread that comes before there is a result: 24 lists that began together had 24 glossaries made, 40 MB that stayed.
    """
    results: dict[object, T] = {}
    _caches.append(results.clear)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        arguments = (args, tuple(kwargs.items()))
        with _making:
            if arguments not in results:
                results[arguments] = function(*args, **kwargs)
            return results[arguments]

    return call


@derived()
def languages() -> tuple[Language, ...]:
    """Return all languages, by their codes.

    Raises:
        ValueError: a file has a section that does not exist.
    """
    paths = [path for folder in _folders() for path in folder.iterdir() if path.name.endswith(".toml")]
    return tuple(sorted(map(_read_language, paths), key=lambda language: language.code))


def sections(name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the code of each language that has the section `name`, and the section."""
    for language in languages():
        if name in language.sections:
            yield language.code, language.sections[name]


@derived()
def entries(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of all languages under each key of the section `name`."""
    merged: dict[str, list[str]] = {}
    for _, section in sections(name):
        for key, text in section.items():
            merged.setdefault(key, []).extend(phrases(text))
    return {key: tuple(dict.fromkeys(texts)) for key, texts in merged.items()}


def words(name: str, key: str) -> tuple[str, ...]:
    """Return the phrases of all languages under `key` of the section `name`."""
    return entries(name).get(key, ())


def phrases(text: str) -> list[str]:
    """Return the words and phrases of a value."""
    return [phrase for part in re.split(r"[,\n]", text) if (phrase := part.strip())]


@contextmanager
def extended_by(folder: Path) -> Iterator[None]:
    """Read the languages in `folder` beside those of the program for as long as the block runs."""
    _more_folders.append(folder)
    clear_derived()
    try:
        yield
    finally:
        _more_folders.remove(folder)
        clear_derived()


@derived()
def glossary_languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a glossary."""
    return tuple(language.code for language in languages() if glossary(language.code))


@derived()
def glossary(code: str) -> tuple[tuple[str, str], ...]:
    """Return the entries of a language's glossary, words and their English: the section `glossary` of its file, and the lines beside it."""
    inline = dict(sections("glossary")).get(code, {})
    lines = (line for folder in _folders() for line in _lines(folder / f"{code}.glossary.tsv"))
    return (*inline.items(), *((written, english) for written, english in (line.split("\t") for line in lines)))


@derived()
def category_words() -> tuple[CategoryWords, ...]:
    """Return the words that tell categories, of all languages: the lines of the files `<language>.categories.tsv`."""
    suffix = ".categories.tsv"
    paths = [path for folder in _folders() for path in folder.iterdir() if path.name.endswith(suffix)]
    return tuple(
        _category_words(path.name.removesuffix(suffix), line) for path in sorted(paths, key=lambda path: path.name) for line in _lines(path)
    )


def _category_words(language: str, line: str) -> CategoryWords:
    category, *columns = line.split("\t")
    heads, flavours, words = (column.split(", ") if column else [] for column in (*columns, "", "", "")[:3])
    return CategoryWords(language, category, heads, flavours, words)


def _lines(path: Traversable) -> list[str]:
    if not path.is_file():
        return []
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]


def _folders() -> list[Traversable]:
    return [_FOLDER, *_more_folders]


def clear_derived() -> None:
    """Forget every result that `derived` cached."""
    for clear in _caches:
        clear()


def _read_language(path: Traversable) -> Language:
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sections.keys() - SECTIONS.keys():
        raise ValueError(f"lexicon/{path.name}: there is no section {', '.join(sorted(unknown))}")
    return Language(path.name.removesuffix(".toml"), sections)
