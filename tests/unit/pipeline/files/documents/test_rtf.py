"""Rich text."""

import time
from contextlib import suppress

import documents
import pytest

from monito_ray.errors import FileDamaged, FileUnusable
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files.open import open_sheets

_HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204{\*\fname Times;}Times CYR;}{\f2\fcharset128 Gothic;}}"
    rb"{\colortbl;\red0\green0;}{\stylesheet{\s0 Normal;}}{\*\generator Writer;}\uc1 "
)


def _rtf(body: bytes) -> bytes:
    return _HEAD + body + b"}"


def test_paragraphs_are_lines_in_the_encoding_of_their_font():
    """Code pages of fonts, letters of two bytes, Unicode with what stands in for it, tabs and breaks are understood."""
    data = _rtf(
        rb"\pard Caf\'e9 latte\tab 4.50\par {\f1 \'cf\'f0\'e0\'e9\'f1} \emdash  2026\par {\f2 \'93\'fa\'96\'7b}\par "
        rb"\u1063?\u1072\'e0\u1081 ? x\u-10179?\u-8704?\line a\~b      \{c\}\par\par end"
    )
    sheet = open_sheets(data, "a.doc")[0]
    assert sheet.name == "rtf"
    assert documents.line_texts(sheet) == ["Café latte\t4.50", "Прайс — 2026", "日本", "Чай x\U0001f600", "a b\t{c}", "end"]


def test_tables_are_cells():
    """Rows end where they say so, a cell may have several lines, and one may be the lower part of that above."""
    data = _rtf(
        rb"\pard June\par\trowd\cellx1000\cellx2000\pard\intbl Name\cell Price\cell\row"
        rb"\trowd\clvmgf\cellx1000\cellx2000\pard\intbl Tea\par green\cell 5,00\cell\row"
        rb"\trowd\clvmrg\cellx1000\cellx2000\pard\intbl\cell 6,00\cell\row\pard Thanks\par"
    )
    sheet = open_sheets(data, "a.rtf")[0]
    assert documents.filled(sheet) == [["June"], ["Name", "Price"], ["Tea\ngreen", "5,00"], ["", "6,00"], [], ["Thanks"]]
    assert sheet.merges == (Merge(2, 0, 3, 0),)


def test_what_nobody_sees_is_left_out():
    """Pictures, headers, formulas of fields, what is hidden or crossed out, and unknown groups that may be skipped are no text."""
    data = _rtf(
        rb"{\header Head}{\pict\pngblip 89504e47{\*\blipuid 00}}{\v hidden}{\strike 7,00 }Rice {\b 5}{\field{\*\fldinst HYPERLINK x}{\fldrslt , link}}"
        rb"{\*\unknown x}{\pict\bin5 }}}}}}\par"
    )
    assert documents.line_texts(open_sheets(data, "a.rtf")[0]) == ["Rice 5, link"]


def test_groups_without_end_are_refused():
    """Groups within groups are followed a thousand times."""
    with pytest.raises(FileDamaged, match=r"^a\.rtf: its groups"):
        open_sheets(_rtf(b"{" * 5_000), "a.rtf")


@pytest.mark.parametrize(
    "body",
    [
        rb"\par" * 30_000,
        rb"\cell" * 20_000 + rb"\row",
        rb"\intbl x\cell\row" * 5_000,
        rb"\cellx1" * 10_000 + rb"\intbl x\cell\row" * 1_000,
        b"{}" * 20_000,
        b"\\" * 5_000,
        b"\\'" * 30_000,
        rb"\u9" * 20_000,
        b"x" * 5_00_000,
        rb"\bin-5 " * 10_000,
        rb"\bin99999999 " * 10,
        rb"\intbl\par" * 20_000,
    ],
)
def test_no_rich_text_costs_more_than_its_length(body: bytes):
    """Words, cells and lines without end are read, or refused, as fast as any text."""
    start = time.process_time()
    with suppress(FileUnusable):
        open_sheets(_rtf(body), "a.rtf")
    assert time.process_time() - start < 10
