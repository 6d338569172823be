"""Files whose texts are more, or longer, than any list's."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[4] / "benchmarks"))

import bombs

from monito_ray.errors import FileTooCostly, FileTooLarge
from monito_ray.isolation.limits import LONGEST_CELL, LONGEST_NAME
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows.price_list import read_price_list


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda: bombs.xlsx_shared(20_000, 200), r"kB unpack to more than 1,\d+,\d+ characters"),
        (lambda: bombs.ods_repeated(2_000, 10, 200), r"kB unpack to more than 1,\d+,\d+ characters"),
        (lambda: bombs.pdf_chars(250_000), r"page 1 has 2\d\d,\d+ characters"),
        (lambda: bombs.pdf_pages(300, lines=2), "has 300 pages in 2 kB"),
        (lambda: bombs.xml_2003_far(1_048_577, 1), "larger than can be held"),
    ],
)
def test_a_file_that_holds_more_than_its_size_allows_is_refused(make: Callable[[], bytes], cause: str):
    """Where a few bytes unpack to a flood, one line says so."""
    with pytest.raises(FileTooLarge, match=rf"^june: .*{cause}") as caught:
        open_sheets(make(), "june")
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_refusal_has_its_remedy():
    """It does not tell people to split what is small."""
    with pytest.raises(FileTooCostly) as caught:
        open_sheets(bombs.xlsx_shared(20_000, 200), "june.xlsx")
    assert caught.value.remedy.startswith("Copy the rows")


def test_a_cell_longer_than_any_is_cut_and_told():
    """The list is read, and says which sheet has how many of them."""
    read = read_price_list(bombs.table_text("Rice ", 10_000), "june.csv")
    assert any("longer than 32,767 characters and cut there" in doubt for doubt in read.certainty.doubts)
    (sheet,) = open_sheets(bombs.table_text("Rice ", 10_000), "june.csv")
    assert sheet.cut_cells == 4
    assert max(len(str(value)) for row in sheet.rows for value in row) == LONGEST_CELL


def test_a_name_longer_than_any_is_cut_and_in_doubt():
    """The row stays, with a doubt of its own; a name merged over many rows is cut in each."""
    rows = read_price_list(bombs.xlsx_merged_names(5_000, 40), "june.xlsx").rows.to_pylist()
    assert len(rows) == 40
    for row in rows:
        assert len(row["original_name"]) == LONGEST_NAME
        assert row["doubt"] == "the name has more than 500 characters and is cut"
