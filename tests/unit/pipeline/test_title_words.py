"""Words of titles: how they are split, and what is found among them."""

from monito_ray.pipeline.title_words import find_matches, plain_words, split_words


def test_a_word_broken_by_a_hyphen_is_joined_when_only_that_is_understood():
    """As narrow columns break them."""
    assert split_words("Наимено-\nвание") == ["наименование"]
    assert split_words("Harga-Satuan") == ["harga", "satuan"]


def test_words_that_a_program_joined_are_parted():
    """As keys of records are written."""
    assert split_words("UnitPrice") == ["unit", "price"]
    assert split_words("sale_price") == ["sale", "price"]


def test_vowel_signs_belong_to_their_word():
    """Regular expressions count them as no letters."""
    assert split_words("कीमत / ราคาสินค้า") == ["कीमत", "ราคาสินค้า"]


def test_words_are_understood_without_accents_and_numbers():
    """Typists leave accents away, capitals of some languages lose them, and programs number their columns."""
    assert plain_words(["prix1", "τιμή", "fi̇yat", "năm"]) == ["prix", "τιμη", "fiyat", "nam"]
    assert {match.role for text in ("CODIGO", "ΤΙΜΗ", "Prix2") for match in find_matches(split_words(text))} >= {"sku", "price"}


def test_a_word_for_prices_within_a_phrase_of_another_role_is_left_out():
    """Outside such a phrase it counts."""
    assert {match.role for match in find_matches(["tax", "rate"])} == {"tax"}
    assert "price" not in {match.role for match in find_matches(["id", "precio"])}
    assert {match.role for match in find_matches(["rate", "plus", "tax"])} == {"price", "tax"}


def test_a_tax_within_a_phrase_for_prices_is_left_out():
    """What stands without or with tax is a price."""
    assert {match.role for match in find_matches(["with", "tax"])} == {"price"}
    assert "tax" in {match.role for match in find_matches(["tax", "with"])}
