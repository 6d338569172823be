"""The way in to this room: the bytes of any price list to its sheets."""

from monito_ray.errors import FileUnusable, FileWithoutText
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files import archive, excel, xml_2003
from monito_ray.pipeline.files.clean_cells import clean_sheet, limit_texts
from monito_ray.pipeline.files.documents import docx, mail, odt, rtf
from monito_ray.pipeline.files.documents.web import html_page
from monito_ray.pipeline.files.formats import FileFormat, sniff_format
from monito_ray.pipeline.files.members import MemberBudget
from monito_ray.pipeline.files.texts import text
from monito_ray.pipeline.files.zipped_lists import read_zipped_lists
from monito_ray.pipeline.pictures import picture_files


def open_sheets(data: bytes, file_name: str, max_unpacked_bytes: int = archive.MAX_UNPACKED_BYTES) -> list[Sheet]:
    """Return the sheets of a price list in any known format; `file_name` only names it in messages.

    The format is sniffed from the bytes. Its reader checks limits before it reads anything that could be too large.

    Raises:
        FileUnusable: the list cannot be read; the message names file and cause in one line.
    """
    sheets = limit_texts(_open(data, file_name, MemberBudget(max_unpacked_bytes)), len(data), file_name)
    return list(map(clean_sheet, sheets))


def _open(data: bytes, file_name: str, budget: MemberBudget) -> list[Sheet]:
    match sniff_format(data, file_name):
        case FileFormat.PDF:
            return _read_pdf(data, file_name, budget)
        case FileFormat.PICTURE:
            return _read_picture(data, file_name, budget)
        case FileFormat.XLS:
            return excel.read_xls(data, file_name)
        case FileFormat.XLSX | FileFormat.XLSB | FileFormat.ODS as fmt:
            return excel.read_packed_workbook(data, file_name, fmt, budget.unpacked_bytes)
        case FileFormat.XML_2003:
            return xml_2003.read_xml_2003(data, file_name)
        case FileFormat.ZIP:
            return read_zipped_lists(data, file_name, budget, _open)
        case FileFormat.EML:
            return mail.read_mail(data, file_name, budget, _open)
        case fmt:
            return _read_document(data, file_name, fmt, budget)


def _read_document(data: bytes, file_name: str, fmt: FileFormat, budget: MemberBudget) -> list[Sheet]:
    match fmt:
        case FileFormat.HTML:
            return html_page.read_html(data, file_name)
        case FileFormat.DOCX:
            return docx.read_docx(data, file_name, budget.unpacked_bytes)
        case FileFormat.ODT:
            return odt.read_odt(data, file_name, budget.unpacked_bytes)
        case FileFormat.RTF:
            return rtf.read_rtf(data, file_name)
        case _:
            return text.read_text(data, file_name)


def _read_pdf(data: bytes, file_name: str, budget: MemberBudget) -> list[Sheet]:
    from monito_ray.pipeline.pdf.document import read_pdf  # noqa: PLC0415 - pdfium is loaded for PDFs alone

    try:
        sheets = read_pdf(data, budget.pictures.read_page if picture_files.is_installed() else None)
    except FileWithoutText as error:
        budget.pictures.require_pages()
        raise type(error)(f"{file_name}: {error}", error.remedy if picture_files.is_installed() else picture_files.REMEDY) from None
    except FileUnusable as error:
        raise type(error)(f"{file_name}: {error}", error.remedy) from None
    budget.pictures.require_pages()
    return sheets


def _read_picture(data: bytes, file_name: str, budget: MemberBudget) -> list[Sheet]:
    try:
        return picture_files.read_picture(data, budget.pictures)
    except FileUnusable as error:
        raise type(error)(f"{file_name}: {error}", error.remedy) from None
