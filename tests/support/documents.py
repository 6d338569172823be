"""Written documents made of XML, as office programs write them."""

import io
import zipfile

from monito_ray.pipeline.cells import Sheet

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of parts by their names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def docx(*blocks: str, before: str = "") -> bytes:
    """A Word document of `blocks`, with `before` in front of its root."""
    body = f"{before}<w:document {_WORD}><w:body>{''.join(blocks)}</w:body></w:document>"
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body, "word/header1.xml": "<w:hdr/>"})


def p(*runs: str) -> str:
    """A paragraph of Word; a tab and a line feed in its runs are elements."""
    made = "".join(
        f'<w:r><w:t xml:space="preserve">{run}</w:t></w:r>'.replace("\t", "</w:t><w:tab/><w:t>").replace("\n", "</w:t><w:br/><w:t>")
        for run in runs
    )
    return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{made}</w:p>"


def table(*rows: list[str]) -> str:
    """A table of Word; cells are XML, those that begin with no tag are text."""
    return "<w:tbl>" + "".join("<w:tr>" + "".join(map(_cell, row)) + "</w:tr>" for row in rows) + "</w:tbl>"


def _cell(content: str) -> str:
    return f"<w:tc>{content if content.startswith('<') else p(content)}</w:tc>"


def odt(*blocks: str, before: str = "", styles: str = "") -> bytes:
    """A text of OpenDocument with automatic styles, with `before` in front of its root."""
    content = f"{before}<office:document-content {_ODT}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{''.join(blocks)}</office:text></office:body></office:document-content>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "Configurations2/accelerator/current.xml": ""}
    return zipped(parts)


def filled(sheet: Sheet) -> list[list[object]]:
    """The rows of a sheet without the empty cells at their ends."""
    rows = []
    for row in sheet.rows:
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        rows.append(cells)
    return rows


def line_texts(sheet: Sheet) -> list[str]:
    """The lines of a sheet."""
    return [line.text for line in sheet.lines]
