"""Currencies that stand in no cell: the number formats of a workbook draw them beside the amounts."""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from monito_ray.pipeline import data
from monito_ray.pipeline.currencies import currency_named
from monito_ray.pipeline.files import biff, sheet_limits
from monito_ray.pipeline.files.clean_cells import unescape

#: A column has a currency when at least this share of its cells is drawn with it; titles and sums often are not.
_MIN_DRAWN_SHARE = 0.6
#: Cells within these first bytes of a sheet decide, so that long lists cost no more than short ones.
_SAMPLE_BYTES = 400_000
#: A currency in a format's code: `[$sign-locale]`, the locale in hexadecimal.
_SIGN = re.compile(r"\[\$([^\]-]{0,40})(?:-([0-9A-Fa-f]{1,16}))?\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_FORMAT = re.compile(r"<(?:\w+:)?numFmt\s([^<>]*)>")
_STYLES_BEGIN = re.compile(r"<(?:\w{1,20}:)?cellXfs[\s>]")
_STYLES_END = re.compile(r"</(?:\w{1,20}:)?cellXfs>")
_STYLE = re.compile(r"<(?:\w+:)?xf\s([^<>]*)>")
_FORMAT_ID = re.compile(r"""\bnumFmtId\s*=\s*["'](\d+)""")
_FORMAT_CODE = re.compile(r"""\bformatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"""<c\s(?=[^<>]*?\br="([A-Z]{1,3})\d)(?=[^<>]*?\bs="(\d+)")[^<>]*>""")
_XLS_NUMBER_CELLS = frozenset({biff.FORMULA, biff.NUMBER, biff.RK})


@lru_cache(maxsize=2_000)
def currency_of_number_format(code: str) -> str:
    """Return the currency that a number format draws; "" when it draws none, or one that its locale leaves open."""
    for sign, locale in _SIGN.findall(code):
        if sign.strip():
            currency = _currency_of_locales().get(locale.upper().lstrip("0"), "") or currency_named(sign)
            if currency:
                return currency
    shown = "".join(quoted or escaped for quoted, escaped in _QUOTED.findall(_SIGN.sub("", code)))
    return currency_named(shown) if shown.strip() else ""


def xlsx_column_currencies(styles: bytes, part: bytes) -> dict[int, str]:
    """Return the currency of each column, from 0, of a worksheet's XML whose cells are mostly drawn with one."""
    currencies = _xlsx_style_currencies(styles)
    if not currencies:
        return {}
    cells = _CELL.findall(part, 0, _SAMPLE_BYTES)
    return _prevailing_currencies(((sheet_limits.column_number(letters) - 1, int(style)) for letters, style in cells), currencies)


def xls_column_currencies(book: bytes) -> list[dict[int, str]]:
    """Return the same for each sheet of an xls workbook's records, in the order of its sheets."""
    codes: dict[int, str] = {}
    formats_of_styles: list[int] = []
    for kind, offset, size_bytes in biff.xls_records(book, 0):
        if kind == biff.FORMAT and size_bytes >= 5:
            codes[struct.unpack_from("<H", book, offset)[0]] = _xls_format_code(book[offset + 2 : offset + size_bytes])
        elif kind == biff.XF and size_bytes >= 4:
            formats_of_styles.append(struct.unpack_from("<H", book, offset + 2)[0])
    currencies = _style_currencies(codes.get(number, "") for number in formats_of_styles)
    starts = biff.xls_sheet_offsets(book)
    return [_prevailing_currencies(_xls_cells(book, start), currencies) if currencies else {} for start in starts]


def _xls_cells(book: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Yield column and style of the number cells of the sheet that begins at `start`."""
    for kind, offset, size_bytes in biff.xls_records(book, start):
        if offset - start > _SAMPLE_BYTES:
            return
        if kind in _XLS_NUMBER_CELLS and size_bytes >= 6:
            yield struct.unpack_from("<2xHH", book, offset)
        elif kind == biff.MUL_RK and size_bytes >= 12:
            (first_column,) = struct.unpack_from("<2xH", book, offset)
            for i in range(biff.mul_rk_cells(size_bytes)):
                yield first_column + i, struct.unpack_from("<H", book, offset + 4 + biff.MUL_RK_CELL_BYTES * i)[0]


def _xls_format_code(body: bytes) -> str:
    """Return a format's code from its length, its width and its characters (BIFF8); formats of older books give no currency."""
    count, is_wide = struct.unpack_from("<HB", body)
    text = body[3 : 3 + count * (2 if is_wide & 1 else 1)]
    return text.decode("utf-16-le" if is_wide & 1 else "latin-1", "replace")


def _prevailing_currencies(cells: Iterable[tuple[int, int]], currencies: Mapping[int, str]) -> dict[int, str]:
    """Return the currency of each column in which most of `cells`, pairs of column and style, are drawn with that one."""
    counts_of_columns: dict[int, Counter[str]] = {}
    for column, style in cells:
        counts_of_columns.setdefault(column, Counter())[currencies.get(style, "")] += 1
    prevailing = {}
    for column, counts in counts_of_columns.items():
        currency, count = counts.most_common(1)[0]
        if currency and count >= _MIN_DRAWN_SHARE * counts.total():
            prevailing[column] = currency
    return prevailing


def _style_currencies(codes: Iterable[str]) -> dict[int, str]:
    """Return the currency of each style that draws one, by index; `codes` are the number formats of all styles."""
    currencies = {}
    for style, code in enumerate(codes):
        currency = currency_of_number_format(code)
        if currency:
            currencies[style] = currency
    return currencies


@lru_cache(maxsize=4)
def _xlsx_style_currencies(styles: bytes) -> dict[int, str]:
    """Return the currency of each cell style that draws one, from the XML of all styles."""
    if b"numFmt" not in styles:
        return {}
    text = styles.decode("utf-8", "replace")
    codes: dict[str, str] = {}
    for attributes in _FORMAT.findall(text):
        number, code = _FORMAT_ID.search(attributes), _FORMAT_CODE.search(attributes)
        if number and code:
            codes[number.group(1)] = unescape(code.group(1) or code.group(2) or "")
    numbers = [_FORMAT_ID.search(attributes) for attributes in _STYLE.findall(_cell_styles(text))]
    return _style_currencies(codes.get(number.group(1), "") if number else "" for number in numbers)


def _cell_styles(styles: str) -> str:
    """Return what stands between the tags of the styles of cells, "" without both."""
    begin = _STYLES_BEGIN.search(styles)
    end = _STYLES_END.search(styles, begin.end()) if begin else None
    return styles[begin.end() : end.start()] if begin and end else ""


@cache
def _currency_of_locales() -> dict[str, str]:
    return {locale: currency for currency, locales in data.table("locales.toml")["currencies"].items() for locale in locales}
