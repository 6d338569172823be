"""Texts of OpenDocument."""

import time

import documents
import pytest

from monito_ray.errors import FileDamaged, FileFormatUnknown
from monito_ray.pipeline.cells import Merge
from monito_ray.pipeline.files.open import open_sheets


def test_paragraphs_and_tables_are_read():
    """Gaps are elements of their own, tables keep their spans, and notes and deleted passages are no text."""
    data = documents.odt(
        "<text:tracked-changes><text:p>old</text:p></text:tracked-changes>",
        "<text:h>Our\n list</text:h><text:p/>",
        "<text:p>Rose<text:s/>cake<text:tab/>4<text:s/>pcs<text:s text:c='9'/>$12<text:note><text:p>note</text:p></text:note></text:p>",
        "<text:list><text:list-item><text:p>Tea<text:line-break/>Coffee</text:p></text:list-item></text:list>",
        "<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned='2'><text:p>Item</text:p>"
        "</table:table-cell><table:covered-table-cell/><table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>Jam</text:p></table:table-cell>"
        "<table:table-cell><text:p>plum</text:p></table:table-cell><table:table-cell><text:p>48,000</text:p></table:table-cell>"
        "</table:table-row><table:table-row><table:covered-table-cell/><table:table-cell table:number-columns-repeated='1'><text:p>fig</text:p>"
        "</table:table-cell><table:table-cell><text:p>51,000</text:p></table:table-cell></table:table-row></table:table>",
    )
    sheet = open_sheets(data, "a.odt")[0]
    assert sheet.name == "odt"
    assert documents.line_texts(sheet)[:4] == ["Our list", "Rose cake\t4 pcs\t$12", "Tea", "Coffee"]
    assert documents.filled(sheet)[4:] == [["Item", "", "Price"], ["Jam", "plum", "48,000"], ["", "fig", "51,000"]]
    assert sheet.merges == (Merge(4, 0, 4, 1), Merge(5, 0, 6, 0))


def test_what_is_crossed_out_is_left_out():
    """An old price is crossed out by the style of its span."""
    styles = "<style:style style:name='T1'><style:text-properties style:text-line-through-style='solid'/></style:style>"
    styles += "<style:style style:name='T2'><style:text-properties style:text-line-through-style='none'/></style:style>"
    text = "<text:p>Tea <text:span text:style-name='T1'>7.00 </text:span><text:span text:style-name='T2'>5.00</text:span></text:p>"
    assert documents.line_texts(open_sheets(documents.odt(text, styles=styles), "a.odt")[0]) == ["Tea 5.00"]


@pytest.mark.parametrize(
    "data",
    [
        documents.odt("<text:p>&a;</text:p>", before='<!DOCTYPE x [<!ENTITY a "aaaa">]>'),
        documents.odt("<text:p>cut"),
        documents.odt("<text:span>" * 100_000 + "</text:span>" * 100_000),
        documents.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
    ],
)
def test_broken_and_hostile_texts_are_refused(data: bytes):
    """Entities, broken XML and elements nested without end are refused in one line."""
    with pytest.raises(FileDamaged, match=r"^a\.odt: [^\n]*$"):
        open_sheets(data, "a.odt")


def test_a_drawing_is_no_text():
    """Other kinds of OpenDocument files are called by what they are not."""
    drawing = documents.zipped({"mimetype": "application/vnd.oasis.opendocument.graphics", "content.xml": "<x/>"})
    with pytest.raises(FileFormatUnknown, match="neither a spreadsheet nor a text"):
        open_sheets(drawing, "a.odg")


@pytest.mark.parametrize(
    "blocks",
    [
        "<text:p/>" * 30_000,
        "<text:p>" + "<text:s text:c='999999'/>" * 2_000 + "</text:p>",
        "<table:table><table:table-row>"
        + "<table:table-cell table:number-columns-repeated='999999'/>" * 50
        + "</table:table-row></table:table>",
    ],
)
def test_no_text_costs_more_than_its_length(blocks: str):
    """Empty paragraphs by the million and elements that stand for many are bounded."""
    start = time.process_time()
    open_sheets(documents.odt(blocks), "a.odt")
    assert time.process_time() - start < 10
