"""Labelled lists as they are read from CSV files."""

from decimal import Decimal
from pathlib import Path

import pytest

from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.evaluation.labelled_rows import own_lists, read_lists
from monito_ray.pipeline.products.taxonomy import category_names

CSV = "original_name,price,unit_text,right_brand,right_size,right_unit,right_pack_count\nTea Zarvex 100 g,12.5,pcs,Zarvex,100,g,1\nSalt,3,kg,,,,1\n"


def test_a_file_is_a_list_of_rows_with_their_truth(tmp_path: Path):
    """Columns that are left out are not judged; an empty cell of the truth says that the field shall be empty."""
    (tmp_path / "tea.csv").write_text(CSV, encoding="utf-8")
    (tea,) = read_lists(tmp_path)
    first, second = tea.rows
    assert (first.row.original_name, first.row.price, first.row.unit_text, first.key) == (
        "Tea Zarvex 100 g",
        Decimal("12.5"),
        "pcs",
        "tea.csv:2",
    )
    assert (first.truth.brand, first.truth.size, first.truth.pack_count) == ("Zarvex", "100", 1)
    assert (second.truth.brand, second.truth.size, second.truth.name, second.truth.categories) == ("", "", None, ())


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("original_name,price\nTea,1\n", "what is right"),
        ("name,price,right_brand\nTea,1,\n", "original_name"),
        ("original_name,price,right_brand\nTea,cheap,\n", "line 2"),
        ("original_name,price,right_brand\n", "no rows"),
        ("original_name;price;right_brand\nTea;1;\n", "one cell alone"),
        ("original_name,price,right_brand,right_sise\nTea,1,,5\n", "right_sise"),
        ("original_name,price,right_brand\nTea,1\n", "line 2: it has fewer"),
        ("original_name,price,right_brand\nTea,1,,2\n", "line 2: it has more"),
        ("original_name,price,price_tiers,right_brand\nTea,1,carton 9,\n", "line 2: price_tiers"),
    ],
)
def test_a_file_that_is_no_labelled_list_is_refused(tmp_path: Path, text: str, cause: str):
    """The message names the file and what is wrong."""
    (tmp_path / "odd.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FileUnusable, match=cause) as refused:
        read_lists(tmp_path / "odd.csv")
    assert "odd.csv" in str(refused.value)


def test_other_prices_are_numbers_as_those_of_a_list_are(tmp_path: Path):
    """Also where the file has them as texts."""
    (tmp_path / "tea.csv").write_text('original_name,price,price_tiers,right_brand\nTea,2,"{""1 kg"": ""9.50""}",\n', encoding="utf-8")
    assert read_lists(tmp_path)[0].rows[0].row.price_tiers == '{"1 kg": 9.5}'


def test_a_path_without_lists_is_refused(tmp_path: Path):
    """Neither a missing path nor a folder without CSV files is an empty evaluation."""
    with pytest.raises(FileMissing):
        read_lists(tmp_path / "none")
    with pytest.raises(FileUnusable, match="no CSV file"):
        read_lists(tmp_path)


def test_the_projects_own_rows_are_many_and_of_four_languages():
    """At least 600, each with a category of the taxonomy as truth."""
    lists = own_lists()
    assert sum(len(one.rows) for one in lists) >= 600
    assert {one.name[:2] for one in lists} == {"en", "es", "id", "ru"}
    categories = {category for one in lists for labelled in one.rows for category in labelled.truth.categories}
    assert categories <= set(category_names())
