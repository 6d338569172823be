"""What `monito changes` shows."""

from dataclasses import replace
from datetime import date

import pytest
from rows import logged_change, shrunk_biscuit

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_ages import ListAge
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.cli.comparing.changes_command import _change_cells, _show_changes, _show_stale


@pytest.mark.parametrize(
    ("change", "cells"),
    [
        (logged_change(price_unit="box"), ("Marie biscuit, Marlina, 300 g", "14,500", "15,950", "IDR/box", "+10.0%")),
        (logged_change(ChangeKind.NEW, None), ("Marie biscuit, Marlina, 300 g", "", "15,950", "IDR", "new")),
        (logged_change(ChangeKind.GONE, 14_500, None), ("Marie biscuit, Marlina, 300 g", "14,500", "", "IDR", "gone")),
        (logged_change(ChangeKind.BACK), ("Marie biscuit, Marlina, 300 g", "14,500", "15,950", "IDR", "back +10.0%")),
        (logged_change(ChangeKind.BACK, 15_950), ("Marie biscuit, Marlina, 300 g", "15,950", "15,950", "IDR", "back")),
        (shrunk_biscuit(), ("Marie biscuit, Marlina, 270 g (was 300 g)", "14,500", "14,500", "IDR", "smaller +11.1%/kg")),
        (logged_change(suspicion="10 times"), ("Marie biscuit, Marlina, 300 g", "14,500", "15,950", "IDR", "+10.0% ?")),
        (
            logged_change(ChangeKind.CURRENCY, 20, currency_before="USD"),
            ("Marie biscuit, Marlina, 300 g", "20 USD", "15,950", "IDR", "currency changed from USD to IDR"),
        ),
        (
            logged_change(ChangeKind.BACK, 20, currency_before="USD"),
            ("Marie biscuit, Marlina, 300 g", "20 USD", "15,950", "IDR", "back currency changed from USD to IDR"),
        ),
    ],
)
def test_a_change_is_a_row(change: LoggedChange, cells: tuple[str, ...]):
    """A row says what happened to which article; a smaller pack says what its unit became dearer by."""
    assert _change_cells(change) == cells


def test_nothing_breaks_at_80_columns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """In a terminal of 80 columns no figure breaks; each list stands under its supplier and both dates, doubts under their table."""
    monkeypatch.setenv("COLUMNS", "80")
    long = logged_change(name="Concentrated mango nectar drink without added sugar", before=1_450_000, after=14_500_000, price_unit="carton",
                         suspicion="10 times its last price: 1,450,000 → 14,500,000")  # fmt: skip
    _show_changes([long, shrunk_biscuit(), logged_change(ChangeKind.NEW, None, task_id="t2", list_date=None)])
    output = capsys.readouterr().out
    assert "Gudang Lima: list of 2026-05-01 after 2026-04-01" in output
    assert "Gudang Lima: list that came 2026-07-02" in output
    assert max(map(len, output.splitlines())) <= 130
    for whole in ("14,500,000", "IDR/carton", "+900.0% ?", "smaller +11.1%/kg"):
        assert whole in output
    assert "? Concentrated mango nectar drink without added sugar, Marlina, 300 g: 10 times its last price" in output


def test_old_lists_are_named(capsys: pytest.CaptureFixture[str]):
    """Suppliers whose newest list is stale are named with its date; no others."""
    old = ListAge("Impor Kencana", date(2023, 7, 3), None, is_stale=True, text="list of 3 Jul 2023, 3 years old")
    _show_stale([old, replace(old, supplier="Kebun Arwana", is_stale=False)])
    assert capsys.readouterr().out == "old: Impor Kencana, list of 3 Jul 2023, 3 years old\n"
