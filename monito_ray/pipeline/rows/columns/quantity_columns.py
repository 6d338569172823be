"""Which cells of a row say how much its price buys: size, pack and unit, each of the block of columns that the price stands in."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Sheet, Value, text_of
from monito_ray.pipeline.characters import LETTER, any_of, any_phrase
from monito_ray.pipeline.currencies import without_marks
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.pack_columns import is_package_with_count
from monito_ray.pipeline.products.measuring.quantities import Quantity, QuantityKind, find_quantities
from monito_ray.pipeline.products.measuring.quantity_patterns import IMPERIAL_UNITS
from monito_ray.pipeline.spellings import canonical_unit, content_spellings, count_spellings, spellings
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.titles import unit_of_rate

#: Share of a column's filled cells that are sizes or units, from which on it says how much a price buys.
_QUANTITY_SHARE = 0.5
#: Rows that are looked at, and sizes among them, before a column without a title for sizes, or a unit for its bare numbers, is believed.
_SAMPLE, _FEWEST = 300, 3
#: A column of sizes has one in its first cells.
_FIRST_LOOK = 20
#: Share of the numbers that stand elsewhere in their rows with a unit, and have the same one.
_SAME_UNIT_SHARE = 0.9
#: Share of sizes in ounces, pounds or gallons from which on a list is an American order guide: its packs multiply.
_IMPERIAL_SHARE = 0.3
#: Columns under such titles speak of something else than the content.
_OTHER_ROLES = frozenset({"quantity", "min_quantity", "sum", "weight"})
_BARE_NUMBER = re.compile(r"^\d[\d.,]*$")
#: A number before a unit, other than one: "5" of "Price/5kg".
_SEVERAL = re.compile(r"(?<![\d.,])(?!1\s*$)\d[\d.,]*\s*$")
_WHOLE_NUMBER = re.compile(r"^(\d{1,4})(?:[.,]0+)?$")
_WORD = re.compile(rf"{LETTER}[\w/.]*")
#: Packages whose price is one for all pieces within, where the title of the price names them.
_OUTER_PACKAGES = ("box", "carton")
#: Shorter words for prices are words of other meanings, too: "a", "at".
_SHORTEST_PRICE_WORD = 3


@dataclass(frozen=True, slots=True)
class _QuantityColumns:
    """The columns that speak of what a price buys, counted within the table."""

    size: int | None
    pack: int | None
    unit: int | None


class QuantityTexts:
    """Finds the texts of size, pack and unit for the prices of one table."""

    def __init__(self, sheet: Sheet, table: LocatedTable) -> None:
        self._table = table
        self._own = _blocks(table)
        self._columns = {price: self._columns_of(price) for price in table.roles.prices}
        size = table.roles.size
        self._unit = unit_of_title(table.titles[size].text) if size is not None else ""
        self._sheet = sheet
        self._unit_elsewhere = "" if self._unit or size is None else self._unit_of_numbers(size)
        self._variant = self._find_variant() if size is None and table.roles.unit is None else None
        self._has_packs_of_sizes = self._are_packs_of_sizes()

    @cached_property
    def _rows(self) -> list[Sequence[Value]]:
        """Rows from all over the table; few tables need them."""
        return [self._sheet.rows[index][self._table.left : self._table.right] for index in _sampled(self._table)]

    def of_row(self, price: int, texts: Sequence[str]) -> tuple[str, str, str]:
        """Return the texts of size, pack and unit for the price in a column; `texts` are the cells of its row."""
        columns = self._columns[price]
        size = "" if columns.size is None else texts[columns.size]
        pack = "" if columns.pack is None else texts[columns.pack]
        unit = "" if columns.unit is None else texts[columns.unit]
        if columns.size is None and self._variant is not None and self._says_more(texts):
            return texts[self._variant], pack, unit
        if columns.size is not None and columns.size == self._table.roles.size and _BARE_NUMBER.match(size):
            written = self._unit or _unit_beside(size, texts, columns.size) or self._unit_elsewhere
            size = f"{size} {written}" if written else size
        if self._has_packs_of_sizes and (pieces := _WHOLE_NUMBER.match(pack)):
            size = _multiplied(pieces[1], size)
        return size, pack, unit

    def _columns_of(self, price: int) -> _QuantityColumns:
        """Return the columns for a price: those of its own block if it has any, else those that no other price has for itself."""
        roles = self._table.roles
        own = self._own.get(price)
        if own is not None:
            within = range(min(own), max(own) + 1)
            size = max(own, key=lambda c: self._table.profiles[c].sizes)
            is_size = self._table.profiles[size].sizes >= self._table.profiles[size].units
            unit = roles.unit if roles.unit in within else None
            return _QuantityColumns(
                size if is_size else None, roles.pack if roles.pack in within else None, unit or (None if is_size else size)
            )
        others = {column for block in self._own.values() for column in block}
        return _QuantityColumns(*(None if column in others else column for column in (roles.size, roles.pack, roles.unit)))

    def _says_more(self, texts: Sequence[str]) -> bool:
        """Whether the column of variants says what a row's price buys, and the name no other size."""
        variant = texts[self._variant] if self._variant is not None else ""
        if not _states(variant, {QuantityKind.SIZE, QuantityKind.COUNT}):
            return False
        in_name = {(size.size, size.unit) for size in _sizes(texts[self._table.roles.name])}
        return not in_name or any((size.size, size.unit) in in_name for size in _sizes(variant))

    def _unit_of_numbers(self, size: int) -> str:
        """Return the unit that stands elsewhere behind the bare numbers of the size column, "" where no unit stands behind most."""
        units: Counter[str] = Counter()
        for row in self._rows:
            texts = [text_of(value) for value in row]
            if _BARE_NUMBER.match(texts[size]) and (unit := _unit_beside(texts[size], texts, size)):
                units[unit] += 1
        unit, count = units.most_common(1)[0] if units else ("", 0)
        return unit if count >= _FEWEST and count >= _SAME_UNIT_SHARE * units.total() else ""

    def _find_variant(self) -> int | None:
        """Return a column without a role whose cells are mostly sizes: "Presentation", "Variant"; None without one."""
        for column in self._table.roles.variants:
            title = self._table.titles[column]
            if title.role in _OTHER_ROLES:
                continue
            profile = self._table.profiles[column]
            if not profile.words and not profile.sizes:  # numbers and codes
                continue
            cells = [text for row in self._rows if (text := text_of(row[column]))]
            if not any(map(states_size, cells[:_FIRST_LOOK])):
                continue
            sizes = sum(map(states_size, cells))
            if sizes >= _FEWEST and sizes >= _QUANTITY_SHARE * len(cells):
                return column
        return None

    def _are_packs_of_sizes(self) -> bool:
        """Whether "6 | 48 OZ" of two neighbouring columns are six pieces for one price, as in American order guides."""
        roles = self._table.roles
        if roles.size is None or roles.pack != roles.size - 1 or len(roles.prices) > 1 or roles.unit is not None:
            return False
        sizes = [size for row in self._rows for size in _sizes(text_of(row[roles.size]))]
        return sum(size.unit in IMPERIAL_UNITS for size in sizes) > _IMPERIAL_SHARE * len(sizes)


