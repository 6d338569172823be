"""From a located table to raw rows: one for each row that is neither blank nor a header."""

import json
import math
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

from monito_ray.pipeline import lexicon, prices
from monito_ray.pipeline.cells import Sheet, Value, is_filled, text_of
from monito_ray.pipeline.characters import LETTER, any_of
from monito_ray.pipeline.currencies import currency_named
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import content_spellings
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.titles import Title

CARRIED_SHARE = 0.12
LONGEST_SECTION = 90

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_quoted = json.encoder.encode_basestring
_NUMBER = re.compile(r"^\d[\d.,]*$")
_SENTENCE = re.compile(r"^(.{2,80}?)(?:\.\s|\.$|;|$)")


class OfferLine(NamedTuple):
    """One row of a table as read, before it has a place in the list; fields as in `records.RawRow`.

    `drawn_currency` is the one that the number format of the price's column shows.
    """

    at: int
    name: str
    price: Decimal | None
    price_text: str
    price_tiers: str
    currency: str
    drawn_currency: str
    section: str
    brand: str
    category_text: str
    unit_text: str
    size_text: str
    pack_text: str
    min_quantity: str
    sku: str
    cells: str
    fingerprint: str
    role: str
    doubt: str


@dataclass(slots=True)
class _Reader:
    """What stays the same over a table, and what is carried from row to row."""

    sheet: Sheet
    table: LocatedTable
    section: str = ""
    parent: str = ""
    carries: bool = False
    last_offer: int = 0
    anchors: dict[int, tuple[int, bool]] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)
    doubt: str = ""
    tier_titles: dict[int, str] = field(default_factory=dict)


def extract_lines(sheet: Sheet, table: LocatedTable, section: str = "") -> Iterator[OfferLine]:
    """The lines of a table, top to bottom; sections and carried names are put on the lines they belong to.

    `section` is the title that stands over the table itself.
    """
    reader = _Reader(sheet, table, section, doubt=table.doubt, tier_titles=_tier_titles(table))
    reader.anchors, reader.beside = _merged_names(sheet, table)
    reader.carries = _carries_names(sheet, table, reader.beside)
    reader.last_offer = _last_priced(sheet, table)
    typical = _typical_fill(sheet, table)
    column_titles = [title.text for title in table.titles]
    for index in range(table.first, table.last + 1):
        cells = sheet.rows[index][table.left : table.right]
        texts = [text_of(value) for value in cells]
        if any(texts) and texts != column_titles:
            yield _line(reader, index, cells, texts, typical)


def _line(reader: _Reader, index: int, cells: Sequence[Value], texts: list[str], typical: float) -> OfferLine:
    table, roles = reader.table, reader.table.roles
    amounts = [(c, amount) for c in roles.prices if (amount := amount_in(cells[c], table.profiles[c].decimals))]
    best = amounts[0] if amounts else None
    if best and best[1].value <= 0:
        best = next(((c, a) for c, a in amounts if a.value > 0), best)
    role = _role(reader, texts, best is not None and best[1].value > 0, typical)
    name = max(texts, key=len) if role else _name(reader, index, texts)
    if role and index > reader.last_offer:
        role = "note"
    if role == "section":
        reader.section, reader.parent = name, ""
    title = table.titles[best[0]] if best else table.titles[roles.prices[0]]
    unit = _picked(texts, roles.unit) or (best[1].unit if best else "")
    return OfferLine(
        at=index,
        name=name,
        price=prices.rounded(best[1].value) if best else None,
        price_text=texts[best[0]] if best else next((texts[c] for c in roles.prices if texts[c]), ""),
        price_tiers=_tiers(reader.tier_titles, best[0], amounts) if best and len(amounts) > 1 else "",
        currency=currency_named(_picked(texts, roles.currency)) or (best[1].currency if best else "") or currency_named(title.text),
        drawn_currency=reader.sheet.currencies.get(table.left + (best[0] if best else roles.prices[0]), ""),
        section=reader.section,
        brand=_picked(texts, roles.brand),
        category_text=_picked(texts, roles.category),
        unit_text=unit or _price_title_unit(title),
        size_text=_with_unit(_picked(texts, roles.size), table.titles[roles.size] if roles.size is not None else None),
        pack_text=_picked(texts, roles.pack),
        min_quantity=_picked(texts, roles.min_quantity),
        sku=_sku(_picked(texts, roles.sku)),
        cells=f"[{', '.join(map(_quoted, texts))}]",  # as json.dumps, in a third of the time
        # Rows that share one written name are told apart by standing on rows of their own.
        fingerprint=_fingerprint(texts, roles.number, name if texts[roles.name] else f"{name} {index}"),
        role=role,
        doubt=reader.doubt,
    )


