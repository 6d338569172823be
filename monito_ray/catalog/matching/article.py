"""An article: what of one supplier's offer is compared with others'."""

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from monito_ray.catalog.matching import canonical_words as canonical
from monito_ray.catalog.matching.measures_in_names import RowContents, amount_of, split_name
from monito_ray.catalog.matching.number_chains import BoundNumber
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.quantities import find_quantities
from monito_ray.pipeline.rows.barcodes import is_ean13
from monito_ray.pipeline.units import content_units, pieces_of
from monito_ray.records import Method, ProductRow

#: Raise it when `article_of` answers differently: stored articles of another version are made again.
ARTICLE_VERSION = 18
_BARCODE = re.compile(r"\d{12,14}")
_BARCODE_LENGTH = 13
#: A shorter word in brackets is taken out where names are tidied: "(AO)".
_LONGEST_MARK = 2
#: What a thousand of it are sold loose by.
_PER_UNIT = {"g": "kg", "ml": "l"}
#: Categories of goods that are fresh unless their names say otherwise.
_DISHES = "prepared dishes"
_PRODUCE = frozenset(("vegetables", "fruit", "herbs & spices"))
_MILLIMETRE = "mm"
_FRESH = "fresh"
_NAME_SIGNS = re.compile(r"[/()]")
_LONGEST_SHORT_NAME = 3
_MOST_NAMES = 2
_LAST_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")
_DIGIT = re.compile(r"\d")
#: Rows that share a title or a name stand near each other, and a list has hundreds of brands.
_TEXTS_REMEMBERED = 4_096
#: Who settled such a name knew more than the glossary does.
_NAMED = frozenset((Method.MANUAL, Method.LLM, Method.CACHE))


class Article(NamedTuple):
    """The features of one offer. Words are canonical, see `canonical_words`; numbers are texts.

    A tuple, since of a list of 1,000 rows among a million offers 60,000 are read.
    """

    #: Of the name as written and the brand: each once, in order of the alphabet.
    written: tuple[str, ...]
    #: The same in English where the glossary, a person or the LLM knows it.
    english: tuple[str, ...]
    #: Names in English that a name gives besides, of goods sold loose: "arugula / rucola".
    other_names: tuple[tuple[str, ...], ...]
    #: Brand and name as written without spaces and signs.
    squeezed: str
    #: What the name has of numbers beside size and pack, in running order: models, dimensions, percents, "+".
    numbers: tuple[str, ...]
    #: Those of them with letters at them: "s10".
    codes: tuple[str, ...]
    #: Where the name has several numbers, each with the words next to it: "level 1 jumbo". Sizes and packs without a unit are among them.
    bound_numbers: tuple[BoundNumber, ...]
    #: Words of `written` that a full stop marks as abbreviations.
    dotted: tuple[str, ...]
    #: Content of one piece in `size_unit`, 0 where it is unknown or the goods are sold loose.
    size: float
    #: "g", "ml", "mm", "pcs", "m2" or "m3".
    size_unit: str
    #: The size for people: "330 ml".
    size_text: str
    #: The unit that goods are sold loose by: "kg".
    loose: str
    pack: int
    #: Pieces that the name counts beside the size though the price is for one, 0 for none.
    count_in_name: int
    #: What the price is for, canonical: "carton".
    price_unit: str
    #: Folded.
    brand: str
    #: Thirteen digits with a right check digit, else "".
    barcode: str
    currency: str
    #: The words of the title above goods without content, in English, where their name is short: it says what they are.
    heading: tuple[str, ...]
    #: Words of the name that go without saying of such goods: "bottle" of wine.
    implied: tuple[str, ...]
    #: Ready to eat, as on a menu.
    is_dish: bool
    #: The content stands in the title above alone: of a bar's list it may be what is served.
    is_content_of_title: bool
    #: The name says that vegetables, fruit or herbs are fresh; then "fresh" is none of the words, for they are unless somebody says otherwise.
    is_fresh: bool
    # What follows is no wording (`wording`): it differs from supplier to supplier.
    #: The supplier's article number.
    sku: str
    price: float
    base_price: float
    base_unit: str

    @property
    def wording(self) -> tuple[object, ...]:
        """All but article number and prices: equal for offers that are compared alike but for these."""
        return self[:_WORDING_LENGTH]


