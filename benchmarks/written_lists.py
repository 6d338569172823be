"""Offers written as files: every format, with sections, headers that come again, sheets and pages."""

import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import accumulate, groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

import hostile
import xlsxwriter

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import papers

KINDS = ("xlsx", "xls", "ods", "csv", "txt", "html", "docx", "pdf ruled", "pdf", "pdf broken rows")
_LATIN = ("id", "en", "es", "de")
#: The languages that a format can hold, where it is not all.
LANGUAGES_OF = dict.fromkeys(("pdf ruled", "pdf", "pdf broken rows"), _LATIN)
_ENCODINGS = {"ru": ("utf-8", "utf-8-sig", "utf-16", "cp1251")}
_LATIN_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
_SEPARATORS = (";", ",", "\t", "|")
#: On a PDF's page, points: from one row to the next, from one line of a row to the next, the first and the last baseline.
_PITCH, _WRAPPED_PITCH, _TOP, _BOTTOM = 16, 10, 70, 780
_WIDTHS = {"number": 40, "code": 70, "name": 220, "unit": 50, "price": 80}
_CHARACTERS = {"number": 7, "code": 10, "name": 48, "unit": 8, "price": 14}
_OOXML = "http://schemas.openxmlformats.org"


class Goods(NamedTuple):
    """An offer to write."""

    name: str
    price: Decimal
    unit: str
    code: str
    section: str


class Line(NamedTuple):
    """A row of the file: a header, a section or an offer."""

    kind: str
    cells: tuple[str | float, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a list is laid out."""

    #: The titles of the columns in their order, by what the columns hold.
    titles: dict[str, str]
    language: str
    has_sections: bool
    #: After so many rows the header comes again; 0 for never.
    header_every: int
    has_sheets: bool
    #: How amounts are written, where they are texts: the marks of thousands and of decimals.
    marks: tuple[str, str]
    has_letterhead: bool

    @classmethod
    def drawn(cls, titles: dict[str, str], language: str, dice: Random) -> "Layout":
        """Return a layout by chance."""
        columns = ["name", "price"]
        for more in ("unit", "code", "number"):
            if dice.random() < 0.6:
                columns.insert(0 if more != "unit" else 1, more)
        marks = dice.choice([(",", "."), ("", ".")] if language == "en" else [(".", ","), (" ", ","), ("", ",")])
        every = dice.choice([0, 0, 25, 60])
        return cls(
            {column: titles[column] for column in columns},
            language,
            dice.random() < 0.5,
            every,
            dice.random() < 0.4,
            marks,
            dice.random() < 0.5,
        )

    def told(self) -> str:
        """Return it in words."""
        parts = [" ".join(self.titles), f"marks {self.marks}"]
        parts += ["sections"] * self.has_sections + [f"header every {self.header_every}"] * bool(self.header_every)
        return ", ".join([*parts, *["sheets"] * self.has_sheets, *["letterhead"] * self.has_letterhead])

    def amount(self, price: Decimal) -> str:
        """Return a price as text."""
        thousands, decimals = self.marks
        return f"{price:,.2f}".replace(",", "\0").replace(".", decimals).replace("\0", thousands)

    def lines(self, goods: Sequence[Goods], *, typed: bool, first: int = 1) -> Iterator[Line]:
        """Yield the rows of one sheet."""
        header = Line("header", tuple(self.titles.values()))
        yield header
        section = ""
        for n, one in enumerate(goods):
            if self.header_every and n and n % self.header_every == 0:
                yield header
            if self.has_sections and one.section != section:
                section = one.section
                yield Line("section", tuple(section if column == "name" else "" for column in self.titles))
            price = float(one.price) if typed else self.amount(one.price)
            cells = {"number": n + first if typed else str(n + first), "code": one.code, "name": one.name, "unit": one.unit, "price": price}
            yield Line("offer", tuple(cells[column] for column in self.titles))

    def letterhead(self) -> list[str]:
        """Return the texts above the first table."""
        return ["Kestrel & Sons", "www.kestrel.example, +62 361 555 0100", ""] if self.has_letterhead else []


def written(kind: str, goods: Sequence[Goods], layout: Layout, dice: Random) -> tuple[bytes, str]:
    """Return a list as a file of a format, and the file's name."""
    suffix = kind.split(maxsplit=1)[0]
    sheets = [(name, list(rows)) for name, rows in groupby(goods, key=lambda one: one.section)] if layout.has_sheets else [("List", goods)]
    match kind:
        case "xlsx":
            return _xlsx(sheets, layout), "made.xlsx"
        case "ods":
            return _ods(sheets, layout), "made.ods"
        case "xls":
            return hostile.xls([line.cells for line in layout.lines(goods, typed=True)]), "made.xls"
        case "csv":
            return _csv(goods, layout, dice), "made.csv"
        case "txt":
            return _fixed_width(goods, layout, dice), "made.txt"
        case "html":
            return _html(goods, layout), "made.html"
        case "docx":
            return _docx(goods, layout), "made.docx"
    return papers.pdf(*_pages(goods, layout, is_ruled=kind == "pdf ruled", breaks=kind == "pdf broken rows")), f"made.{suffix}"


def _xlsx(sheets: Sequence[tuple[str, Sequence[Goods]]], layout: Layout) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, goods in sheets:
            sheet = book.add_worksheet(name)
            for n, text in enumerate(layout.letterhead()):
                sheet.write(n, 0, text)
            for n, line in enumerate(layout.lines(goods, typed=True), len(layout.letterhead())):
                sheet.write_row(n, 0, line.cells)
    return out.getvalue()


def _ods(sheets: Sequence[tuple[str, Sequence[Goods]]], layout: Layout) -> bytes:
    tables = ""
    for name, goods in sheets:
        rows = "".join(_ods_row(line.cells) for line in layout.lines(goods, typed=True))
        head = "".join(_ods_row((text,)) for text in layout.letterhead())
        tables += f'<table:table table:name="{name}">{head}{rows}</table:table>'
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return _zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content{spaces}>{body}</office:document-content>",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def _ods_row(cells: Sequence[str | float]) -> str:
    made = (
        f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        if isinstance(value, str)
        else f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        for value in cells
    )
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _csv(goods: Sequence[Goods], layout: Layout, dice: Random) -> bytes:
    separator = dice.choice([mark for mark in _SEPARATORS if mark not in layout.marks])
    encoding = dice.choice(_ENCODINGS.get(layout.language, _LATIN_ENCODINGS))
    lines = [separator.join(map(str, line.cells)) for line in layout.lines(goods, typed=False)]
    return "\r\n".join([*layout.letterhead(), *lines, ""]).encode(encoding)


def _fixed_width(goods: Sequence[Goods], layout: Layout, dice: Random) -> bytes:
    widths = [_CHARACTERS[column] for column in layout.titles]
    rule = "-" * sum(widths) if dice.random() < 0.5 else ""
    made = list(layout.letterhead())
    for line in layout.lines(goods, typed=False):
        texts = [
            str(cell).rjust(width - 1) + " " if column in ("price", "number") else str(cell).ljust(width)
            for column, cell, width in zip(layout.titles, line.cells, widths, strict=True)
        ]
        made += ["".join(texts).rstrip(), *([rule] if line.kind == "header" and rule else [])]
    return "\n".join([*made, ""]).encode(dice.choice(_ENCODINGS.get(layout.language, _LATIN_ENCODINGS)))


def _html(goods: Sequence[Goods], layout: Layout) -> bytes:
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in line.cells) + "</tr>" for line in layout.lines(goods, typed=False)
    )
    head = "".join(f"<p>{escape(text)}</p>" for text in layout.letterhead())
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{head}<table>{rows}</table></body></html>".encode()


