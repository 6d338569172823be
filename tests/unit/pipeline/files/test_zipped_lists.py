"""Zip archives of lists."""

import documents
import pytest
from bad_files import picture, workbook

from monito_ray import errors
from monito_ray.pipeline.files import members
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list

_CSV = "Name;Price\nGreen tea 100 g;25500\nCoffee 250 g;61000\nMilk 1 l;17500\nPlum juice 1 l;28000\n"


def test_each_file_in_an_archive_is_read_by_itself():
    """Sheets are named by their file, folders kept; what programs leave beside is nothing, and what cannot be read says so and stops nothing."""
    data = documents.zipped(
        {
            "june/list.xlsx": workbook(),
            "__MACOSX/june/._list.xlsx": b"x",
            ".DS_Store": b"x",
            "photo.png": picture(),
            "july.csv": _CSV,
            "inner.zip": documents.zipped({"tea.docx": documents.docx(documents.p("Tea"))}),
        }
    )
    sheets = open_sheets(data, "lists.zip")
    assert [sheet.name for sheet in sheets] == ["june/list.xlsx/Sheet", "photo.png", "july.csv/csv", "inner.zip/tea.docx/docx"]
    assert sheets[1].unread.startswith("photo.png: is a picture")
    assert not sheets[1].rows


def test_what_was_not_read_stands_in_the_notes():
    """The list says which file it could not read, and has the offers of the others."""
    read = price_list.read_price_list(documents.zipped({"photo.png": picture(), "july.csv": _CSV}), "lists.zip")
    assert set(read.rows.column("source_sheet").to_pylist()) == {"july.csv/csv"}
    assert read.rows.num_rows == 4
    with pytest.raises(errors.NoPricesFound, match=r"looked at: a\.txt/csv; photo\.png: is a picture"):
        price_list.read_price_list(documents.zipped({"photo.png": picture(), "a.txt": "Hello"}), "lists.zip")
    assert any(note.startswith("photo.png: is a picture") for note in read.notes)


def test_a_name_that_an_old_program_packed_is_readable():
    """A name in the encoding of the system that packed it is decoded by its letters."""
    name = "прайс на июнь.csv"
    data = documents.zipped({"p" * len(name.encode("cp866")): _CSV}).replace(b"p" * len(name), name.encode("cp866"))
    assert open_sheets(data, "lists.zip")[0].name == f"{name}/csv"


def _nested(depth: int) -> bytes:
    data = documents.zipped({"a.csv": _CSV})
    for _ in range(depth):
        data = documents.zipped({"a.zip": data})
    return data


def test_archives_are_nested_a_few_times():
    """A list in archives within archives is read as far as anyone packs them."""
    assert open_sheets(_nested(members.MAX_NESTING - 1), "lists.zip")[0].name.endswith("a.csv/csv")
    with pytest.raises(errors.FileFormatUnknown, match=r"^lists\.zip: .*packed too often"):
        open_sheets(_nested(members.MAX_NESTING), "lists.zip")


def test_more_files_than_any_sender_packs_are_told():
    """After as many files as are read the rest is named."""
    sheets = open_sheets(documents.zipped({f"{n}.csv": _CSV for n in range(members.MAX_MEMBERS + 5)}), "lists.zip")
    assert len(sheets) == members.MAX_MEMBERS + 1
    assert "more than 100 files" in sheets[-1].unread


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (documents.zipped({"folder/": b""}), errors.FileEmpty, "no file in it"),
        (
            documents.zipped({"a.png": picture(), "b.png": picture()}),
            errors.FileFormatUnknown,
            "no file in it can be read: Page 1: .*1 more",
        ),
        (documents.zipped({"a.csv": b"a" * 3_000_000}), errors.FileTooLarge, "more than the 1 MB"),
    ],
)
def test_an_archive_without_a_list_says_why(data: bytes, error: type[errors.FileUnusable], reason: str):
    """Empty archives, those of pictures and those that unpack to too much are refused in one line."""
    with pytest.raises(error, match=rf"^lists\.zip: .*{reason}"):
        open_sheets(data, "lists.zip", 1_000_000)


def test_lists_in_an_archive_unpack_within_one_limit():
    """Small archives that each unpack to most of what is allowed are not unpacked one after the other."""
    large = documents.zipped({"xl/workbook.xml": b"<x/>", "a.xml": b" " * 900_000})
    sheets = open_sheets(documents.zipped({"a.csv": _CSV, "b.xlsx": large, "c.xlsx": large}), "lists.zip", 1_000_000)
    assert [bool(sheet.unread) for sheet in sheets] == [False, True, True]
    assert "c.xlsx: unpacks to 1 MB, more than" in sheets[2].unread
