"""The names of a table's rows: written in the row, merged over several rows, or carried from the row above."""

import re
from collections.abc import Container, Mapping, Sequence

from monito_ray.pipeline.cells import Sheet, Value, is_filled, text_of
from monito_ray.pipeline.rows.price_cells import amount_in
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.title_kinds import size_of_title

#: Blank names mean the name above when at least this share of the priced rows has none, and so many rows do.
CARRIED_SHARE = 0.12
FEWEST_CARRIED = 2
#: A row with a carried name fills at least this many cells; one that fills a single one is a remark.
_FEWEST_CELLS = 2
#: A size that stands for a name has at most this many characters.
_LONGEST_SIZE = 20
#: A column with a larger share of amounts is one of numbers.
_NUMBERS_SHARE = 0.8
#: Marks a kind of what stands above it: "- oak" below "Chair".
_BULLET = re.compile(r"^(?:[-–—•·*]|\.{2,})\s+(?=\w)")
#: What marks goods of which a remark says more below the list, too, as those on offer.
_FOOTNOTES = "*"
#: The first sentence of a remark; longer than 80 characters it says more than what the thing is called.
_FIRST_SENTENCE = re.compile(r"^(.{2,80}?)(?:\.\s|\.$|;|$)")


class RowNames:
    """Puts the names of a table's rows together, from the top; remembers the last name written for the rows that carry it."""

    def __init__(self, sheet: Sheet, table: LocatedTable) -> None:
        self._sheet = sheet
        self._left, self._roles = table.left, table.roles
        #: Rows whose name is merged over several rows: the row where it stands.
        self._merged = _names_merged_downwards(sheet, table)
        #: Rows whose name is merged with cells further left: the column where it stands.
        self._further_left = _names_merged_sideways(sheet, table)
        self._carries = _carries_names(sheet, table, self._further_left)
        #: Nothing is put behind the names.
        self._stand_alone = not (self._carries or self._merged or table.roles.more_name)
        groups = _groups(sheet, table, self._merged) if self._carries or self._merged else []
        self._variants = _telling_variants(table, groups)
        #: Of each of them the text that stands beside names of a single row alone, again and again: it says nothing ("Default Title").
        self._mute = {c: _mute_text(groups, c) for c in self._variants}
        self._parent = ""
        self._parent_row = 0

    def begin_section(self) -> None:
        """Forget the last name: no row carries one over the title of a section."""
        self._parent = ""

    def name_of(self, index: int, texts: Sequence[str]) -> str:
        """Return the name of the row `index`, whose cells within the table are `texts`."""
        if self._stand_alone:
            return self._first_part(index, texts)
        roles, merged_at = self._roles, self._merged.get(index)
        more = [texts[c] for c in roles.more_name if texts[c]]
        name = self._first_part(index, texts)
        if not name and merged_at is None:
            return " ".join(more)
        parts = [name, *more]
        if self._carries or merged_at is not None:
            parts += [texts[c] for c in self._variants if texts[c] != self._mute[c]]
            parts += self._size_or_pack(texts) if len(parts) == 1 else []
        if merged_at is not None and len(parts) == 1 and roles.note is not None:
            parts += _first_sentence(texts[roles.note])
        return parts[0] if len(parts) == 1 else " ".join(_without_repeats(parts))

    def _first_part(self, index: int, texts: Sequence[str]) -> str:
        """Return the name in the row's own cells, else the one that it shares with rows above; "" where it has none."""
        own = texts[self._roles.name] or self._name_further_left(index)
        if own[:1].isalpha():  # most names: neither a size nor a kind of what stands above
            self._parent, self._parent_row = own, index
            return own
        kind = own if own[:1].isalnum() else _BULLET.sub("", own)
        is_kind = kind != own and (own[0] not in _FOOTNOTES or self._is_unpriced(self._parent_row))
        if self._parent and (is_kind or (is_mere_size(own) and self._is_unpriced(self._parent_row))):
            return f"{self._parent} {kind}"
        if own:
            self._parent = "" if is_mere_size(own) else own
            self._parent_row = index
            return own
        if index in self._merged:
            return text_of(self._sheet.rows[self._merged[index]][self._left + self._roles.name])
        has_more = sum(map(bool, texts)) >= _FEWEST_CELLS
        return self._parent if self._carries and has_more else ""

    def _is_unpriced(self, index: int) -> bool:
        row = self._sheet.rows[index]
        return not any(is_filled(row[self._left + column]) for column in self._roles.prices)

    def _size_or_pack(self, texts: Sequence[str]) -> list[str]:
        """Return what alone tells a row from the others of its name."""
        columns = [c for c in (self._roles.size, self._roles.pack) if c is not None]
        return [texts[c] for c in columns if texts[c]][:1]

    def _name_further_left(self, index: int) -> str:
        column = self._further_left.get(index)
        return "" if column is None else text_of(self._sheet.rows[index][column])