def _multiplied(pieces: str, size: str) -> str:
    """Return the size column's text with the pack column's pieces before it."""
    if size.casefold() in spellings():
        return f"{pieces} {size}"
    return f"{pieces} x {size}" if _states(size, {QuantityKind.SIZE, QuantityKind.COUNT}) else size


def states_size(text: str) -> bool:
    """Return whether a text is nothing but a content: "275 CC", "PAQUETE 20 UNIDAD 20 GRAMOS"."""
    return _states(text, {QuantityKind.SIZE})


def _states(text: str, kinds: set[QuantityKind]) -> bool:
    """Whether a text has a quantity of these kinds, and besides quantities only words for packages."""
    quantities = find_quantities(text)
    if not any(quantity.kind in kinds for quantity in quantities):
        return False
    for quantity in reversed(quantities):
        text = text[: quantity.start] + text[quantity.end :]
    return all(word.casefold().rstrip(".") in spellings() for word in _WORD.findall(text))


def _sizes(text: str) -> list[Quantity]:
    return [quantity for quantity in find_quantities(text) if quantity.kind is QuantityKind.SIZE]


def _unit_beside(number: str, texts: Sequence[str], column: int) -> str:
    """Return the unit behind the same number in another cell of the row: "ml" for 750 beside "... 750ml"; "" without one."""
    for other, text in enumerate(texts):
        if other != column and number in text:
            for size in _sizes(text):
                if text[size.start : size.end].startswith(number):
                    return size.unit
    return ""