_WORDING_LENGTH = Article._fields.index("sku")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_OTHER_NAMES, _BOUND_NUMBERS = map(Article._fields.index, ("other_names", "bound_numbers"))
#: The places of tuples of texts.
_TUPLES = tuple(map(Article._fields.index, ("written", "english", "numbers", "codes", "dotted", "heading", "implied")))


def article_of(row: ProductRow) -> Article:
    """Return the features of a row."""
    contents = _contents(row)
    name = _without_repeats(canonical.without_doubling(canonical.fold(_without_sku(row.original_name, row.sku))))
    parts = split_name(name, contents)
    brand = _folded_brand(row.brand)
    unit_words = [word for text in parts.unit_words for word in canonical.words_of(text)]
    named = [*map(canonical.canonical_word, parts.words), *unit_words]
    whole_brand = canonical.words_of(brand)
    english = [*_english(row, named, whole_brand), *unit_words]
    loose = contents.price_unit if contents.price_unit in content_units() and not contents.size else ""
    is_loose = bool(loose) or row.price_unit == "bunch" or _is_loose_piece(contents)
    is_fresh = is_loose and row.category in _PRODUCE and _FRESH in english
    if is_fresh:
        named, english = ([word for word in words if word != _FRESH] for words in (named, english))
    if row.section and not canonical.tells_goods(english):
        section = _english_words(row.section)
        named, english = [*named, *section], [*english, *section]
    brand_words = [] if set(whole_brand) <= set(named) else whole_brand
    size_text = f"{_plain(row.size)} {row.unit}" if contents.size else ""
    if _is_loose_piece(contents):
        contents, loose, size_text = contents._replace(size=0.0, size_unit=""), _PER_UNIT[contents.size_unit], ""
    return Article(
        written=canonical.as_set([*named, *brand_words]),
        english=canonical.as_set([canonical.stem(word) for word in english]),
        other_names=_other_names(name) if is_loose and row.category in _PRODUCE and not row.brand else (),
        squeezed="".join((*brand_words, *parts.texts, *unit_words)),
        numbers=tuple(parts.numbers),
        codes=tuple(parts.codes),
        bound_numbers=tuple(parts.bound),
        dotted=canonical.dotted_words(name),
        size=contents.size,
        size_unit=contents.size_unit,
        size_text=size_text,
        loose=loose,
        pack=contents.pack,
        count_in_name=parts.count,
        price_unit=row.price_unit,
        brand=brand,
        barcode=_barcode(row.sku),
        currency=row.currency,
        heading=_heading(row.section) if not contents.size and not loose and len(english) <= _LONGEST_SHORT_NAME else (),
        implied=_implied(row.category, english, is_measured=bool(contents.size or is_loose)),
        is_dish=row.category == _DISHES,
        is_content_of_title=bool(contents.size) and _is_of_title(row.original_name, row.section),
        is_fresh=is_fresh,
        sku=row.sku.casefold(),
        price=float(row.price),
        base_price=float(row.base_price or 0),
        base_unit=row.base_unit,
    )


def as_json(article: Article) -> str:
    """Return an article as text for the store."""
    return _ENCODER.encode(article)


def article_from_json(text: str) -> Article:
    """Return the article that `as_json` was called on, by the same ARTICLE_VERSION."""
    values: list[Any] = json.loads(text)
    for place in _TUPLES:
        values[place] = tuple(values[place])
    values[_OTHER_NAMES] = tuple(map(tuple, values[_OTHER_NAMES]))
    values[_BOUND_NUMBERS] = tuple(BoundNumber(*value) for value in values[_BOUND_NUMBERS])
    return Article._make(values)


def _contents(row: ProductRow) -> RowContents:
    written = float(row.size or 0)
    size, unit = amount_of(written, row.unit) if written else (0.0, "")
    if unit == _MILLIMETRE:  # a dimension, which the numbers of the name say
        written, size, unit = 0.0, 0.0, ""
    return RowContents(
        size, unit, written, max(row.pack_count, 1) * pieces_of(row.price_unit if row.pack_count <= 1 else ""), row.price_unit
    )