def _without_repeats(parts: Sequence[str]) -> list[str]:
    """Return the filled parts of a name, a text only once; numbers may be equal, as the sides of a square are."""
    return [part for n, part in enumerate(parts) if part and (part not in parts[:n] or part.isdigit())]


def _first_sentence(text: str) -> list[str]:
    match = _FIRST_SENTENCE.match(text)
    return [match.group(1)] if match else []


def is_mere_size(name: str) -> bool:
    """Return whether a name is nothing but a size or numbers, so that the section says what is sold."""
    if not name[:1].isdigit() or len(name) > _LONGEST_SIZE:
        return False
    return not any(map(str.isalpha, name)) or size_of_title(name) is not None


def _names_merged_downwards(sheet: Sheet, table: LocatedTable) -> dict[int, int]:
    column = table.left + table.roles.name
    return {
        row: merge.top
        for merge in sheet.merges
        if merge.left == column and merge.bottom > merge.top and merge.bottom >= table.first and merge.top <= table.last
        for row in range(merge.top, merge.bottom + 1)
    }


def _names_merged_sideways(sheet: Sheet, table: LocatedTable) -> dict[int, int]:
    column = table.left + table.roles.name
    return {
        merge.top: merge.left
        for merge in sheet.merges
        if merge.bottom == merge.top and table.left <= merge.left < column <= merge.right and table.first <= merge.top <= table.last
    }


def _carries_names(sheet: Sheet, table: LocatedTable, further_left: Container[int]) -> bool:
    """Whether blank names mean the name above: a good share of the priced rows have none, but say something else."""
    own = [index for index in range(table.first, table.last + 1) if index not in further_left]
    nameless = {index for index in own if not is_filled(sheet.rows[index][table.left + table.roles.name])}
    if len(nameless) < FEWEST_CARRIED:
        return False
    rows = {index: sheet.rows[index][table.left : table.right] for index in own}
    if _stands_in_one_of_several(list(rows.values()), table.roles):
        return False
    priced = _priced_rows(rows, table)
    telling = _telling_columns(table.roles)
    carried = sum(index in nameless and any(text_of(rows[index][c]) for c in telling) for index in priced)
    return carried >= FEWEST_CARRIED and carried >= CARRIED_SHARE * len(priced)


def _groups(sheet: Sheet, table: LocatedTable, merged: Mapping[int, int]) -> list[list[list[str]]]:
    """Return the texts of a table's rows, in groups of those that have one name."""
    groups: list[list[list[str]]] = []
    for index in range(table.first, table.last + 1):
        texts = [text_of(value) for value in sheet.rows[index][table.left : table.right]]
        if sum(map(bool, texts)) < (1 if index in merged else _FEWEST_CELLS):
            continue
        if groups and (not texts[table.roles.name] or merged.get(index, index) != index):
            groups[-1].append(texts)
        else:
            groups.append([texts])
    return groups


def _telling_variants(table: LocatedTable, groups: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    """Return the columns that tell the rows of a group apart: those with several texts, in rows below the first, too; numbers only where words do not."""
    several = [group for group in groups if len(group) > 1]
    telling: list[int] = []
    for column in sorted(table.roles.variants, key=lambda c: (table.profiles[c].money > _NUMBERS_SHARE, c)):
        differs = any(len({texts[column] for texts in group}) > 1 and any(texts[column] for texts in group[1:]) for group in several)
        is_number = table.profiles[column].money > _NUMBERS_SHARE
        if differs and not (is_number and all(_are_apart(group, telling) for group in several)):
            telling.append(column)
    return sorted(telling)


def _are_apart(group: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
    """Return whether no two rows of a group have the same texts in these columns."""
    return len({tuple(texts[column] for column in columns) for texts in group}) == len(group)


def _mute_text(groups: Sequence[Sequence[Sequence[str]]], column: int) -> str:
    alone = [group[0][column] for group in groups if len(group) == 1 and group[0][column]]
    beside = {texts[column] for group in groups if len(group) > 1 for texts in group}
    return alone[0] if len(alone) > 1 and len(set(alone)) == 1 and alone[0] not in beside else ""


def _priced_rows(rows: Mapping[int, Sequence[Value]], table: LocatedTable) -> list[int]:
    price = table.roles.prices[0]
    decimals = table.profiles[price].decimals
    return [index for index, row in rows.items() if amount_in(row[price], decimals) is not None]


def _telling_columns(roles: Roles) -> list[int]:
    """Return the columns that tell rows of one name from each other."""
    single = (roles.size, roles.sku, roles.pack, roles.note)
    return [*roles.more_name, *roles.variants, *(column for column in single if column is not None)]


def _stands_in_one_of_several(rows: Sequence[Sequence[Value]], roles: Roles) -> bool:
    """Whether the name stands in one of several columns, never in two: then none of them goes on with another."""
    if not roles.more_name:
        return False
    columns = (roles.name, *roles.more_name)
    return max((sum(bool(text_of(row[c])) for c in columns) for row in rows), default=0) == 1