def _blocks(table: LocatedTable) -> dict[int, list[int]]:
    """Return for prices behind other prices the columns between that say how much each buys, if the first one has such, too: "250 g | 5.00 | 1 kg | 18.00"."""
    blocks: dict[int, list[int]] = {}
    columns = sorted(table.roles.prices)
    if not any(_is_quantity(table, column) for column in range(columns[0]) if column != table.roles.name):
        return blocks
    for before, price in pairwise(columns):
        between = [column for column in range(before + 1, price) if _is_quantity(table, column)]
        if between:
            blocks[price] = between
    return blocks


def _is_quantity(table: LocatedTable, column: int) -> bool:
    profile = table.profiles[column]
    return profile.sizes + profile.units >= _QUANTITY_SHARE and table.titles[column].role not in _OTHER_ROLES


def _sampled(table: LocatedTable) -> Iterator[int]:
    step = max(1, (table.last - table.first) // _SAMPLE)
    yield from range(table.first, table.last + 1, step)


@derived()
def _unit_in_title() -> re.Pattern[str]:
    units = any_of([*content_spellings(), *lexicon.words("other_units", "title")])
    return re.compile(rf"(?<!{LETTER}){units}(?!{LETTER})", re.IGNORECASE)


@derived(maxsize=1_000)
def unit_of_title(text: str) -> str:
    """Return the last unit in the title of a column, as written: "кг" of "Цена за кг", "ctn" of "USD/ctn"; "" where it is for several ("Price/5kg")."""
    units = list(_unit_in_title().finditer(text))
    if not units:
        return unit_of_rate(text)
    return "" if _SEVERAL.search(text[: units[-1].start()]) else units[-1].group()


@derived(maxsize=1_000)
def package_of_price(text: str) -> str:
    """Return the outer package that a price is for as its title says, as written: "dus" of "Harga/dus", "Case" of "Case price", "" of others."""
    match = _price_of_package().search(" ".join(text.split()))
    if match:
        return match["behind"] or match["before"]
    bare = without_marks(text).strip(" ()[]/.-")
    return bare if canonical_unit(bare) in _OUTER_PACKAGES else ""


@derived(maxsize=1_000)
def package_with_count(text: str) -> str:
    """Return the package that a price is for with what it holds, which stands at the end of its title: "case of 12" of "Price per case of 12"; "" of others."""
    words = text.split() if any(map(str.isdigit, text)) and package_of_price(text) else []
    ends = (" ".join(words[start:]).strip("()[] ") for start in range(len(words)))
    return next((end for end in ends if is_package_with_count(end)), "")


@derived()
def _price_of_package() -> re.Pattern[str]:
    """A package behind a stroke or, at most one short word between, a word for prices; or before one."""
    package = any_of(word for word, unit in count_spellings().items() if unit in _OUTER_PACKAGES)
    prices = {word for key, section in (("price_words", "running_text"), ("price", "quantities")) for word in lexicon.words(section, key)}
    price = any_phrase(sorted(word for word in prices if len(word) >= _SHORTEST_PRICE_WORD))
    per = any_phrase(lexicon.words("quantities", "per"))
    short = rf"(?:{LETTER}{{1,3}}\.?\s+)?"
    return re.compile(
        rf"(?:/\s*|(?<!{LETTER}){per}\s+|(?<!{LETTER}){price}[\s.:(\-]+{short})(?P<behind>{package})(?!{LETTER})"
        rf"|(?<!\w)(?P<before>{package})\.?[\s\-]+{price}(?!{LETTER})",
        re.IGNORECASE,
    )
