"""The way in to this room: the bytes of any price list to its sheets."""

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive, excel, html_tables, xml_2003
from monito_ray.pipeline.files.documents import docx, odt
from monito_ray.pipeline.files.formats import FileFormat, sniff_format
from monito_ray.pipeline.files.texts import text


def open_sheets(data: bytes, file_name: str, max_unpacked_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """Return the sheets of a price list in any known format; `file_name` only names it in messages.

    The format is sniffed from the bytes. Its reader checks limits before it reads anything that could be too large.

    Raises:
        FileUnusable: the list cannot be read; the message names file and cause in one line.
    """
    match sniff_format(data, file_name):
        case FileFormat.PDF:
            return _read_pdf(data, file_name)
        case FileFormat.TEXT:
            return text.read_text(data, file_name)
        case FileFormat.HTML:
            return html_tables.read_html(data, file_name)
        case FileFormat.DOCX:
            return docx.read_docx(data, file_name, max_unpacked_bytes)
        case FileFormat.ODT:
            return odt.read_odt(data, file_name, max_unpacked_bytes)
        case FileFormat.XML_2003:
            return xml_2003.read_xml_2003(data, file_name)
        case FileFormat.XLS:
            return excel.read_xls(data, file_name)
        case FileFormat.XLSX | FileFormat.XLSB | FileFormat.ODS as fmt:
            return excel.read_packed_workbook(data, file_name, fmt, max_unpacked_bytes)


def _read_pdf(data: bytes, file_name: str) -> list[Sheet]:
    from monito_ray.pipeline.pdf.document import read_pdf  # noqa: PLC0415 - pdfium is loaded for PDFs alone

    try:
        return read_pdf(data)
    except FileUnusable as error:
        raise type(error)(f"{file_name}: {error}", error.remedy) from None
