"""Sentences of the program in another language: each that the program makes has words there, with the values in their places."""

from decimal import Decimal

import pytest

from monito_ray.catalog.prices.suspicions import price_jump
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.program_sentences import say_doubt, say_pair_reason, say_suspicion

ENGLISH = ("price", "other", "their", "which", "column", "row", "piece", "only one", "the ")


@pytest.mark.parametrize("language", ["id", "ru"])
@pytest.mark.parametrize(
    "sentence",
    [
        price_jump([Decimal(17_000)], Decimal(170_000)),
        price_jump([Decimal(170_000)], Decimal(17_000)),
        price_jump([Decimal(17_000)], Decimal(119_000)),
        price_jump([Decimal(119_000)], Decimal(17_000)),
        "the price of one piece? the other price: 48,000 → 2,000",
        "the price of a pack of 24? the other prices: 2,000 → 48,000",
        "priced per pcs, the others per kg",
        "below half of all 3 other prices: 20,000 → 8,000",
        "over 4 times all 2 other prices: 20,000 → 95,000",
        "less than 1% of the other price: 90,000 → 500",
    ],
)
def test_a_suspicion_is_said_in_the_readers_language(sentence: str, language: str):
    """Amounts are written as there; English stays as it is."""
    assert sentence
    text = say_suspicion(Messages(language), sentence)
    assert text
    assert not any(word in text for word in ENGLISH)
    assert "17,000" not in text
    assert say_suspicion(Messages("en"), sentence) == sentence


@pytest.mark.parametrize("language", ["id", "ru"])
@pytest.mark.parametrize(
    "sentence",
    [
        'Only one of them says "premium".',
        'Is "ayam" the same as "bebek"? The LLM says that both are one.',
        "Only one of them says its content: by the kg.",
        "Is the price for a piece or for a carton?",
        'The LLM says that "kampung" tells them apart.',
        "Their barcodes differ: 899 and 898.",
    ],
)
def test_why_two_offers_are_not_surely_one_is_said_in_the_readers_language(sentence: str, language: str):
    """Words of the offers stay as they are written."""
    text = say_pair_reason(Messages(language), sentence)
    assert text
    assert not any(word in text for word in ENGLISH)


@pytest.mark.parametrize("language", ["id", "ru"])
@pytest.mark.parametrize(
    "sentence",
    [
        "The list, column C: 2 prices are far from the others, near 18,000: '41,500' was read as 41.5 for 'Row of cakes' (row 6), see also row 9",
        "Sheet Harga, column F (Old): 12 cells look like prices and were not read (rows 3 to 15)",
        "Page 3: names look like sizes, codes or amounts, such as '12x5'",
        "sheet 'A' repeats sheet 'B' and was read once",
        "The list: no title and no currency says that these are prices; they may be points, counts or other figures",
    ],
)
def test_a_doubt_is_said_in_the_readers_language(sentence: str, language: str):
    """Rows, columns and words between them, too; what stands in quotes is the list's."""
    text = say_doubt(Messages(language), sentence)
    assert text
    own = text.replace("'Row of cakes'", "")
    assert not any(f" {word.strip()} " in f" {own} " for word in (*ENGLISH, "was read as", "for", "see also"))


def test_what_has_no_words_is_left_out():
    """A reader of another language reads no English."""
    assert say_doubt(Messages("ru"), "Sheet A: the moon is full") == ""
    assert say_doubt(Messages("en"), "Sheet A: the moon is full") == "Sheet A: the moon is full"
