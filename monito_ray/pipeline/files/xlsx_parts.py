"""The parts of an xlsx or xlsb package: which part is which sheet, which rows are hidden, and repairs that calamine needs."""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from xml.parsers import expat

from monito_ray.errors import FileDamaged, FileTooLarge
from monito_ray.pipeline.cells import column_index
from monito_ray.pipeline.files.archive import UNPACKS_TOO_LARGE_REMEDY
from monito_ray.pipeline.files.clean_cells import unescape

_WORKBOOK_PART = re.compile(r"xl/[^/]*workbook[^/]*\.xml", re.IGNORECASE)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"""(?<![\w:])([\w:]++)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HIDDEN_ROW = re.compile(rb"""<row(?=[^<>]*\shidden="(?:1|true)")[^<>]*?\sr="(\d{1,7})\"""")
_ERROR_CELL = re.compile(rb"""(<c(?=\s[^<>]*+>)(?>[^<>]*?(?=\st="e")))\st="e"([^<>]*+)(?<!/)>[^<]*(?:<(?!/c>|c[\s>])[^<]*)*+</c>""")
#: A cell with a formula and no value; an empty text is one (t="str").
_EMPTY_FORMULA = re.compile(
    rb"""<c(?=\s[^<>]*+>)(?![^<>]*\st="str")(?>[^<>]*?\br="([A-Z]{1,3})\d{1,7}"[^<>]*+>)\s*+<f\b[^<>]*(?:/>|>[^<>]*</f>)\s*+(?:(?:<v\s*/>|<v></v>)\s*+)?</c>"""
)
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def sheet_names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sheet's name for each part that is a sheet, as far as the package says it plainly.

    The workbook names its sheets with the ids of relations, and the relations name the parts.
    """
    book = next((name for name in parts if _WORKBOOK_PART.fullmatch(name)), "")
    relations = f"xl/_rels/{posixpath.basename(book)}.rels"
    if not book or relations not in parts:
        return {}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in _attributes_of(_RELATION, parts[relations])}
    names = {}
    for sheet in _attributes_of(_SHEET, parts[book]):
        relation_id = next((text for key, text in sheet.items() if key.endswith(":id")), None)
        target = targets.get(relation_id)
        if target:
            names[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")] = sheet.get("name", "")
    return names


def check_well_formed(part: bytes, name: str, file_name: str) -> None:
    """Refuse XML that breaks off or is none: calamine would look for the end of an OpenDocument table without end.

    Raises:
        FileDamaged: naming the part.
    """
    try:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003  positional in the library
    except expat.ExpatError as error:
        raise FileDamaged(f"{file_name}: the XML of its part {name} is broken ({error})") from None


def hidden_rows(part: bytes) -> frozenset[int]:
    """Return the indexes of the rows that a worksheet's XML hides."""
    if b' hidden="' not in part:
        return frozenset()
    return frozenset(int(digits) - 1 for digits in _HIDDEN_ROW.findall(part))


def formulas_without_values(part: bytes) -> dict[int, int]:
    """Return how many cells of each column of a worksheet's XML, by its index, have a formula without the value that it has.

    Programs that write workbooks and do not compute them leave such; people see the values, because their spreadsheet program computes.
    """
    if b"<f" not in part:
        return {}
    columns = Counter(match[1] for match in _EMPTY_FORMULA.finditer(part))
    return {column_index(letters.decode()): count for letters, count in columns.items()}


def empty_error_cells(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return `parts` with the cells emptied whose formula failed: calamine refuses a sheet with a newer kind of error."""
    return {name: _ERROR_CELL.sub(rb"\1\2/>", part) if name.endswith(".xml") else part for name, part in parts.items()}


def utf16_to_utf8(parts: dict[str, bytes], limit_bytes: int, file_name: str) -> dict[str, bytes]:
    """Return `parts` with XML in UTF-16 as UTF-8; calamine takes a sheet in UTF-16 for empty.

    Raises:
        FileTooLarge: the changed parts are larger than `limit_bytes`.
    """
    encodings = {name: _UTF16_MARKS[part[:2]] for name, part in parts.items() if part[:2] in _UTF16_MARKS}
    if not encodings:
        return parts
    changed = {}
    for name, encoding in encodings.items():
        text = parts[name][2:].decode(encoding, "replace")
        changed[name] = _DECLARATION.sub("", text, count=1).encode()
    if sum(map(len, changed.values())) > limit_bytes:
        raise FileTooLarge(f"{file_name}: unpacks to more than {limit_bytes / 1e6:,.0f} MB", UNPACKS_TOO_LARGE_REMEDY)
    return parts | changed


def _attributes_of(tag: re.Pattern[str], part: bytes) -> list[dict[str, str]]:
    """Return the attributes of each element that `tag` matches."""
    text = part.decode("utf-8", "replace")
    return [{key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(attributes)} for attributes in tag.findall(text)]