def amount_in(value: Value, decimals: prices.Convention | None) -> prices.Amount | None:
    """The amount in a price cell, typed or text."""
    if isinstance(value, float):
        return prices.Amount(Decimal(repr(value))) if math.isfinite(value) and abs(value) < 1e18 else None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return prices.Amount(Decimal(value))
    return prices.parse_price_or_range(value.strip(), decimals) if isinstance(value, str) and value else None


def _picked(texts: list[str], column: int | None) -> str:
    return texts[column] if column is not None else ""


def _sku(text: str) -> str:
    return "" if not text or prices.is_blank_price(text) else text


def _role(reader: _Reader, texts: list[str], priced: bool, typical: float) -> str:
    """`section` for a title over the rows that follow, `note` for prose, else ""; only rows without a price can be one."""
    if priced:
        return ""
    roles = reader.table.roles
    said = [
        text
        for c, text in enumerate(texts)
        if text and not (c == roles.number and len(text) <= 5) and not (c in roles.prices and _is_zero(text))
    ]
    if len(said) != 1 or not any(map(str.isalpha, said[0])):
        return ""
    if len(said[0]) > LONGEST_SECTION:
        return "note" if typical >= 2.6 else ""
    if typical >= 2.6:
        return "section"
    # In a list of two columns a name without a price looks the same.
    title = said[0].isupper() and not any(map(str.isdigit, said[0]))
    return "section" if title or said[0].endswith(":") or not texts[roles.name] else ""


def _is_zero(text: str) -> bool:
    return not text.strip("0.,- ") or prices.is_blank_price(text)


def _name(reader: _Reader, index: int, texts: list[str]) -> str:
    roles = reader.table.roles
    own = texts[roles.name] or _left_of(reader, index)
    parts = [own]
    merged = reader.anchors.get(index)
    if own:
        reader.parent = own
    elif merged:
        parts = [text_of(reader.sheet.rows[merged[0]][reader.table.left + roles.name])]
    elif reader.carries and reader.parent and sum(map(bool, texts)) >= 2:
        parts = [reader.parent]
    else:
        return " ".join(texts[c] for c in roles.more_name if texts[c])
    parts += [texts[c] for c in roles.more_name if texts[c]]
    if reader.carries or merged:
        parts += [texts[c] for c in roles.variants if texts[c]]
    if merged and merged[1] and len(parts) == 1 and roles.note is not None:
        sentence = _SENTENCE.match(texts[roles.note])
        parts += [sentence.group(1)] if sentence else []
    return parts[0] if len(parts) == 1 else " ".join(dict.fromkeys(part for part in parts if part))


def _left_of(reader: _Reader, index: int) -> str:
    """The name that stands in cells merged with the name's column from further left."""
    column = reader.beside.get(index)
    return text_of(reader.sheet.rows[index][column]) if column is not None else ""


def _merged_names(sheet: Sheet, table: LocatedTable) -> tuple[dict[int, tuple[int, bool]], dict[int, int]]:
    """Rows whose name is merged: {row: (row where the name stands, whether several rows have it)}, and {row: column further left}."""
    anchors: dict[int, tuple[int, bool]] = {}
    beside: dict[int, int] = {}
    column = table.left + table.roles.name
    for merge in sheet.merges:
        if merge.left <= column <= merge.right and merge.bottom >= table.first and merge.top <= table.last:
            if merge.bottom > merge.top and merge.left == column:
                anchors.update(dict.fromkeys(range(merge.top, merge.bottom + 1), (merge.top, True)))
            elif merge.bottom == merge.top and table.left <= merge.left < column:
                beside[merge.top] = merge.left
    return anchors, beside


