"""`monito explain`: what is seen of a list, and why."""

import json
from pathlib import Path

import pytest
from lists import JUNE
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.pipeline.explanation import explain
from monito_ray.pipeline.rows.price_list import Hints

TWO_PRICES = "Nama;Eceran;Grosir\n" + "".join(f"Barang {n * 7919 % 100} kg;{n * n * 175 + 500};{n * n * 160 + 500}\n" for n in range(1, 13))


def test_tables_columns_and_rejects_are_told_with_their_reasons():
    """The rows of the table and its header, each column's role and what speaks for it, each reject with its place."""
    found = explain(JUNE.encode(), "june.csv", Hints())
    (table,) = found.sheets[0].tables
    assert (table.header_rows, table.first_row, table.last_row) == ((1,), 2, 9)
    assert [(column.letter, column.role) for column in table.columns] == [("A", "name"), ("B", "unit"), ("C", "main price")]
    assert table.columns[2].evidence[0] == "the title says price (1.00)"
    assert [(row.row, row.reason, row.why) for row in found.rejected] == [
        (5, "duplicate", "repeats csv, row 4"),
        (6, "no_price", "no price in any price column"),
    ]
    assert (found.rows_found, found.rows_written) == (8, 6)


def test_columns_that_prove_each_other_are_named():
    """Two prices of one thing move together, and the second is kept as a tier."""
    (table,) = explain(TWO_PRICES.encode(), "two.csv", Hints()).sheets[0].tables
    assert [column.role for column in table.columns] == ["name", "main price", "other price, kept as a tier"]
    assert "moves together with B" in table.columns[2].evidence


def test_a_list_without_prices_says_how_near_its_columns_come():
    """Nothing is invented: each column with its scores, and why nothing can be read."""
    found = explain(b"Nama;Warna\nMeja;merah\nKursi;biru\nLemari;putih\n", "stock.csv", Hints())
    assert found.failure.startswith("stock.csv: no column of prices")
    assert found.sheets[0].tables == ()
    assert all(column.evidence[-2] == "no price at all" and "wanted" in column.evidence[-1] for column in found.sheets[0].columns)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_draws_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_json: bool):
    """For people and for programs; nothing is kept, and a list that cannot be read ends with 1."""
    monkeypatch.chdir(tmp_path)
    Path("june.csv").write_text(JUNE, "utf-8")
    Path("words.csv").write_text("Meja;merah\nKursi;biru\n", "utf-8")
    ended = CliRunner().invoke(app, ["explain", "june.csv", *(["--json"] * as_json)])
    assert ended.exit_code == 0, ended.output
    if as_json:
        assert json.loads(ended.stdout)["sheets"][0]["tables"][0]["columns"][0]["role"] == "name"
    else:
        assert "Table on rows 2 to 9, header on row 1" in ended.stdout
        assert "no price in any price column" in " ".join(ended.stdout.split())
    assert CliRunner().invoke(app, ["explain", "words.csv"]).exit_code == 1
    assert CliRunner().invoke(app, ["explain", "gone.csv"]).exit_code == 1
    assert not (tmp_path / ".monito").exists()