def _docx(goods: Sequence[Goods], layout: Layout) -> bytes:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{escape(str(cell))}</w:t></w:r></w:p></w:tc>" for cell in line.cells) + "</w:tr>"
        for line in layout.lines(goods, typed=False)
    )
    head = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in layout.letterhead())
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_OOXML}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_OOXML}/package/2006/relationships"><Relationship Id="r1" Type="{_OOXML}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_OOXML}/wordprocessingml/2006/main"><w:body>{head}<w:tbl>{rows}</w:tbl></w:body></w:document>',
        }
    )


def _pages(goods: Sequence[Goods], layout: Layout, *, is_ruled: bool, breaks: bool) -> Iterator[papers.Paper]:
    """Yield pages; where rows may break, names go over two lines, the second perhaps at the top of the next page."""
    xs = list(accumulate((_WIDTHS[column] for column in layout.titles), initial=40.0))
    page, y, rulings = papers.Paper(), float(_TOP), [_TOP - 11.0]
    for n, text in enumerate(layout.letterhead()):
        page.text(xs[0], 20 + 12 * n, text)
    for line in layout.lines(goods, typed=False):
        for n, cells in enumerate(_wrapped(line, layout) if breaks else [line.cells]):
            y += 0 if len(rulings) == 1 else _WRAPPED_PITCH if n else _PITCH
            if y > _BOTTOM:
                yield page.grid(xs, rulings) if is_ruled else page
                page, y, rulings = papers.Paper(), float(_TOP), [_TOP - 11.0]
            page.row(y, [(x + 3, str(cell)) for x, cell in zip(xs, cells, strict=False) if cell])
            rulings.append(y + 5)
    yield page.grid(xs, rulings) if is_ruled else page


def _wrapped(line: Line, layout: Layout) -> list[tuple[str | float, ...]]:
    """Return a row as drawn: a name's last two words on a line of their own."""
    if line.kind != "offer":
        return [line.cells]
    place = list(layout.titles).index("name")
    words = str(line.cells[place]).split()
    first = [" ".join(words[:-2]) if n == place else cell for n, cell in enumerate(line.cells)]
    second = [" ".join(words[-2:]) if n == place else "" for n in range(len(line.cells))]
    return [tuple(first), tuple(second)]
