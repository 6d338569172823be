"""The one way in: the bytes of any price list to its sheets."""

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive, excel, markup, text
from monito_ray.pipeline.files.formats import Format, sniff


def open_sheets(data: bytes, file_name: str, max_unpacked_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """The sheets of a price list in any known format; `file_name` only names it in messages.

    Raises:
        FileUnusable: the list cannot be read; the message names file and cause in one line.
    """
    match sniff(data, file_name):
        case Format.PDF:
            from monito_ray.pipeline.pdf import document  # noqa: PLC0415 - pdfium is loaded for PDFs alone

            try:
                return document.sheets(data)
            except FileUnusable as error:
                raise type(error)(f"{file_name}: {error}", error.remedy) from None
        case Format.TEXT:
            return text.sheets(data, file_name)
        case Format.HTML:
            return markup.html_sheets(data, file_name)
        case Format.XML_2003:
            return markup.xml_sheets(data, file_name)
        case fmt:
            return excel.sheets(data, file_name, fmt, max_unpacked_bytes)
