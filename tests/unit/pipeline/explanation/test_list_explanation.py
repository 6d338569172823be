"""Why a list is read as it is."""

import pytest
from lists import ALIKE, JUNE

from monito_ray.pipeline.explanation.column_explanation import ExplainedTerm
from monito_ray.pipeline.explanation.list_explanation import _REASON_TEXTS, explain
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.pipeline.tables.name_evidence import NAME
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.records import Reason

TWO_PRICES = "Nama;Eceran;Grosir\n" + "".join(f"Barang {n * 7919 % 100} kg;{n * n * 175 + 500};{n * n * 160 + 500}\n" for n in range(1, 13))


def test_tables_columns_and_rejects_have_their_reasons():
    """The rows of the table and its header, each column's role and what speaks for it, each reject with its row."""
    made = explain(JUNE.encode(), "june.csv", Hints())
    (table,) = made.sheets[0].tables
    assert (table.header_rows, table.first_row, table.last_row) == ((1,), 2, 9)
    assert [(column.letter, column.role) for column in table.columns] == [("A", "name"), ("B", "unit"), ("C", "main price")]
    assert table.columns[2].evidence[0] == "the title says price (1.00)"
    assert [(row.row, row.reason, row.why) for row in made.rejected] == [
        (5, "duplicate", "repeats csv, row 4"),
        (6, "no_price", "no price in any price column"),
    ]
    assert (made.rows_found, made.rows_written) == (8, 6)


def test_every_reason_of_a_reject_has_its_text():
    """Whatever a row is rejected for, it is explained in words."""
    assert set(_REASON_TEXTS) == set(Reason)


def test_columns_that_prove_each_other_are_named():
    """Two prices of one thing move together, and the second is kept as a tier."""
    (table,) = explain(TWO_PRICES.encode(), "two.csv", Hints()).sheets[0].tables
    assert [column.role for column in table.columns] == ["name", "main price", "other price, kept as a tier"]
    assert "moves together with B" in table.columns[2].evidence


def test_a_list_without_prices_says_how_near_its_columns_come():
    """Nothing is invented: each column with its scores, and why nothing can be read."""
    made = explain(b"Nama;Warna\nMeja;merah\nKursi;biru\nLemari;putih\n", "stock.csv", Hints())
    assert made.failure.startswith("stock.csv: no column of prices")
    assert made.sheets[0].tables == ()
    assert all(column.evidence[-2] == "no price at all" and "wanted" in column.evidence[-1] for column in made.sheets[0].columns)


def test_scores_say_what_was_weighed_and_what_is_needed():
    """The points of a column are the sum of its terms; roles that it cannot have are left out."""
    (table,) = explain(TWO_PRICES.encode(), "two.csv", Hints()).sheets[0].tables
    name, price = table.columns[0].scores, table.columns[1].scores
    wanted = [("name", NAME.floor), ("price", PRICE_COLUMNS.titled_floor), ("main price", price[1].points)]
    assert [(score.role, score.floor) for score in (*name, *price)] == wanted
    assert price[0].points == pytest.approx(sum(term.points for term in price[0].terms))
    assert ExplainedTerm("moves together with another column", PRICE_COLUMNS.moves_together) in price[0].terms
    assert all(term.points for term in price[0].terms)


def test_a_doubt_says_how_near_the_columns_are():
    """And how far ahead one would have to be."""
    (table,) = explain(ALIKE.encode(), "alike.csv", Hints()).sheets[0].tables
    assert table.doubt == "column C may be the price instead of column B"
    assert table.leads == ("as prices B leads C by 0.12 points, in doubt below 0.6",)
    assert [column.role for column in table.columns] == ["name", "main price", "may be the price, too"]


def test_doubts_unread_amounts_and_the_next_reading_are_explained():
    """Whoever looks sees what may be wrong, what was not read, and what comes next."""
    goods = [
        f"{name};{12_500 + 730 * (n * 5 % 6)};;Rp {9_100 + 455 * (n * 7 % 5)}"
        for n, name in enumerate(("Beras", "Gula", "Kopi", "Teh", "Kecap", "Susu"))
    ]
    explained = explain("\n".join(["Nama;Harga;;", *goods]).encode(), "f.csv", Hints())
    assert explained.unread_count == len(goods)
    assert explained.unread_amounts[0].text == "Rp 9100"
    assert explained.doubts
    assert 0 < explained.predicted_share < 1
    assert any("as prices B leads" in sentence for sentence in explained.sheets[0].tables[0].runners_up)
