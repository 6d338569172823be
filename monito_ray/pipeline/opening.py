"""The one way in: the bytes of any price list to its sheets."""

from monito_ray.errors import FileUnusable
from monito_ray.pipeline import archive, markup, textfile, workbook
from monito_ray.pipeline.formats import Format, sniff
from monito_ray.pipeline.grid import Sheet


def sheets(data: bytes, file_name: str, max_unpacked_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """The sheets of a price list in any known format; `file_name` only names it in messages.

    Raises:
        FileUnusable: the list cannot be read; the message names file and cause in one line.
    """
    match sniff(data, file_name):
        case Format.PDF:
            from monito_ray.pipeline import pdf  # noqa: PLC0415 - pdfium is loaded for PDFs alone

            try:
                return pdf.sheets(data)
            except FileUnusable as error:
                raise type(error)(f"{file_name}: {error}", error.remedy) from None
        case Format.TEXT:
            return textfile.sheets(data, file_name)
        case Format.HTML:
            return markup.html_sheets(data, file_name)
        case Format.XML_2003:
            return markup.xml_sheets(data, file_name)
        case fmt:
            return workbook.sheets(data, file_name, fmt, max_unpacked_bytes)
