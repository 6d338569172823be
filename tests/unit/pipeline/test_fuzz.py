"""A sample of `benchmarks/fuzz.py`: seeds of every format are readable, and bent ones are read or refused."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import fuzz
import hostile

from monito_ray.errors import FileTooLarge, FileUnusable
from monito_ray.pipeline.rows import price_list

CORPUS = hostile.seeds()


@pytest.mark.parametrize("suffix", ["xls", "ods", "html", "xml", "docx", "odt", "rtf", "eml", "zip"])
def test_seeds_of_every_format_are_readable(suffix: str):
    """What is bent is a list that can be read: three offers in the first of each format, and some in the others."""
    first, *others = (price_list.read_price_list(data, f"june.{suffix}").rows.num_rows for data in CORPUS[suffix])
    assert first == 3
    assert all(others)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(CORPUS)), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), fuzz.EDITS)
def test_bent_files_are_read_or_refused(suffix: str, which: float, part: float, edits: fuzz.Edits):
    """With one of our errors, never with another."""
    with suppress(FileUnusable):
        assert price_list.read_price_list(fuzz.bend(CORPUS, suffix, which, part, edits), f"fuzz.{suffix}").rows.num_rows


def test_a_line_wider_than_any_sheet_is_refused():
    """Lists have at most as many columns as Excel; nobody waits for more."""
    with pytest.raises(FileTooLarge, match=r"^line\.csv: "):
        price_list.read_price_list(b"Rice;12000;" * 10_000, "line.csv")


def test_thousands_of_columns_of_prices_are_read():
    """Columns are compared with the likeliest others, not each with each: of 1,000 here, of 16,384 in `benchmarks/hostile.py`."""
    rows = (f"Item {row}," + ",".join(f"{(row * 7919 + column * 104_729) % 890 + 10}.50" for column in range(1_000)) for row in range(12))
    assert price_list.read_price_list("\n".join(rows).encode(), "wide.csv").rows.num_rows >= 8
