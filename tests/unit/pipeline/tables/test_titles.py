"""What titles say: the role of a column, and which of several prices."""

import pytest

from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title, split_words


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Harga", "price"),
        ("Nama Barang", "name"),
        ("Цена за кг", "price"),
        ("Price/Unit", "price"),
        ("Satuan", "unit"),
        ("Kode", "sku"),
        ("Zorblax", ""),
        ("", ""),
        ("01.06.2026", "price"),  # a column of a history
        ("Discount price %", "price"),
        ("Dear customers, please note that our prices may change at any time without prior notice of ours", ""),
    ],
)
def test_a_title_names_its_role(text: str, role: str):
    """In any language; sentences name none."""
    assert parse_title(text).role == role


@pytest.mark.parametrize(("text", "is_clear"), [("Harga", True), ("Nama Barang", True), ("01.06.2026", False), ("Zorblax", False)])
def test_a_clear_title_is_taken_at_its_word(text: str, *, is_clear: bool):
    """A date over a column is not: rows have dates, too."""
    assert parse_title(text).is_clear is is_clear


def test_a_price_outweighs_what_it_is_combined_with():
    """The unit is still heard, by half."""
    title = parse_title("Price/Unit")
    assert title.roles["price"] > title.roles["unit"] > 0


def test_a_phrase_fits_better_than_its_words_among_others():
    """And a title that is nothing else fits best."""
    assert parse_title("Harga").strength > parse_title("Harga baru sekali").strength >= 0.5


@pytest.mark.parametrize(
    ("text", "tier"),
    [("Harga", 1), ("Harga eceran", 0), ("Harga grosir", 2), ("Harga grosir karton", 3), ("Old retail price", 4), ("Розничная цена", 0)],
)
def test_the_farthest_from_one_piece_today_gives_the_tier(text: str, tier: int):
    """Retail, then wholesale, then carton, then old."""
    assert parse_title(text).tier == tier


def test_a_word_broken_by_a_hyphen_is_joined_when_only_that_is_understood():
    """As narrow columns break them."""
    assert split_words("Наимено-\nвание") == ["наименование"]
    assert split_words("Harga-Satuan") == ["harga", "satuan"]


def test_strength_besides_a_role_is_that_of_the_best_other():
    """0 without another."""
    title = parse_title("Price/Unit")
    assert title.strength_besides("price") == title.roles["unit"]
    assert title.strength_besides("unit") == title.roles["price"]
    assert NO_TITLE.strength_besides("price") == 0.0
