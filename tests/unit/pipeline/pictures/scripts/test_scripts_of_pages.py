"""Numbers of pages in Cyrillic letters."""

import numpy as np
import pytest

from monito_ray.pipeline.pictures.scripts.scripts_of_pages import (
    _begin_of_figures,
    is_whole_number,
    number_with_words,
    with_litres,
    without_words,
)
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText


@pytest.mark.parametrize(
    ("seen", "kept"),
    [("1 342,42 py6.", "1 342,42"), ("58,40 ", "58,40"), ("9,67py6", ""), ("Rp 12.500", "12.500"), ("706,96 P", "706,96")],
)
def test_a_word_that_was_taken_for_figures_is_no_part_of_a_number(seen: str, kept: str):
    """The network knows no Cyrillic letter: "руб." is "py6." to it; a number that it cannot part from the word is none."""
    line = SeenText(tuple(SeenChar(char, n / len(seen), 1.0) for n, char in enumerate(seen)))
    assert without_words(line).text.strip() == kept


@pytest.mark.parametrize(
    ("seen", "heights", "is_whole"),
    [
        ("2 043,17", 3.6, True),
        ("2 043,17", 6.0, False),
        ("17", 1.0, True),
        ("17", 2.5, False),
        ("  17", 1.5, False),
        ("12 kg", 2.0, False),
        ("", 1.0, False),
    ],
)
def test_figures_that_do_not_fill_their_line_have_a_word_beside_them(seen: str, heights: float, is_whole: bool):
    """One in Cyrillic letters, which the network leaves out: such lines are read by Tesseract, too."""
    line = SeenText(tuple(SeenChar(char, n / max(len(seen), 1), 0.99) for n, char in enumerate(seen)))
    assert is_whole_number(line, np.zeros((48, round(48 * heights), 3), np.uint8)) == is_whole


@pytest.mark.parametrize(
    ("network", "tesseract", "together"),
    [
        ("2 043,17     ", "2043,17 руб.", "2 043,17 руб."),
        ("1 958,44 P", "1 958,44 P", "1 958,44 Р"),
        ("12,50", "12,60 руб.", "12,50"),
        ("9,67py6", "9,67 руб", ""),
    ],
)
def test_a_number_is_the_networks_and_its_words_are_tesseracts(network: str, tesseract: str, together: str):
    """Where both see the same figures; a Latin letter that looks like the rouble's sign is that."""
    lines = [SeenText(tuple(SeenChar(char, n / len(seen), 0.99) for n, char in enumerate(seen))) for seen in (network, tesseract)]
    assert number_with_words(*lines).text.strip() == together


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("Krim Kental 1 I", "Krim Kental 1 l"), ("Krim 1I", "Krim 1l"), ("Oil 2| 45.000", "Oil 2l 45.000"), ("Type II", "Type II"), ("1 Ikan", "1 Ikan"), ("12 || 5", "12 || 5")],
)  # fmt: skip
def test_a_stroke_behind_a_figure_is_a_litre(seen: str, meant: str):
    """Alone it is no word and no unit; as a part of one it stays."""
    assert with_litres(SeenText(tuple(SeenChar(char, n / len(seen), 0.9) for n, char in enumerate(seen)))).text == meant


@pytest.mark.parametrize(
    ("seen", "certainty", "begin"),
    [
        ("Сыр Белый 500 г", 1.0, 9 / 15),
        ("500 г", 0.9, 0.0),
        ("Сыр Белый", 1.0, None),
        ("Сыр Белый збВ", 0.9, 0.0),
    ],
)
def test_the_network_reads_a_name_from_its_first_figure_on(seen: str, certainty: float, begin: float | None):
    """All of it where the last word may be a figure that Tesseract took for letters."""
    assert _begin_of_figures(SeenText(tuple(SeenChar(char, n / len(seen), certainty) for n, char in enumerate(seen)))) == begin
