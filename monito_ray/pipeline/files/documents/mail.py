"""Mails (eml), and web pages saved as one file: what is written in them, and the lists that are attached."""

import re
from dataclasses import replace

from monito_ray.errors import FileEmpty
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.documents.mime_parts import MailPart, read_parts
from monito_ray.pipeline.files.documents.web import html_page
from monito_ray.pipeline.files.members import Member, MemberBudget, OpenMember, read_members
from monito_ray.pipeline.files.texts import encodings, text

_SHEET_NAME = "eml"
#: What mails carry that is no list: signatures, invitations, cards of people, styles and scripts of a page.
_NO_LISTS = re.compile(
    r"application/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-keys|ics|javascript)|text/(?:calendar|x?-?vcard|directory|css|javascript)|font/.*"
)
_SOFT_LINE_END = re.compile(r"(?<=\S) \r?\n")


def read_mail(data: bytes, file_name: str, budget: MemberBudget, open_member: OpenMember) -> list[Sheet]:
    """Return what is written in a mail as sheets `eml`, `eml 2` ..., and the sheets of attached files, named `file/sheet`.

    Pictures that the text shows, signatures and the like are left out; an attached file that cannot be read is an empty sheet that says why.

    Raises:
        FileEmpty: there is nothing in it.
        FileTooLarge: it holds more than can be held.
        FileFormatUnknown: mails and archives are nested too deep.
    """
    sheets: list[Sheet] = []
    attached: list[Member] = []
    for part in read_parts(data):
        if _is_written(part):
            sheet = _written_sheet(part, file_name)
            if sheet.rows:
                name = f"{_SHEET_NAME} {len(sheets) + 1}" if sheets else _SHEET_NAME
                sheets.append(replace(sheet, name=name))
        elif _is_list(part):
            attached.append(Member(part.file_name or f"attachment {len(attached) + 1}", part.content))
    sheets += read_members(attached, file_name, budget, open_member)
    if not sheets:
        raise FileEmpty(f"{file_name}: there is nothing written in it, and no list attached")
    return sheets


def _is_written(part: MailPart) -> bool:
    return part.kind in ("text/plain", "text/html") and not part.is_attached and not (part.file_name and part.kind == "text/plain")


def _is_list(part: MailPart) -> bool:
    is_picture_of_text = part.kind.startswith("image/") and part.is_inline
    return bool(part.content.strip()) and not is_picture_of_text and not _NO_LISTS.fullmatch(part.kind)


def _written_sheet(part: MailPart, file_name: str) -> Sheet:
    written = _decode(part, file_name)
    if part.kind == "text/html":
        return html_page.read_page(written, file_name, _SHEET_NAME)
    if part.parameters.get("format", "").lower() == "flowed":
        written = _SOFT_LINE_END.sub(" ", written)
    return text.read_text(b"\xef\xbb\xbf" + written.encode("utf-8", "replace"), file_name)[0]


def _decode(part: MailPart, file_name: str) -> str:
    try:
        return part.content.decode(part.parameters["charset"], "replace")
    except (KeyError, LookupError, ValueError):  # no encoding, none that Python knows, or none of text
        return encodings.decode_markup(part.content, file_name) if part.content.strip() else ""
