"""Pieces of a page that repeat, each with words and an amount: cards, lines of a grid, entries of a list. Each becomes a row of cells."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from monito_ray.pipeline.files.documents.html_pieces import are_joined, is_amount, is_measure, joined, parts
from monito_ray.pipeline.files.documents.html_titles import are_titles, title_of_classes
from monito_ray.pipeline.files.documents.html_tree import LINE_END, Element

#: Fewer pieces of one kind are no list.
_FEWEST_RECORDS = 3
#: Of the pieces of one kind that have amounts, at most this share may have several: else they are groups of such pieces.
_MOST_GROUPS = 0.1
#: More cells than a piece of any list has; what follows is text of the last.
_MOST_CELLS = 30
#: A table arranges the page if this share of its cells hold words and amounts each.
_LEAST_CARDS = 0.6
_WORD = re.compile(r"[^\W\d_]{2}")

#: Tag and class of an element; where it has no class, those of the one around it too.
Kind = tuple[str, ...]
#: Where a text stands in a piece: the blocks and classes around it, and which of the texts there it is.
Place = tuple[str | int, ...]


@dataclass(slots=True)
class Contents:
    """What stands in an element."""

    has_words: bool = False
    has_amounts: bool = False
    #: The innermost elements in it, itself included, that have both words and an amount.
    offers: int = 0


@dataclass(slots=True)
class PageRecords:
    """What is a row of cells in a page, beside the rows of tables; elements by their identity."""

    kinds: dict[int, Kind] = field(default_factory=dict)
    #: Tables that only arrange the page.
    layouts: set[int] = field(default_factory=set)
    #: The column of each place, by kind.
    columns: dict[Kind, dict[Place, int]] = field(default_factory=dict)
    #: What the classes call the texts of each place, by kind.
    titles: dict[Kind, dict[Place, str]] = field(default_factory=dict)

    def cells(self, element: Element) -> list[str]:
        """Return the cells of an element that is a row: equal places in pieces of one kind are one column."""
        columns = self.columns[self.kinds[id(element)]]
        cells = [""] * min(len(columns), _MOST_CELLS)
        for place, text in _Texts.of(element).placed:
            column = min(columns[place], _MOST_CELLS - 1)
            cells[column] = f"{cells[column]} {text}".lstrip()
        return cells

    def column_titles(self, kind: Kind) -> list[str]:
        """Return the titles of the columns of a kind; [] where they do not say where names and prices stand."""
        titles = self.titles[kind]
        in_order = [titles[place] for place in sorted(titles, key=self.columns[kind].__getitem__)][:_MOST_CELLS]
        return in_order if are_titles(in_order) else []

    def add(self, element: Element, kind: Kind) -> None:
        """Take an element as a row; a new place gets a column behind that of the place before it."""
        self.kinds[id(element)] = kind
        columns, titles = self.columns.setdefault(kind, {}), self.titles.setdefault(kind, {})
        texts = _Texts.of(element)
        last = -1
        for (place, _), around in zip(texts.placed, texts.classes, strict=True):
            if place not in columns:
                last = min(last + 1, len(columns))
                for other, column in columns.items():
                    if column >= last:
                        columns[other] = column + 1
                columns[place] = last
                titles[place] = title_of_classes(around)
            last = columns[place]


def find_records(root: Element) -> PageRecords:
    """Return the pieces of a page that repeat and hold words and one amount, or one group of amounts, each; of nested ones the outermost."""
    contents: dict[int, Contents] = {}
    _read_contents(root, contents)
    single: Counter[Kind] = Counter()
    several: Counter[Kind] = Counter()
    for around, element in _inner_elements(root, contents):
        offers = contents[id(element)].offers
        if offers:
            (single if offers == 1 else several)[_kind(around, element)] += 1
    repeated = {kind for kind, count in single.items() if count >= _FEWEST_RECORDS and several[kind] <= count * _MOST_GROUPS}
    records = PageRecords()
    _choose(root, repeated, contents, records)
    return records


def _read_contents(element: Element, contents: dict[int, Contents]) -> Contents:
    """Write down what stands in `element` and in all elements within it."""
    result = contents[id(element)] = Contents()
    if element.tag == "table" and _has_plain_cells(element):
        return result
    for part in parts(element):
        if isinstance(part, Element):
            inner = _read_contents(part, contents)
            result.has_words |= inner.has_words
            result.has_amounts |= inner.has_amounts
            result.offers += inner.offers
        elif part == LINE_END:
            continue
        elif is_amount(part.strip()):
            result.has_amounts = True
        elif _WORD.search(part):
            result.has_words = True
    if not result.offers and result.has_words and result.has_amounts:
        result.offers = 1
    return result


def _inner_elements(element: Element, contents: dict[int, Contents]) -> Iterator[tuple[Element, Element]]:
    """Yield the elements within `element` whose contents were read, each behind the one around it."""
    pending = [element]
    while pending:
        around = pending.pop()
        for part in parts(around):
            if isinstance(part, Element) and id(part) in contents:
                yield around, part
                pending.append(part)


def _kind(around: Element, element: Element) -> Kind:
    return (element.tag, element.kind) if element.kind else (element.tag, "", around.tag, around.kind)


def _choose(element: Element, repeated: set[Kind], contents: dict[int, Contents], records: PageRecords) -> None:
    """Take the outermost elements of the repeated kinds within `element`, but nothing from the cells of tables that hold data."""
    for part in parts(element):
        if not isinstance(part, Element):
            continue
        kind = _kind(element, part)
        if part.tag == "table" and not _is_layout(part, contents):
            continue
        if part.tag == "table":
            records.layouts.add(id(part))
        if kind in repeated and contents[id(part)].offers == 1 and part.tag != "table":
            records.add(part, kind)
        else:
            _choose(part, repeated, contents, records)


def _is_layout(table: Element, contents: dict[int, Contents]) -> bool:
    """Whether a table arranges the page: its lists stand within its cells, or most of its cells are such pieces."""
    rows_of_offers = inner_offers = cards = filled = 0
    has_titles = False
    for row in table_rows(table):
        cells = [cell for cell in row.children if isinstance(cell, Element)]
        offers = [contents[id(cell)].offers for cell in cells if id(cell) in contents]
        has_titles |= any(cell.tag == "th" for cell in cells)
        rows_of_offers += id(row) in contents and contents[id(row)].offers > 0 and not any(offers)
        inner_offers += sum(contents[id(cell)].offers for cell in cells if _has_table(cell))
        cards += sum(map(bool, offers))
        filled += sum(1 for cell in cells if id(cell) in contents and (contents[id(cell)].has_words or contents[id(cell)].has_amounts))
    return inner_offers > rows_of_offers or (cards >= max(1, _LEAST_CARDS * filled) and not has_titles)


def table_rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, those of its head and foot where they stand."""
    for child in table.children:
        if isinstance(child, Element):
            if child.tag == "tr":
                yield child
            elif child.tag in ("thead", "tbody", "tfoot"):
                yield from (row for row in child.children if isinstance(row, Element) and row.tag == "tr")


