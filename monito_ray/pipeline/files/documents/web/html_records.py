"""Pieces of a page that repeat, each with words and an amount: cards, lines of a grid, entries of a list. Each becomes a row of cells."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from monito_ray.pipeline.files.documents.web.html_contents import HAS_WORD, Contents, is_layout, read_contents
from monito_ray.pipeline.files.documents.web.html_pieces import are_joined, is_amount, is_measure, joined, parts
from monito_ray.pipeline.files.documents.web.html_titles import are_titles, title_of_classes
from monito_ray.pipeline.files.documents.web.html_tree import LINE_END, Element

#: Fewer pieces of one kind are no list.
_FEWEST_RECORDS = 3
#: Of the pieces of one kind that have amounts, at most this share may have several: else they are groups of such pieces.
_MOST_GROUPS = 0.1
#: More cells than a piece of any list has; what follows is text of the last.
_MOST_CELLS = 30
#: Labels are at most so many different ones, and each stands under several headings: they are this share of the pieces at most.
_MOST_DIFFERENT_LABELS, _MOST_LABELS = 6, 0.5

#: What leads the eye from a name to its price.
_LEADERS = re.compile(r"[\W_]{3,}")
#: So many pieces of a kind have their amounts in the same places: else they are text whose styles change at will.
_LEAST_STEADY = 0.7
#: Texts without a class or block of their own that are a name and a price.
_MOST_UNMARKED = 2

#: Tag and class of an element; where it has no class, those of the one around it too.
Kind = tuple[str, ...]
#: Where a text stands in a piece: the blocks and classes around it, and which of the texts there it is.
Place = tuple[str | int, ...]


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
    #: The words above the pieces of one group, by the pieces.
    headings: dict[int, str] = field(default_factory=dict)
    #: Kinds whose first words are the same few under each heading: sizes or labels of what the heading names.
    labels: set[Kind] = field(default_factory=set)
    _first_words: dict[int, str] = field(default_factory=dict)
    #: How often a piece has so many texts of no class or block of their own, and its last amount in such a place, by kind.
    _shapes: dict[Kind, Counter[tuple[int, Place]]] = field(default_factory=dict)

    def cells(self, element: Element) -> list[str]:
        """Return the cells of an element that is a row: equal places in pieces of one kind are one column."""
        columns = self.columns[self.kinds[id(element)]]
        cells = [""] * min(len(columns), _MOST_CELLS)
        for place, text in _Texts.of(element).placed:
            column = min(columns[place], _MOST_CELLS - 1)
            cells[column] = f"{cells[column]} {text}".lstrip()
        heading = self.headings.get(id(element), "")
        if heading and self.kinds[id(element)] in self.labels:
            column = next((n for n, text in enumerate(cells) if text and not is_amount(text)), 0)
            cells[column] = f"{heading} {cells[column]}".rstrip()
        return cells

    def drop_unsteady(self) -> None:
        """Leave out the kinds whose amounts and styles stand now here, now there, once all pieces are taken: lines say more of them."""
        steady = {
            kind
            for kind, shapes in self._shapes.items()
            if max(shapes.values()) >= _LEAST_STEADY * sum(shapes.values()) and not _is_running_text(*max(shapes, key=shapes.__getitem__))
        }
        self.kinds = {identity: kind for identity, kind in self.kinds.items() if kind in steady}

    def find_labels(self) -> None:
        """Find the kinds whose first words are labels."""
        words: dict[Kind, list[tuple[str, str]]] = {}
        for identity, kind in self.kinds.items():
            words.setdefault(kind, []).append((self.headings[identity], self._first_words[identity]))
        for kind, pairs in words.items():
            headings, own = ({pair[index] for pair in pairs} for index in (0, 1))
            if len(headings) > 1 and len(own) <= len(pairs) * _MOST_LABELS and len(own) <= _MOST_DIFFERENT_LABELS:
                self.labels.add(kind)

    def column_titles(self, kind: Kind) -> list[str]:
        """Return the titles of the columns of a kind; [] where they do not say where names and prices stand."""
        titles = self.titles[kind]
        in_order = [titles[place] for place in sorted(titles, key=self.columns[kind].__getitem__)][:_MOST_CELLS]
        return in_order if are_titles(in_order) else []

    def add(self, element: Element, kind: Kind, heading: str) -> None:
        """Take an element as a row under a heading; a new place gets a column behind that of the place before it."""
        self.kinds[id(element)], self.headings[id(element)] = kind, heading
        columns, titles = self.columns.setdefault(kind, {}), self.titles.setdefault(kind, {})
        texts = _Texts.of(element)
        self._first_words[id(element)] = next((text for _, text in texts.placed if not is_amount(text)), "")
        amount = next((place for place, text in reversed(texts.placed) if is_amount(text)), ())
        unmarked = sum(len(place) == 1 for place, _ in texts.placed)
        self._shapes.setdefault(kind, Counter())[(unmarked, amount)] += 1
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


def _is_running_text(unmarked: int, amount: Place) -> bool:
    """Whether a piece is a paragraph whose words are styled here and there: more than a name and a price, none of them marked."""
    return unmarked > _MOST_UNMARKED and len(amount) == 1


def find_records(root: Element) -> PageRecords:
    """Return the pieces of a page that repeat and hold words and one amount, or one group of amounts, each; of nested ones the outermost."""
    contents: dict[int, Contents] = {}
    read_contents(root, contents)
    single: Counter[Kind] = Counter()
    several: Counter[Kind] = Counter()
    for around, element in _inner_elements(root, contents):
        offers = contents[id(element)].offers
        if offers:
            (single if offers == 1 else several)[_kind(around, element)] += 1
    repeated = {kind for kind, count in single.items() if count >= _FEWEST_RECORDS and several[kind] <= count * _MOST_GROUPS}
    records = PageRecords()
    _choose(root, repeated, contents, records)
    records.drop_unsteady()
    records.find_labels()
    return records


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


def _choose(element: Element, repeated: set[Kind], contents: dict[int, Contents], records: PageRecords, heading: str = "") -> None:
    """Take the outermost elements of the repeated kinds within `element`, but nothing from the cells of tables that hold data."""
    own_heading = ""
    for part in parts(element):
        if not isinstance(part, Element):
            own_heading = own_heading or _words_of(part)
            continue
        is_table = part.tag == "table"
        if is_table and not is_layout(part, contents):
            continue
        if is_table:
            records.layouts.add(id(part))
        kind = _kind(element, part)
        if kind in repeated and contents[id(part)].offers == 1 and not is_table:
            records.add(part, kind, own_heading or heading)
            continue
        if not contents[id(part)].offers:
            own_heading = own_heading or _first_words(part)
        _choose(part, repeated, contents, records, own_heading or heading)


def _words_of(text: str) -> str:
    return " ".join(text.split()) if HAS_WORD.search(text) else ""


def _first_words(element: Element) -> str:
    """Return the first text within an element that has words."""
    for part in parts(element):
        if words := _words_of(part) if isinstance(part, str) else _first_words(part):
            return words
    return ""


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
        if _LEADERS.fullmatch(text):
            return
        if self.placed:
            place, before = self.placed[-1]
            goes_on = self._goes_on and (are_joined(before, text) or (is_measure(text) and not is_amount(before)))
            if goes_on or len(self.placed) == _MOST_CELLS:
                self.placed[-1] = place, joined(before, text)
                return
        self.placed.append(((*path, self._counts[path]), text))
        self.classes.append(classes)
        self._counts[path] += 1
