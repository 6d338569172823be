"""The one way in: the bytes of any price list to its sheets."""

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive, excel, markup, text
from monito_ray.pipeline.files.formats import FileFormat, sniff_format


def open_sheets(data: bytes, file_name: str, max_unpacked_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """The sheets of a price list in any known format; `file_name` only names it in messages.

    Raises:
        FileUnusable: the list cannot be read; the message names file and cause in one line.
    """
    match sniff_format(data, file_name):
        case FileFormat.PDF:
            from monito_ray.pipeline.pdf import document  # noqa: PLC0415 - pdfium is loaded for PDFs alone

            try:
                return document.read_pdf(data)
            except FileUnusable as error:
                raise type(error)(f"{file_name}: {error}", error.remedy) from None
        case FileFormat.TEXT:
            return text.read_text(data, file_name)
        case FileFormat.HTML:
            return markup.read_html(data, file_name)
        case FileFormat.XML_2003:
            return markup.read_xml_2003(data, file_name)
        case fmt:
            return excel.read_workbook(data, file_name, fmt, max_unpacked_bytes)
