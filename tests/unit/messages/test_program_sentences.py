"""Sentences of the program in another language: each that the program makes has words there, with the values in their places."""

from decimal import Decimal

import pytest
from code_sentences import sentences_in

from monito_ray.catalog.prices.suspicions import price_jump
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.program_sentences import say_doubt, say_pair_reason, say_suspicion
from monito_ray.pipeline.rows.readings.picture_doubts import (
    FIGURE_BEFORE,
    LONE_PRICE,
    NOT_FITTING,
    PRICED_TITLE,
    REPEATED_NAME,
    REPEATED_PRICE,
)
from monito_ray.records import PRICE_OF_PICTURE

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


#: Where the sentences are made that stand in a list's result, beside a row or between two offers.
_MAKERS = (
    "catalog/prices/suspicions.py", "catalog/matching/*.py", "catalog/questions/*.py", "pipeline/rows/certainty/*.py", "pipeline/rows/sheet_copies.py",
    "pipeline/lines/names_beside.py", "pipeline/lines/block_names.py", "pipeline/lines/amount_roles/*.py", "pipeline/rows/price_list.py", "pipeline/rows/price_cells.py", "pipeline/rows/readings/*.py", "pipeline/pictures/second_look.py",
    "pipeline/pictures/picture_files.py", "pipeline/cells.py", "pipeline/products/doubts.py", "pipeline/products/measuring/base_prices.py", "steps/read.py",
    "steps/finish.py",
)  # fmt: skip
#: Sentences that are put together of parts, each with one that comes out.
_EXAMPLES = {
    "{} its last price: {}": "10 times its last price: 17,000 → 170,000",
    "the price of {}? {}: {}": "the price of one piece? its last price: 48,000 → 2,000",
    "{} of the other price: {}": "one tenth of the other price: 48,000 → 4,800",
    "Sheet {}: {} longer than {} characters and cut there": "Sheet A: 2 cells are longer than 32,767 characters and cut there",
    "Sheet {}, column {}: {} formulas have no value in the file; {}": "Sheet A, column C: 3 formulas have no value in the file; open the file in a spreadsheet program, save it there and send it again",
    "{} far from the others, near {}: {} ({}){}": "The list, column C: 1 price is far from the others, near 18,000: '1' (row 6)",
    "{}: {} of {} lines with an amount have no name and gave no offer": "The text: 3 of 9 lines with an amount have no name and gave no offer",
    "1 cell looks like a price and was": "Sheet A, column C: 1 cell looks like a price and was not read (row 3)",
    "{} cells look like prices and were": "Sheet A, column C: 4 cells look like prices and were not read (rows 3 to 9)",
    "1 amount looks like a price and was": "The text: 1 amount looks like a price and was not read",
    "{} amounts look like prices and were": "The text: 2 amounts look like prices and were not read",
    "{}, column {}{}: {} not read ({})": "Sheet A, column C (Old): 4 cells look like prices and were not read (rows 3 to 9)",
    "{} of {} rows {} no price": "Sheet A: 4 of 9 rows have no price",
    "{}{}: the price of {} could not be read, such as {}": "Sheet A: the price of 2 of 9 lines could not be read, such as 'x'",
    "{} on which another one stands beside no name, so it may belong to the line above or below": LONE_PRICE,
    "{}, and is written unlike the others": f"{PRICE_OF_PICTURE}, and is written unlike the others",
    "{} on which one stands beside the title of a column, so it may belong to the line above or below": PRICED_TITLE,
    "{}, and the figure before it may belong to it": FIGURE_BEFORE,
    "{} that shows it once for several rows, so it may belong to one of them alone": REPEATED_PRICE,
    "{}, and does not fit the other amounts on its row": NOT_FITTING,
    "{} that shows this name once for several prices, so it may belong to another one": REPEATED_NAME,
    "{}, and is far from the others": f"{PRICE_OF_PICTURE}, and is far from the others",
    "the picture may say {}": f"{PRICE_OF_PICTURE}: the picture may say 45.000",
    "the picture is not clear": f"{PRICE_OF_PICTURE}: the picture is not clear",
    "a digit in the picture is not clear": f"{PRICE_OF_PICTURE}: a digit in the picture is not clear",
    "the page is bent, so it may belong to the line above or below": f"{PRICE_OF_PICTURE}: the page is bent, so it may belong to the line above or below",
    "is a picture without text that can be read": "Page 2: is a picture without text that can be read",
    "repeats page {} and was read once": "Page 3: repeats page 1 and was read once",
    "more pictures of pages than the {} that are read of a file": "Page 21: more pictures of pages than the 20 that are read of a file",
    "open the file in a spreadsheet program, save it there and send it again": "Sheet A, column C: 3 formulas have no value in the file; open the file in a spreadsheet program, save it there and send it again",
    "The LLM says that both are one.": "Their numbers repeat otherwise. The LLM says that both are one.",
    'The LLM says that "{}" tells them apart.': 'Their numbers repeat otherwise. The LLM says that "premium" tells them apart.',
}
#: Texts that no chat shows as they stand: why offers are one product or two beyond question; questions and errors, which have texts of their own; what `explain` says.
_NOT_IN_CHATS = frozenset(
    {
        "Their sizes differ: {} and {}.", "One price is for {} pieces, the other for {}.", "One is sold by the {}, the other in pieces of {}.",
        "One is sold by the {}, the other by the {}.", "Only one of them has a plus sign.", "Numbers in their names differ: {} and {}.",
        "Numbers in their names stand in another order: {} and {}.", 'Numbers in their names belong to other words: {} and {} to "{}".', "One is {}, the other {}.", "One price is for a {}, the other for a {}.",
        'Only one of them is "{}".', "Codes in their names differ: {} and {}.", "Their names have the same words.", "Their names mean the same in English.",
        "One of them has the other's name beside its own.", "Their names are the same but for a word that says little.",
        "Their names are the same but for a word that is abbreviated or spelled otherwise.", "Their names are the same but for the spelling of a word.",
        "They have one barcode: {}.", "They have one article number: {}.", "Their names have no word in common.",
        "Which column of {} holds the prices?", "Which column of {} holds the names?",
        "as {} {} leads {} by {} points", "as {} {} has {} points more than {}, which its title or place made the choice",
        "Split the list, and send its parts.",
        "{}: no column of prices, and no lines with prices, on any sheet (looked at: {}){}", "{}: has no sheet {}; its sheets are: {}",
        "{} rows found, {} written, {} rejected, {} duplicate", "{}: the rows do not add up: {}",
    }
)  # fmt: skip


