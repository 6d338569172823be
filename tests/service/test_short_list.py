"""A short list in one go: the same as step by step, and only where it is short and clear."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lists import JUNE, Bench, bench

from monito_ray import frames
from monito_ray.driver.driver import Driver
from monito_ray.jobs.artifacts import GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.pipeline import short_list
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.records import RawRow

HINTS = Hints(supplier="Toko A", currency="IDR")
DATA = JUNE.encode()


def test_a_short_list_goes_on_as_it_would_step_by_step():
    """Judged and standardized like a list that is handed from process to process."""
    begun = short_list.read_and_standardize(DATA, "june.csv", HINTS, lenient=False)
    read = price_list.read_price_list(DATA, "june.csv", HINTS)
    assert begun.read.rows.equals(read.rows)
    judged = validation.validate(read.rows)
    assert begun.judged is not None
    assert begun.judged.equals(judged)
    assert begun.by_rules == rules.standardize(frames.from_table(validation.partition(judged)[0], RawRow))


def test_lenience_is_kept():
    """What a list without validation keeps is kept here, too."""
    data = b"Nama;Harga\nBeras 5 kg;75.000\nTotal;75.000\n"
    kept = [short_list.read_and_standardize(data, "a.csv", HINTS, lenient=lenient) for lenient in (False, True)]
    assert [len(begun.by_rules) for begun in kept] == [1, 2]


def test_a_long_list_is_read_and_no_more(monkeypatch: pytest.MonkeyPatch):
    """Its rows go to many processes."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", 3)
    assert short_list.read_and_standardize(DATA, "june.csv", HINTS, lenient=False).judged is None


@pytest.fixture(params=[3, 500], ids=["step by step", "in one go"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A bench on which lists go one way or the other."""
    monkeypatch.setattr(short_list, "SHORT_ROWS", request.param)
    with bench(tmp_path) as on:
        yield on


def test_both_ways_leave_the_same(made: Bench):
    """What is written and what is rejected is that of the list, whichever way it went."""
    task_id = made.submit()
    Driver(made.services).work([task_id], threading.Event())
    files = made.services.files
    good, rejects = validation.partition(validation.validate(files.read_table(task_id, RAW)))
    assert files.read_table(task_id, GOOD).equals(good)
    assert files.read_table(task_id, REJECTS).equals(rejects)
    names = [standard.standardized_name for standard in rules.standardize(frames.from_table(good, RawRow))]
    assert files.read_table(task_id, PRODUCTS).column("standardized_name").to_pylist() == names
    assert len(names) == 6
