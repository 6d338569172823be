"""Mails, with lists written in them and attached."""

import base64
import time
from contextlib import suppress

import documents
import pytest
from bad_files import picture, workbook

from monito_ray import errors
from monito_ray.pipeline.files.open import open_sheets

_HEAD = b"Received: by x\r\nFrom: Shop <shop@example.com>\r\nSubject: Prices\r\nMIME-Version: 1.0\r\n"


def _part(headers: str, content: bytes, encoding: str = "") -> bytes:
    body = base64.encodebytes(content) if encoding == "base64" else content
    transfer = f"\r\nContent-Transfer-Encoding: {encoding}" if encoding else ""
    return f"Content-Type: {headers}{transfer}\r\n\r\n".encode() + body


def _multipart(kind: str, boundary: str, *parts: bytes) -> bytes:
    delimiter = f"--{boundary}".encode()
    body = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\nnot shown\r\n'.encode() + body + delimiter + b"--\r\n"


_PLAIN = _part("text/plain; charset=utf-8", b"Plain words")
_PAGE = _part(
    "text/html; charset=utf-8", b"<p>Hello =\r\n<b>there</b></p><table><tr><td>Tea</td><td>5=2C50</td></tr></table>", "quoted-printable"
)
_NAMED = "application/octet-stream; name=\"x\"\r\nContent-Disposition: attachment; filename*0*=UTF-8''%D0%A1%D0%BF; filename*1*=%D0%B8%D1%81.xlsx"


def test_what_is_written_and_what_is_attached_is_read():
    """Of a text in two forms the page is read, of attached files each under its name, and pictures of the text are left out."""
    data = _HEAD + _multipart(
        "mixed",
        "out.er+",
        _multipart("alternative", "inner", _PLAIN, _PAGE),
        _part(_NAMED, workbook(), "base64"),
        _part("image/png\r\nContent-ID: <logo>", picture(), "base64"),
        _part("image/png; name=photo.png\r\nContent-Disposition: attachment", picture(), "base64"),
        _part("application/pkcs7-signature; name=smime.p7s", b"xyz", "base64"),
    )
    sheets = open_sheets(data, "a.eml")
    assert [sheet.name for sheet in sheets] == ["eml", "Спис.xlsx/Sheet", "photo.png"]
    assert documents.filled(sheets[0]) == [["Hello there"], ["Tea", "5,50"]]
    assert sheets[2].unread.startswith("photo.png: is a picture")


def test_a_list_typed_into_a_mail_is_read():
    """A plain text is lines or a table as in a file; its encoding is that which it names, and soft line ends join."""
    head = _HEAD.replace(b"MIME-Version: 1.0\r\n", b"")
    text = "Прайс:\r\nЧай;50\r\nКофе;60\r\nСок;70\r\n".encode("koi8-r")
    assert open_sheets(head + _part("text/plain; charset=koi8-r", text), "a.txt")[0].rows[1][0] == "Чай"
    flowed = open_sheets(head + _part("text/plain; format=flowed", b"Green \r\ntea\r\nCoffee"), "a.eml")[0]
    assert [row[0] for row in flowed.rows] == ["Green tea", "Coffee"]


def test_a_web_page_saved_as_one_file_is_read():
    """The page within is read, its styles and pictures are not."""
    data = b"From: <Saved by a browser>\r\nSnapshot-Content-Location: https://example.com\r\nMIME-Version: 1.0\r\n" + _multipart(
        "related",
        "b",
        _part("text/html", b"<html><p>Tea"),
        _part("text/css", b"p {}"),
        _part("image/png\r\nContent-Location: x.png", picture(), "base64"),
    )
    assert [sheet.name for sheet in open_sheets(data, "a.mhtml")] == ["eml"]


def test_a_forwarded_mail_and_an_archive_in_a_mail_are_read():
    """A mail within a mail, and the lists of an attached archive."""
    inner = b"Content-Type: message/rfc822\r\n\r\n" + _HEAD + _part("text/plain", b"Tea;5\nMilk;6\n")
    packed = _part("application/zip; name=june.zip", documents.zipped({"a.csv": b"Tea;5\nMilk;6\n"}), "base64")
    names = [sheet.name for sheet in open_sheets(_HEAD + _multipart("mixed", "b", inner, packed), "a.eml")]
    assert names == ["eml", "june.zip/a.csv/csv"]


def test_a_mail_without_anything_says_so():
    """A mail with a picture in its text alone is empty."""
    with pytest.raises(errors.FileEmpty, match=r"^a\.eml: there is nothing written"):
        open_sheets(_HEAD + _multipart("mixed", "b", _part("image/png\r\nContent-ID: <x>", picture(), "base64")), "a.eml")


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 20_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 20_000,
        b"Content-Type: multipart/mixed" + b"; boundary=b" * 20_000 + b"\r\n\r\nx",
        b'Content-Type: multipart/mixed; boundary="' + b'\\"' * 20_000 + b"\r\n\r\nx",
        b"X: " + b"=?utf-8?q?a?= " * 10_000 + b"\r\n\r\nx",
        b"X: y\r\n" * 20_000 + b"\r\nx",
        b"Content-Type: text/plain\r\n" + b" folded\r\n" * 20_000 + b"\r\nx",
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"!" * 200_000,
        b"\r\n" + b"x\r\n" * 20_000,
    ],
)
def test_no_mail_costs_more_than_its_length(data: bytes):
    """Parts within parts, headers without end and broken encodings are read, or refused, as fast as any text."""
    start = time.process_time()
    with suppress(errors.FileUnusable):
        open_sheets(_HEAD + data, "a.eml")
    assert time.process_time() - start < 10