def _has_plain_cells(table: Element) -> bool:
    """Whether the cells of a table hold a text each, styled or not: no piece with words and an amount can be in one of them."""
    cells = (cell for row in table_rows(table) for cell in row.children if isinstance(cell, Element))
    return all(isinstance(child, str) or (child.is_style and not child.has_elements) for cell in cells for child in cell.children)


def _has_table(element: Element) -> bool:
    pending = [element]
    while pending:
        for child in pending.pop().children:
            if isinstance(child, Element):
                if child.tag == "table":
                    return True
                pending.append(child)
    return False


class _Texts:
    """The texts of a piece with their places, as they are met; parts of one amount are one text."""

    def __init__(self) -> None:
        self.placed: list[tuple[Place, str]] = []
        #: The classes around each text, outermost first.
        self.classes: list[tuple[str, ...]] = []
        self._counts: Counter[tuple[str, ...]] = Counter()
        #: Whether the next text goes on in the line of the last one.
        self._goes_on = False

    @classmethod
    def of(cls, element: Element) -> "_Texts":
        """Return the texts of `element`."""
        texts = cls()
        texts._collect(element, (), ())
        return texts

    def _collect(self, element: Element, path: tuple[str, ...], classes: tuple[str, ...]) -> None:
        """Append the texts of `element`, around which the blocks and classes of `path` stand."""
        for part in parts(element):
            if isinstance(part, Element):
                self._goes_on = self._goes_on and not part.is_block
                inner = (*path, f"{part.tag}.{part.kind}") if part.is_block or part.kind else path
                self._collect(part, inner, (*classes, part.classes) if part.classes else classes)
                self._goes_on = self._goes_on and not part.is_block
            elif part == LINE_END:
                self._goes_on = False
            else:
                self._append(" ".join(part.split()), path, classes)
                self._goes_on = True

    def _append(self, text: str, path: tuple[str, ...], classes: tuple[str, ...]) -> None:
        if self.placed:
            place, before = self.placed[-1]
            goes_on = self._goes_on and (are_joined(before, text) or (is_measure(text) and not is_amount(before)))
            if goes_on or len(self.placed) == _MOST_CELLS:
                self.placed[-1] = place, joined(before, text)
                return
        self.placed.append(((*path, self._counts[path]), text))
        self.classes.append(classes)
        self._counts[path] += 1
