"""What is made of each row by itself, in other processes or here: the catalogue is the same."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
import search_measure
from catalogue_tables import catalogue_tables, write_task

from monito_ray.catalog.lists import derived_rows, writing
from monito_ray.catalog.lists.derived_rows import DerivedRow, DeriveRows, derive_here, derive_table, leave_underived, table_of_rows
from monito_ray.records import ProductRow
from monito_ray.store.database import open_store

BLOCK = 3


def _through_tables(make: derived_rows.MakeTable, rows: Sequence[ProductRow], is_first: Sequence[bool]) -> Iterator[DerivedRow]:
    table = table_of_rows(rows, is_first)
    made = [make(table.slice(start, BLOCK)) for start in range(0, max(len(rows), 1), BLOCK)]
    return derived_rows.derived_rows(rows, pa.concat_tables(made))


def _catalogue(path: Path, derive: DeriveRows) -> object:
    with open_store(f"sqlite:///{path}") as store:
        for number, rows in enumerate([*search_measure.written_lists(), *reversed(search_measure.written_lists())]):
            write_task(store, f"t{number}", rows, derive)
        return catalogue_tables(store)


@pytest.mark.parametrize("make", [derive_table, leave_underived], ids=["elsewhere", "rows that kill"])
def test_a_catalogue_is_the_same_wherever_its_rows_are_derived(
    make: derived_rows.MakeTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Lists of several suppliers with goods in common, and each once more: in tables of three rows, in transactions of two to eight, with their keys a few rows ahead, and as a whole."""
    here = _catalogue(tmp_path / "here.db", derive_here)
    monkeypatch.setattr(writing, "SLICE_ROWS", 2)
    monkeypatch.setattr(writing, "LONGEST_SLICE", 8)
    monkeypatch.setattr(writing, "OFFERS_AHEAD", 12)
    assert _catalogue(tmp_path / "elsewhere.db", partial(_through_tables, make)) == here
