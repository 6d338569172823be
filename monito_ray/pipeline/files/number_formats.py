"""Currencies that stand in no cell: the number formats of a workbook draw them beside the amounts."""

import html
import re
import struct
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from monito_ray.pipeline import data, prices
from monito_ray.pipeline.files import sheet_limits

SHARE = 0.6
_SAMPLE_BYTES = 400_000
_SIGN = re.compile(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\s([^<>]*)>")
_STYLES = re.compile(r"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(r"<(?:\w+:)?xf\s([^<>]*)>")
_ID = re.compile(r"""\bnumFmtId\s*=\s*["'](\d+)""")
_CODE = re.compile(r"""\bformatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"""<c\s(?=[^<>]*?\br="([A-Z]{1,3})\d)(?=[^<>]*?\bs="(\d+)")[^<>]*>""")
_XLS_FORMAT, _XLS_STYLE = 0x41E, 0xE0
_XLS_CELLS = frozenset({0x06, 0x203, 0x27E})


@lru_cache(maxsize=2_000)
def currency_of_number_format(code: str) -> str:
    """The currency that a number format draws, "" when it draws none, or one that its locale leaves open."""
    for sign, locale in _SIGN.findall(code):
        found = _locales().get(locale.upper().lstrip("0"), "") or prices.currency_named(sign) if sign.strip() else ""
        if found:
            return found
    shown = "".join(quoted or escaped for quoted, escaped in _QUOTED.findall(_SIGN.sub("", code)))
    return prices.currency_named(shown) if shown.strip() else ""


def xlsx_column_currencies(styles: bytes, part: bytes) -> dict[int, str]:
    """The currency of each column (from 0) of a worksheet's XML whose cells are mostly drawn with one."""
    drawn = _xlsx_styles(styles)
    if not drawn:
        return {}
    cells = _CELL.findall(part, 0, _SAMPLE_BYTES)
    return _mostly(((sheet_limits.column_number(letters) - 1, int(style)) for letters, style in cells), drawn)


def xls_column_currencies(book: bytes) -> list[dict[int, str]]:
    """The same for each sheet of an xls workbook's records, in the order of its sheets."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    for kind, place, size_bytes in sheet_limits.xls_records(book, 0):
        if kind == _XLS_FORMAT and size_bytes >= 5:
            codes[struct.unpack_from("<H", book, place)[0]] = _xls_text(book[place + 2 : place + size_bytes])
        elif kind == _XLS_STYLE and size_bytes >= 4:
            styles.append(struct.unpack_from("<H", book, place + 2)[0])
    drawn = {style: currency for style, code in enumerate(styles) if (currency := currency_of_number_format(codes.get(code, "")))}
    begins = sheet_limits.xls_sheets(book)
    return [_mostly(_xls_cells(book, begin), drawn) if drawn else {} for begin in begins]


def _xls_cells(book: bytes, begin: int) -> Iterable[tuple[int, int]]:
    for kind, place, size_bytes in sheet_limits.xls_records(book, begin):
        if place - begin > _SAMPLE_BYTES:
            return
        if kind in _XLS_CELLS and size_bytes >= 6:
            yield struct.unpack_from("<2xHH", book, place)
        elif kind == sheet_limits.XLS_MANY_NUMBERS and size_bytes >= 12:
            (first,) = struct.unpack_from("<2xH", book, place)
            for number in range((size_bytes - 6) // 6):
                yield first + number, struct.unpack_from("<H", book, place + 4 + 6 * number)[0]


def _xls_text(body: bytes) -> str:
    """A format's code: its length, how it is written, its characters (BIFF8); older books have no currency told this way."""
    count, is_wide = struct.unpack_from("<HB", body)
    text = body[3 : 3 + count * (2 if is_wide & 1 else 1)]
    return text.decode("utf-16-le" if is_wide & 1 else "latin-1", "replace")


def _mostly(cells: Iterable[tuple[int, int]], drawn: Mapping[int, str]) -> dict[int, str]:
    """The columns in which most cells (column, style) have a style that is `drawn` with one and the same currency."""
    styles: dict[int, Counter[str]] = {}
    for column, style in cells:
        styles.setdefault(column, Counter())[drawn.get(style, "")] += 1
    found = {}
    for column, counted in styles.items():
        currency, count = counted.most_common(1)[0]
        if currency and count >= SHARE * counted.total():
            found[column] = currency
    return found


@lru_cache(maxsize=4)
def _xlsx_styles(styles: bytes) -> dict[int, str]:
    """The currency of each style of cells that draws one."""
    if b"numFmt" not in styles:
        return {}
    text = styles.decode("utf-8", "replace")
    codes: dict[str, str] = {}
    for attributes in _FORMAT.findall(text):
        number, code = _ID.search(attributes), _CODE.search(attributes)
        if number and code:
            codes[number.group(1)] = html.unescape(code.group(1) or code.group(2) or "")
    whole = _STYLES.search(text)
    used = [found.group(1) if (found := _ID.search(attributes)) else "" for attributes in _STYLE.findall(whole.group() if whole else "")]
    return {style: currency for style, number in enumerate(used) if (currency := currency_of_number_format(codes.get(number, "")))}


@cache
def _locales() -> dict[str, str]:
    return {locale: currency for currency, locales in data.table("locales.toml")["currencies"].items() for locale in locales}
