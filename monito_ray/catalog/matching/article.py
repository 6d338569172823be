"""An article: what of one supplier's offer is compared with others'."""

import json
import re
from dataclasses import astuple, dataclass

from monito_ray.catalog.matching import canonical_words as canonical
from monito_ray.catalog.matching.measures_in_names import RowContents, amount_of, split_name
from monito_ray.pipeline.rows.barcodes import is_ean13
from monito_ray.pipeline.units import content_units, pieces_of
from monito_ray.records import Method, ProductRow

#: Raise it when `article_of` answers differently: stored articles of another version are made again.
ARTICLE_VERSION = 1
_BARCODE = re.compile(r"\d{12,14}")
_BARCODE_LENGTH = 13
#: What a thousand of it are sold loose by.
_PER_UNIT = {"g": "kg", "ml": "l"}
#: Who settled such a name knew more than the glossary does.
_NAMED = frozenset((Method.MANUAL, Method.LLM, Method.CACHE))


@dataclass(frozen=True, slots=True)
class Article:
    """The features of one offer. Words are canonical, see `canonical_words`; numbers are texts."""

    #: Of the name as written and the brand: each once, in order of the alphabet.
    written: tuple[str, ...]
    #: The same in English where the glossary, a person or the LLM knows it.
    english: tuple[str, ...]
    #: The letters of the name as written, without spaces and signs.
    squeezed: str
    #: What the name has of numbers beside size and pack, in running order: models, dimensions, percents, "+".
    numbers: tuple[str, ...]
    #: Content of one piece in `size_unit`, 0 where it is unknown or the goods are sold loose.
    size: float
    #: "g", "ml", "mm", "pcs", "m2" or "m3".
    size_unit: str
    #: The size for people: "330 ml".
    size_text: str
    #: The unit that goods are sold loose by: "kg".
    loose: str
    pack: int
    #: What the price is for, canonical: "carton".
    price_unit: str
    #: Folded.
    brand: str
    #: Thirteen digits with a right check digit, else "".
    barcode: str
    #: The supplier's article number.
    sku: str
    price: float
    currency: str
    base_price: float
    base_unit: str


def article_of(row: ProductRow) -> Article:
    """Return the features of a row."""
    contents = _contents(row)
    name = canonical.fold(_without_sku(row.original_name, row.sku))
    parts = split_name(name, contents)
    brand = canonical.fold(row.brand)
    brand_words = canonical.words_of(brand)
    named = [word for text in parts.words for word in canonical.words_of(text)]
    written = canonical.as_set([*named, *brand_words])
    if row.section and not _tells_goods(written):
        named += canonical.words_of(canonical.fold(row.section))
        written = canonical.as_set([*named, *brand_words])
    loose = contents.price_unit if contents.price_unit in content_units() and not contents.size else ""
    size_text = f"{_plain(row.size)} {row.unit}" if row.size is not None else ""
    if _is_loose_piece(contents):
        contents, loose, size_text = contents._replace(size=0.0, size_unit=""), _PER_UNIT[contents.size_unit], ""
    return Article(
        written=written,
        english=_english(row, named, brand_words),
        squeezed="".join(named),
        numbers=parts.numbers,
        size=contents.size,
        size_unit=contents.size_unit,
        size_text=size_text,
        loose=loose,
        pack=contents.pack,
        price_unit=row.price_unit,
        brand=brand,
        barcode=_barcode(row.sku),
        sku=row.sku.casefold(),
        price=float(row.price),
        currency=row.currency,
        base_price=float(row.base_price or 0),
        base_unit=row.base_unit,
    )


def as_json(article: Article) -> str:
    """Return an article as text for the store."""
    return json.dumps(astuple(article), ensure_ascii=False, separators=(",", ":"))


def article_from_json(text: str) -> Article:
    """Return the article that `as_json` was called on, by the same ARTICLE_VERSION."""
    written, english, squeezed, numbers, *rest = json.loads(text)
    return Article(tuple(written), tuple(english), squeezed, tuple(numbers), *rest)


def _contents(row: ProductRow) -> RowContents:
    written = float(row.size or 0)
    size, unit = amount_of(written, row.unit) if written else (0.0, "")
    return RowContents(
        size, unit, written, max(row.pack_count, 1) * pieces_of(row.price_unit if row.pack_count <= 1 else ""), row.price_unit
    )


def _is_loose_piece(contents: RowContents) -> bool:
    """Whether one piece of one kilogram or litre is meant, which is what goods sold loose cost."""
    return contents.size == 1000 and contents.size_unit in _PER_UNIT and contents.pack == 1 and contents.price_unit in ("", "kg", "l")


def _english(row: ProductRow, named: list[str], brand_words: list[str]) -> tuple[str, ...]:
    """Return the words in English: of the standardized name, with the short words that tidying takes out of names."""
    english = canonical.words_of(canonical.fold(canonical.english_of(row.standardized_name)))
    short = [] if row.method in _NAMED else [word for word in named if len(word) == 1]
    return canonical.as_set([*english, *short, *brand_words])


def _tells_goods(written: tuple[str, ...]) -> bool:
    """Whether a name says what goods are, and not only their colour or kind."""
    groups = canonical.telling_groups()
    return any(word not in groups and len(word) > 1 for word in written)


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