#: Parts of sentences, which stand in an example above, and names of categories.
_PARTS = frozenset(
    {
        "a pack of {}", "its last price", "the other price", "the other prices", ", such as line {}, {}", "; without that, {} would be taken",
        "{} was read as ", "desserts & ice cream", "frozen & ready meals", "nuts & dried fruit",
    }
)  # fmt: skip


def _is_said(sentence: str) -> bool:
    """Return whether a sentence has words in both languages, by itself or behind its place."""
    return all(
        any(say(Messages(language), place + sentence) for say in (say_doubt, say_suspicion, say_pair_reason) for place in ("", "Page 1: "))
        for language in ("id", "ru")
    )


@pytest.mark.parametrize("maker", _MAKERS)
def test_every_sentence_of_the_code_has_words_in_every_language(maker: str):
    """Who writes a new one gives it a template in `program_sentences`; else who does not read English would not be told."""
    sentences = set(sentences_in(maker)) - _NOT_IN_CHATS - _PARTS
    assert [
        text for text in sorted(sentences) if not _is_said(_EXAMPLES.get(text, text.replace("{}: ", "Page 1: ", 1).replace("{}", "X7")))
    ] == []


def test_what_is_said_of_sentences_here_is_of_sentences_that_there_are():
    """An example of a sentence that was changed says nothing of the new one."""
    in_code = {text for maker in _MAKERS for text in sentences_in(maker)}
    assert (set(_EXAMPLES) | _NOT_IN_CHATS | _PARTS) - in_code == set()


def test_what_has_no_words_is_left_out():
    """A reader of another language reads no English."""
    assert say_doubt(Messages("ru"), "Sheet A: the moon is full") == ""
    assert say_doubt(Messages("en"), "Sheet A: the moon is full") == "Sheet A: the moon is full"
