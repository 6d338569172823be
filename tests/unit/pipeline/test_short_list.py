"""A short list is validated and standardized by the process that reads it; a long one is not."""

import pytest
from lists import JUNE

from monito_ray import frames
from monito_ray.pipeline import short_list
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.records import RawRow, Standard

HINTS = Hints(supplier="Toko A", currency="IDR")
DATA = JUNE.encode()


def test_a_short_list_comes_out_as_the_stages_would_make_it():
    """Good rows, rejects and standards are those of validation and rules, one after the other."""
    read = short_list.read_and_standardize(DATA, "june.csv", HINTS, lenient=False)
    raw = price_list.read_price_list(DATA, "june.csv", HINTS).rows
    good, rejects = validation.partition(validation.validate(raw))
    assert read.price_list.rows.equals(raw)
    assert read.ahead is not None
    assert (read.ahead.good.equals(good), read.ahead.rejects.equals(rejects)) == (True, True)
    assert frames.from_table(read.ahead.by_rules, Standard) == rules.standardize(frames.from_table(good, RawRow))


def test_a_lenient_list_keeps_more_rows():
    """A list without validation keeps its totals."""
    data = b"Nama;Harga\nBeras 5 kg;75.000\nTotal;75.000\n"
    reads = [short_list.read_and_standardize(data, "a.csv", HINTS, lenient=lenient) for lenient in (False, True)]
    assert [read.ahead.good.num_rows for read in reads if read.ahead] == [1, 2]


def test_a_long_list_is_only_read(monkeypatch: pytest.MonkeyPatch):
    """Its rows are for many processes."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", 3)
    assert short_list.read_and_standardize(DATA, "june.csv", HINTS, lenient=False).ahead is None


def test_a_list_under_another_suppliers_name_has_it_on_every_row():
    """Its rows, and those that are standardized already; all else is as it was read."""
    read = short_list.read_and_standardize(DATA, "june.csv", Hints(supplier="june veg"), lenient=False)
    named = read.under_supplier("Sari Sayur")
    assert named.price_list.supplier == "Sari Sayur"
    assert read.ahead is not None
    assert named.ahead is not None
    for rows, before in ((named.price_list.rows, read.price_list.rows), (named.ahead.good, read.ahead.good)):
        assert set(rows.column("supplier").to_pylist()) == {"Sari Sayur"}
        assert rows.schema == before.schema
        assert rows.drop_columns(["supplier"]) == before.drop_columns(["supplier"])
    assert short_list.read_only(DATA, "june.csv", Hints()).under_supplier("Sari Sayur").ahead is None
