"""What speaks for the roles that a table may do without: running number, article number, brand, size, pack, unit, category and others."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monito_ray.pipeline.tables.number_series import are_article_numbers
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import NO_SCORE, TITLE_WEIGHT, Score, Term, add_up
from monito_ray.pipeline.tables.titles import Title

#: The roles of one column each, in the order in which they choose their columns.
SINGLE_ROLES = ("number", "sku", "brand", "size", "pack", "unit", "category", "min_quantity", "currency", "note")


@dataclass(frozen=True, slots=True)
class RoleWeights:
    """Points for and against each role, and the thresholds beside them; shares are 0 to 1 of a column's filled cells.

    Set by trial on labelled lists where nothing else is written.
    """

    #: The points that a column needs for any of these roles: half of what a title that fits fully gives, or strong cells.
    floor: float = 1.5
    #: What a title says of a role counts this much of itself where another role fits it better.
    second_meaning: float = 0.5

    #: Running numbers: points where the cells count rows; points lost where more than `number_words` of the cells have words, and under
    #: titles of article numbers, which may count up evenly, too.
    number_running: float = 2.5
    number_wordy: float = 3.0
    number_words: float = 0.3
    number_article: float = 3.0

    #: Article numbers: points by how well "barcode" fits the title, by the share of codes, and where the numbers look like article numbers
    #: in a column of more than `sku_amounts` numbers.
    sku_barcode: float = 2.0
    sku_codes: float = 1.0
    sku_numbers: float = 1.6
    sku_amounts: float = 0.8

    #: Brands: points where more than `brand_word_share` of the cells have words, points lost by the share of units and amounts.
    brand_words: float = 0.5
    brand_word_share: float = 0.8
    brand_others: float = 1.5

    #: Sizes: points by the share of sizes; points lost by long texts, which are descriptions: nearly all with words, hardly a size,
    #: longer than `size_long_text` characters on average.
    size_sizes: float = 2.0
    size_description: float = 2.0
    size_word_share: float = 0.9
    size_fewest: float = 0.2
    size_long_text: int = 25

    #: Packs: points where more than `pack_number_share` of the cells are numbers, points lost by the share of units.
    pack_numbers: float = 0.3
    pack_number_share: float = 0.7
    pack_units: float = 1.0

    #: Units: points by the share of units, points lost where more than `unit_number_share` are numbers, and by the share of sizes.
    unit_units: float = 2.5
    unit_numbers: float = 2.0
    unit_number_share: float = 0.6
    unit_sizes: float = 1.0

    #: Categories: points where nearly all cells have words and few differ, points lost by the share of amounts.
    category_words: float = 0.3
    category_word_share: float = 0.8
    category_distinct: float = 0.3
    category_amounts: float = 1.5


ROLE = RoleWeights()


def role_score(role: str, title: Title, p: ColumnProfile) -> Score:
    """Return how much speaks for a column having one of `SINGLE_ROLES`."""
    if not p.count:
        return NO_SCORE
    says = TITLE_WEIGHT * title.roles.get(role, 0.0)
    if title.role and title.role != role:
        says *= ROLE.second_meaning
    cells = _CELLS.get(role)
    return add_up([Term(f"title says {role}", says), *(cells(title, p) if cells else ())])


def _number_terms(title: Title, p: ColumnProfile) -> Iterator[Term]:
    if p.running:
        yield Term("counts up evenly", ROLE.number_running)
    if p.words > ROLE.number_words:
        yield Term("words", -ROLE.number_wordy)
    if title.role in ("sku", "barcode"):
        yield Term("title says article number", -ROLE.number_article)


def _sku_terms(title: Title, p: ColumnProfile) -> Iterator[Term]:
    yield Term("title says barcode", title.roles.get("barcode", 0.0) * ROLE.sku_barcode)
    yield Term("codes", ROLE.sku_codes * p.codes)
    if p.money > ROLE.sku_amounts and not p.is_written_as_money and are_article_numbers([number for number in p.numbers if number]):
        yield Term("article numbers", ROLE.sku_numbers)


def _brand_terms(_title: Title, p: ColumnProfile) -> Iterator[Term]:
    if p.words > ROLE.brand_word_share:
        yield Term("words", ROLE.brand_words)
    yield Term("units and amounts", -ROLE.brand_others * (p.units + p.money))


def _size_terms(_title: Title, p: ColumnProfile) -> Iterator[Term]:
    yield Term("sizes", ROLE.size_sizes * p.sizes)
    if p.words > ROLE.size_word_share and p.sizes < ROLE.size_fewest and p.length > ROLE.size_long_text:
        yield Term("long texts", -ROLE.size_description)


def _pack_terms(_title: Title, p: ColumnProfile) -> Iterator[Term]:
    if p.money > ROLE.pack_number_share:
        yield Term("numbers", ROLE.pack_numbers)
    yield Term("units", -ROLE.pack_units * p.units)


def _unit_terms(_title: Title, p: ColumnProfile) -> Iterator[Term]:
    yield Term("units", ROLE.unit_units * p.units)
    if p.money > ROLE.unit_number_share:
        yield Term("numbers", -ROLE.unit_numbers)
    yield Term("sizes", -ROLE.unit_sizes * p.sizes)


def _category_terms(_title: Title, p: ColumnProfile) -> Iterator[Term]:
    if p.words > ROLE.category_word_share and p.distinct < ROLE.category_distinct:
        yield Term("the same words again and again", ROLE.category_words)
    yield Term("amounts", -ROLE.category_amounts * p.money)


#: What the cells say for each role; of the other roles titles alone decide.
_CELLS: dict[str, Callable[[Title, ColumnProfile], Iterator[Term]]] = {
    "number": _number_terms,
    "sku": _sku_terms,
    "brand": _brand_terms,
    "size": _size_terms,
    "pack": _pack_terms,
    "unit": _unit_terms,
    "category": _category_terms,
}