def _carries_names(sheet: Sheet, table: LocatedTable, beside: Container[int]) -> bool:
    """Whether blank names mean the name above: a good share of the priced rows have none, but say something else."""
    roles = table.roles
    telling = [c for c in (*roles.more_name, *roles.variants, roles.size, roles.sku, roles.pack, roles.note) if c is not None]
    own = [index for index in range(table.first, table.last + 1) if index not in beside]
    blank_names = {index for index in own if not is_filled(sheet.rows[index][table.left + roles.name])}
    if len(blank_names) < 2:
        return False
    rows = [sheet.rows[index][table.left : table.right] for index in own]
    if _take_turns(rows, roles):
        return False
    nameless = [row for index, row in zip(own, rows, strict=True) if index in blank_names]
    price, decimals = roles.prices[0], table.profiles[roles.prices[0]].decimals
    blank = sum(amount_in(row[price], decimals) is not None and any(text_of(row[c]) for c in telling) for row in nameless)
    priced = sum(amount_in(row[price], decimals) is not None for row in rows)
    return blank >= 2 and blank >= CARRIED_SHARE * priced


def _take_turns(rows: Sequence[Sequence[Value]], roles: Roles) -> bool:
    """Whether a name stands in one of several columns, never in two: then none is the continuation of another."""
    filled = [sum(bool(text_of(row[c])) for c in (roles.name, *roles.more_name)) for row in rows]
    return bool(roles.more_name) and max(filled, default=0) == 1


def _last_priced(sheet: Sheet, table: LocatedTable) -> int:
    """Index of the last row with a positive amount under a price column."""
    places = [(table.left + c, table.profiles[c].decimals) for c in table.roles.prices]
    for index in range(table.last, table.first - 1, -1):
        row = sheet.rows[index]
        if any((amount := amount_in(row[c], decimals)) and amount.value > 0 for c, decimals in places):
            return index
    return table.first


def _typical_fill(sheet: Sheet, table: LocatedTable) -> float:
    """How many cells a row of the table fills, in the middle."""
    step = max(1, (table.last - table.first) // 300)
    fills = sorted(
        fill
        for index in range(table.first, table.last + 1, step)
        if (fill := sum(1 for value in sheet.rows[index][table.left : table.right] if value not in ("", None)))
    )
    return fills[len(fills) // 2] if fills else 0.0


def _tiers(titles: dict[int, str], chosen: int, amounts: list[tuple[int, prices.Amount]]) -> str:
    others = {titles[c]: _plain(prices.rounded(a.value)) for c, a in amounts if c != chosen and a.value > 0}
    return _as_json(others) if others else ""


def _tier_titles(table: LocatedTable) -> dict[int, str]:
    return {column: table.titles[column].text or f"price {place}" for place, column in enumerate(table.roles.prices, start=1)}


def _plain(value: Decimal) -> int | float:
    whole = int(value)
    return whole if whole == value else float(value)


@derived()
def _unit_of_title() -> re.Pattern[str]:
    """A unit in the title of a column."""
    units = any_of([*content_spellings(), *lexicon.words("other_units", "title")])
    return re.compile(rf"(?<!{LETTER}){units}(?!{LETTER})", re.IGNORECASE)


@derived(maxsize=1_000)
def _title_unit(text: str) -> str:
    found = _unit_of_title().findall(text)
    return found[-1] if found else ""


def _with_unit(text: str, title: Title | None) -> str:
    """A size, with the unit of its column's title when it is a bare number ("20" under "Тара(л)")."""
    if text and title and _NUMBER.match(text) and (unit := _title_unit(title.text)):
        return f"{text} {unit}"
    return text


def _price_title_unit(title: Title) -> str:
    return _title_unit(title.text) if title.text else ""


def _fingerprint(texts: list[str], number: int | None, name: str) -> str:
    said = texts if number is None else texts[:number] + texts[number + 1 :]
    return blake2b("\x1f".join([name, *said]).encode(), digest_size=12).hexdigest()
