"""What the parts of an xlsx or xlsb package say beside its cells: which part is which sheet, which rows are hidden."""

import html
import posixpath
import re
from xml.parsers import expat

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.files.archive import UNPACKS_TOO_LARGE_REMEDY

_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""(?<![\w:])([\w:]++)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HIDDEN_ROW = re.compile(rb"""<row(?=[^<>]*\shidden="(?:1|true)")[^<>]*?\sr="(\d{1,7})\"""")
_ERROR_CELL = re.compile(rb"""(<c\s[^<>]*?)\st="e"([^<>]*)(?<!/)>[^<]*(?:<(?!/c>|c[\s>])[^<]*)*+</c>""")
_WIDE_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def sheet_names(parts: dict[str, bytes]) -> dict[str, str]:
    """The name of the sheet for each part that is one, as far as the package says it plainly."""
    book = next((name for name in parts if re.fullmatch(r"xl/[^/]*workbook[^/]*\.xml", name, re.IGNORECASE)), "")
    relations = f"xl/_rels/{posixpath.basename(book)}.rels"
    if not book or relations not in parts:
        return {}
    targets = {found.get("Id"): found.get("Target", "") for found in _elements(_RELATION, parts[relations])}
    named = {}
    for found in _elements(_SHEET, parts[book]):
        target = targets.get(next((text for key, text in found.items() if key.endswith(":id")), None))
        if target:
            named[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")] = found.get("name", "")
    return named


def check_well_formed(part: bytes, name: str, file_name: str) -> None:
    """Refuse XML that breaks off or is none: the reader looks for the end of a table of OpenDocument for ever.

    Raises:
        FileDamaged: naming the part.
    """
    try:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003  positional in the library
    except expat.ExpatError as error:
        raise FileDamaged(f"{file_name}: the XML of its part {name} is broken ({error})") from None


def hidden_rows(part: bytes) -> frozenset[int]:
    """The indexes of the rows that a worksheet's XML hides."""
    if b' hidden="' not in part:
        return frozenset()
    return frozenset(int(digits) - 1 for digits in _HIDDEN_ROW.findall(part))


def empty_error_cells(parts: dict[str, bytes]) -> dict[str, bytes]:
    """`parts` with cells emptied whose formula failed: newer kinds of errors are unknown to the reader."""
    return {name: _ERROR_CELL.sub(rb"\1\2/>", part) if name.endswith(".xml") else part for name, part in parts.items()}


def utf16_to_utf8(parts: dict[str, bytes], limit_bytes: int, file_name: str) -> dict[str, bytes]:
    """`parts` with XML in UTF-16, which the reader takes for empty, as UTF-8.

    Raises:
        FileTooLarge: they are then larger than `limit_bytes`.
    """
    wide = {name: _WIDE_MARKS[part[:2]] for name, part in parts.items() if part[:2] in _WIDE_MARKS}
    if not wide:
        return parts
    changed = {name: _DECLARATION.sub("", parts[name][2:].decode(encoding, "replace"), count=1).encode() for name, encoding in wide.items()}
    if sum(map(len, changed.values())) > limit_bytes:
        raise FileTooLarge(f"{file_name}: unpacks to more than {limit_bytes / 1e6:,.0f} MB", UNPACKS_TOO_LARGE_REMEDY)
    return parts | changed


def _elements(pattern: re.Pattern[str], part: bytes) -> list[dict[str, str]]:
    text = part.decode("utf-8", "replace")
    return [
        {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in pattern.findall(text)
    ]
