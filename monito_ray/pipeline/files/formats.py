"""Formats of files, recognized by their bytes: a suffix is only a name that people give."""

import re
from enum import StrEnum

from monito_ray.errors import FileEmpty, FileEncrypted, FileFormatUnknown
from monito_ray.pipeline.files import archive, biff
from monito_ray.pipeline.files.ole import MAGIC as COMPOUND_MAGIC
from monito_ray.pipeline.files.ole import CompoundFile, open_compound_file
from monito_ray.pipeline.files.texts import encodings


class FileFormat(StrEnum):
    """A format that price lists are read from."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    PDF = "pdf"
    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    EML = "eml"
    ZIP = "zip"
    XML_2003 = "xml_2003"
    PICTURE = "picture"


_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# Zero bytes, white space and the bytes of byte order marks.
_NOTHING = b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"
#: Formats that hold no price list, by their first bytes.
_FOREIGN = (
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"AT&TFORM", "a DjVu scan"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"%!PS", "a PostScript document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"\x09\x00\x04\x00", "an Excel workbook of before 1993"),
    (b"\x09\x02\x06\x00", "an Excel workbook of before 1993"),
    (b"\x09\x04\x06\x00", "an Excel workbook of before 1993"),
)
#: The same by a pattern of their first bytes.
_FOREIGN_PATTERNS = (
    (re.compile(rb"BM.{4}\x00\x00\x00\x00.{2}\x00\x00", re.DOTALL), "a BMP picture"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )", re.DOTALL), "a sound or video file"),
    (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "an AVIF picture"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "a video"),
    (re.compile(rb"MZ[^\r\n]{0,60}\x00", re.DOTALL), "a Windows program"),
)
#: What the names of pictures that are read end in; whether it is one is seen by its bytes.
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
#: Pictures that are read, by their first bytes: JPEG, PNG, WebP, HEIC (photos of iPhones; ISO/IEC 23008-12).
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP|.{4}ftyp(?:hei[cxms]|mif1|msf1)", re.DOTALL)
_DOCX_BODY = re.compile(r"word/document\d*\.xml")
_DOCUMENTS = (("word/", "a Word document without its text"), ("ppt/", "a PowerPoint presentation"), ("visio/", "a Visio drawing"))
_OLE_DOCUMENTS = (
    ("WordDocument", "a document of Word 97 to 2003 (doc)", "Save it as docx in Word or LibreOffice, and send that."),
    ("PowerPoint Document", "a PowerPoint presentation, not a price list", ""),
    ("__properties_version1.0", "an Outlook message (msg)", "Send the list that is attached to it, or save the message as eml."),
)
_RTF_MAGIC = b"{\\rtf"
#: A line of a mail's header, or one that goes on with the line before; some programs put a line before the header.
_HEADER_LINE = re.compile(rb"([A-Za-z][\w-]*):|[ \t]()|>?From ()")
_MAIL_HEADERS = frozenset(
    {
        b"from",
        b"to",
        b"subject",
        b"date",
        b"received",
        b"return-path",
        b"delivered-to",
        b"mime-version",
        b"message-id",
        b"content-type",
        b"dkim-signature",
        b"reply-to",
        b"content-transfer-encoding",
    }
)
_HEADER_LINES = 60
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|table|body|head|meta|style|tr|div|section|article|main|ul|ol|dl|p|span|h[1-6])\b", re.IGNORECASE
)
_XLSX_WORKBOOK = re.compile(r"xl/[^/]*workbook[^/]*\.xml")
#: PDF readers accept a header within the first kilobyte.
_PDF_HEADER_BYTES = 1024
_HEAD_BYTES = 4096
#: The record of a password stands among a workbook's first ones.
_FIRST_RECORDS_BYTES = 1 << 16


def sniff_format(data: bytes, file_name: str) -> FileFormat:
    """Return the format of `data`; `file_name` only names it in messages.

    Raises:
        FileEmpty: there is nothing in it, or nothing but white space.
        FileFormatUnknown: it is something else; the message says what, if that is plain.
        FileEncrypted: it wants a password.
        FileDamaged: it is an archive without a readable directory.
    """
    if not data.strip(_NOTHING):
        raise FileEmpty(f"{file_name}: is empty")
    if data.startswith(_ZIP_MAGIC):
        return _sniff_archive(data, file_name)
    if data.startswith(COMPOUND_MAGIC):
        return _sniff_compound_file(data, file_name)
    if b"%PDF-" in data[:_PDF_HEADER_BYTES]:
        return FileFormat.PDF
    if data.startswith(_RTF_MAGIC):
        return FileFormat.RTF
    if _PICTURE.match(data):
        return FileFormat.PICTURE
    if _is_mail(data[:_HEAD_BYTES]):
        return FileFormat.EML
    _refuse_foreign(data[:_HEAD_BYTES], file_name)
    return _sniff_text(data, file_name)


def _is_mail(head: bytes) -> bool:
    """Whether a file begins with the header of a mail, or of a web page saved as one: lines of which two have names that only those have."""
    names = set()
    for line in head.lstrip(_NOTHING).splitlines()[:_HEADER_LINES]:
        match = _HEADER_LINE.match(line)
        if not match:
            break
        names.add((match.group(1) or b"").lower())
    return len(names & _MAIL_HEADERS) > 1


def _sniff_archive(data: bytes, file_name: str) -> FileFormat:
    names = {name.replace("\\", "/").lower() for name in archive.part_names(data, file_name)}
    if "xl/workbook.bin" in names:
        return FileFormat.XLSB
    if any(_XLSX_WORKBOOK.fullmatch(name) for name in names):
        return FileFormat.XLSX
    if "content.xml" in names:
        return _sniff_open_document(data, file_name)
    if any(_DOCX_BODY.fullmatch(name) for name in names):
        return FileFormat.DOCX
    for folder, kind_name in _DOCUMENTS:
        if any(name.startswith(folder) for name in names):
            raise FileFormatUnknown(f"{file_name}: is {kind_name}, not a price list")
    if "index/document.iwa" in names or "index.zip" in names:
        raise FileFormatUnknown(f"{file_name}: is an Apple Numbers or Pages document: export it as Excel")
    return FileFormat.ZIP


def _sniff_open_document(data: bytes, file_name: str) -> FileFormat:
    kind = archive.unpack_parts(data, file_name, ("mimetype",)).get("mimetype", b"opendocument.spreadsheet")
    if b"spreadsheet" in kind:
        return FileFormat.ODS
    if b"opendocument.text" in kind:
        return FileFormat.ODT
    raise FileFormatUnknown(f"{file_name}: is an OpenDocument file, but neither a spreadsheet nor a text")


def _sniff_compound_file(data: bytes, file_name: str) -> FileFormat:
    compound = open_compound_file(data, file_name)
    if "EncryptedPackage" in compound.streams:
        raise FileEncrypted(f"{file_name}: is protected with a password")
    book = next((name for name in compound.streams if name.lower() in ("workbook", "book")), "")
    if book:
        _refuse_password(compound, book, file_name)
        return FileFormat.XLS
    for stream, kind_name, remedy in _OLE_DOCUMENTS:
        if any(name.startswith(stream) for name in compound.streams):
            raise FileFormatUnknown(f"{file_name}: is {kind_name}", remedy)
    raise FileFormatUnknown(f"{file_name}: is an old Office file without a workbook")


def _refuse_password(compound: CompoundFile, book: str, file_name: str) -> None:
    first_records = compound.read_stream(book, _FIRST_RECORDS_BYTES)
    if any(kind == biff.FILE_PASS for kind, _, _ in biff.xls_records(first_records, 0)):
        raise FileEncrypted(f"{file_name}: is protected with a password")


def _refuse_foreign(head: bytes, file_name: str) -> None:
    for magic, kind_name in _FOREIGN:
        if head.startswith(magic):
            raise FileFormatUnknown(f"{file_name}: is {kind_name}, not a price list")
    for pattern, kind_name in _FOREIGN_PATTERNS:
        if pattern.match(head):
            raise FileFormatUnknown(f"{file_name}: is {kind_name}, not a price list")


def _sniff_text(data: bytes, file_name: str) -> FileFormat:
    head = encodings.decode_head(data, _HEAD_BYTES, file_name).lstrip("\ufeff \t\r\n")
    if not head.startswith("<"):
        return FileFormat.TEXT
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return FileFormat.XML_2003
    if _HTML.search(head):
        return FileFormat.HTML
    if head.startswith("<?xml"):
        raise FileFormatUnknown(f"{file_name}: is an XML file, but no Excel workbook")
    return FileFormat.TEXT