def _is_loose_piece(contents: RowContents) -> bool:
    """Whether one piece of one kilogram or litre is meant, which is what goods sold loose cost."""
    return contents.size == 1000 and contents.size_unit in _PER_UNIT and contents.pack == 1 and contents.price_unit in ("", "kg", "l")


def _english(row: ProductRow, named: list[str], whole_brand: list[str]) -> list[str]:
    """Return the words in English: of the standardized name, with the short words that tidying takes out of names."""
    english = set(_english_words(row.standardized_name))
    if row.method not in _NAMED:
        english.update(word for word in named if len(word) <= _LONGEST_MARK and not canonical.is_translated(word))
    english.update(word for word in named if canonical.is_ambiguous(word))
    repeated = [word for word in set(named) if word and named.count(word) > 1]
    brand_words = [] if set(whole_brand) <= english else whole_brand
    return [*english, *repeated, *brand_words]


def _implied(category: str, english: list[str], *, is_measured: bool) -> tuple[str, ...]:
    """Return the words that go without saying of goods of a category, where the name says without them what they are."""
    words = [word for word in canonical.implied_words().get(category, ()) if is_measured and not _ends_compound(word, english)]
    return tuple(words) if canonical.tells_goods(word for word in english if word not in words) else ()


def _ends_compound(word: str, words: Iterable[str]) -> bool:
    """Whether a word of a name belongs to one before it: "fruit" of "dragon fruit"."""
    compounds = _compounds_by_end().get(word)
    return compounds is not None and any(compound <= set(words) for compound in compounds)


@derived()
def _compounds_by_end() -> dict[str, list[set[str]]]:
    """Return the words of compounds by the last of them."""
    compounds: dict[str, list[set[str]]] = {}
    for compound in lexicon.words("search", "compounds"):
        compounds.setdefault(compound.split()[-1], []).append(set(compound.split()))
    return compounds


def _is_of_title(name: str, section: str) -> bool:
    """Whether a title has a quantity, and the name below it no number."""
    return not _DIGIT.search(name) and bool(_DIGIT.search(section)) and bool(find_quantities(section))


def _heading(section: str) -> tuple[str, ...]:
    return canonical.as_set([canonical.stem(word) for word in _english_words(section)])


@derived(maxsize=_TEXTS_REMEMBERED)
def _english_words(text: str) -> tuple[str, ...]:
    """Return the words in English of a title, which stands above many rows, or of a name, which goods in several sizes share."""
    return tuple(canonical.words_of(canonical.fold(canonical.english_of(text))))


def _other_names(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of "arugula / rucola" or "arugula (rucola)", in English: each beside one that has a word which nobody knows.

    Where all words of both are known, and mean two things, both are said of the goods.
    """
    names = [
        canonical.as_set([*map(canonical.stem, canonical.words_of(canonical.english_of(part)))])
        for part in _NAME_SIGNS.split(name)
        if part.strip()
    ]
    if len(names) != _MOST_NAMES:
        return ()
    return tuple(
        name
        for name, other in (names, names[::-1])
        if canonical.tells_goods(name) and canonical.tells_goods(other) and not all(map(canonical.is_usual, other))
    )


@derived(maxsize=_TEXTS_REMEMBERED)
def _folded_brand(brand: str) -> str:
    return canonical.fold(brand)


def _without_repeats(name: str) -> str:
    """Return a folded name less brackets that say what stands before them: "white sugar [white]"."""
    match = _LAST_BRACKET.search(name)
    if match is None or not set(canonical.words_of(match[1])) <= set(canonical.words_of(name[: match.start()])) or _DIGIT.search(match[1]):
        return name
    return name[: match.start()]


def _without_sku(name: str, sku: str) -> str:
    return name.removesuffix(sku) or name if sku else name


def _barcode(sku: str) -> str:
    """Return the barcode among article numbers: an EAN-13, or an UPC-A as one; "" for others."""
    if not _BARCODE.fullmatch(sku):
        return ""
    digits = sku.lstrip("0").zfill(_BARCODE_LENGTH)
    return digits if len(digits) == _BARCODE_LENGTH and is_ean13(digits) else ""


def _plain(number: object) -> str:
    return f"{float(str(number)):g}"
