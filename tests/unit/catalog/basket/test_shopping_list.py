"""Lists of articles and amounts."""

from decimal import Decimal

import pytest

from monito_ray.catalog.basket.shopping_list import parse_basket_line, read_basket
from monito_ray.pipeline.cells import Sheet


@pytest.mark.parametrize(
    ("text", "article", "amount", "unit"),
    [
        ("10 kg bawang merah", "bawang merah", "10", "kg"),
        ("telur 5 tray", "telur", "5", "tray"),
        ("2 x minyak goreng 2L", "minyak goreng 2L", "2", ""),
        ("2x minyak goreng 2L", "minyak goreng 2L", "2", ""),
        ("minyak goreng 2L", "minyak goreng", "2", "l"),
        ("- kentang 3kg", "kentang", "3", "kg"),
        ("1. beras 50 kg", "beras", "50", "kg"),
        ("• alpukat: 4 kg", "alpukat", "4", "kg"),
        ("cola 330 ml x 24", "cola 330 ml", "24", ""),
        ("cola 330 ml 24 pcs", "cola 330 ml", "24", "pcs"),
        ("1,5 кг помидоры", "помидоры", "1.5", "kg"),
        ("1/2 kg jahe", "jahe", "0.5", "kg"),
        ("3 alpukat", "alpukat", "3", ""),
        ("5 dus mie instan", "mie instan", "5", "carton"),
        ("garam", "garam", "1", ""),
        ("7up 12 can", "7up", "12", "can"),
        ("3 besar alpukat", "besar alpukat", "3", ""),
        ("gula pasir 2", "gula pasir", "2", ""),
    ],
)
def test_a_line_has_an_article_and_its_amount(text: str, article: str, amount: str, unit: str):
    """A number in front, else one at the end; a size beside another amount belongs to the article."""
    line = parse_basket_line(text)
    assert line is not None
    assert (line.article, line.amount, line.unit) == (article, Decimal(amount), unit)


@pytest.mark.parametrize("text", ["", "  ", "---", "12", "* 3"])
def test_a_line_without_words_names_no_article(text: str):
    """It is left out."""
    assert parse_basket_line(text) is None


def test_a_table_is_read_by_its_titles():
    """In any language of titles and order of columns; the size belongs to the article, a row without a name is none."""
    rows = [
        ["Order"],
        ["Satuan", "Nama barang", "Ukuran", "Jumlah"],
        ["kg", "Bawang merah", "", 1000000.0],
        ["", "", "", ""],
        ["", "Bimoli", "2 l", "3 pcs"],
    ]
    lines = read_basket([Sheet("Sheet1", [[*row, *[""] * (4 - len(row))] for row in rows])])
    assert [(line.article, line.amount, line.unit) for line in lines] == [("Bawang merah", 1_000_000, "kg"), ("Bimoli 2 l", 3, "pcs")]


def test_a_table_without_titles_is_read_as_lines():
    """Its cells in running order are what a person would write."""
    lines = read_basket([Sheet("csv", [["Bawang merah", "10", "kg"], ["5", "tray", "telur"]])])
    assert [(line.article, line.amount, line.unit) for line in lines] == [("Bawang merah", 10, "kg"), ("telur", 5, "tray")]
