"""Words and runs of text from characters."""

from papers import COLUMNS, GOODS, HEADER, Paper, pdf, ruled_table
from pdf_reading import line, rows_of, runs_of

from monito_ray.pipeline.pdf.words import join_lone_currencies


def test_currency_far_from_its_number_is_one_cell():
    """Accounting formats set the sign left and the digits right."""
    page = Paper()
    for i, (name, digits) in enumerate([("Coconut oil", "45.000"), ("Palm sugar", "28.500"), ("Sea salt", "9.750")]):
        page.row(100 + 16 * i, [(40, name), (300, "Rp"), (380 - 5 * len(digits), digits)])
    assert rows_of(pdf(page)) == [["Coconut oil", "Rp 45.000"], ["Palm sugar", "Rp 28.500"], ["Sea salt", "Rp 9.750"]]


def test_kerning_does_not_split_a_price():
    """Digits that are moved by a fifth of an em stay one number."""
    page = ruled_table([HEADER, *GOODS]).grid(COLUMNS, [180, 200])
    page.row(193, [(43, "4"), (73, "Rice"), (263, "5 kg")]).text(333, 193, "", spread="(Rp 9) -120 (0.) -150 (000)")
    assert rows_of(pdf(page))[-1] == ["4", "Rice", "5 kg", "Rp 90.000"]


def test_annotation_covers_the_price_beneath():
    """What a person laid over the page is what the page says."""
    page = ruled_table([HEADER, *GOODS]).note(331, 141, 419, 159, "30.250")
    assert [row[3] for row in rows_of(pdf(page))] == ["Price", "Rp 45.000", "30.250", "Rp 9.750"]


def test_dots_between_name_and_price_part_them():
    """Leaders are no text of either."""
    page = Paper()
    for i, (_, name, _, price) in enumerate(GOODS):
        page.text(40, 100 + 14 * i, name + "." * (70 - len(name)) + price)
    assert rows_of(pdf(page)) == [[name, price] for _, name, _, price in GOODS]


def test_words_a_space_apart_are_one_run_and_wider_gaps_part_runs():
    """A run holds the words of a text; what stands farther away is another text."""
    assert [run.text for run in runs_of(Paper().text(40, 100, "Coconut oil").text(200, 100, "500 ml"))] == ["Coconut oil", "500 ml"]


def test_text_printed_twice_to_look_bold_is_one_run():
    """Some programs print a text again, moved by a fraction of a point."""
    assert [run.text for run in runs_of(Paper().text(40, 100, "OILS").text(40.3, 100, "OILS"))] == ["OILS"]


def test_a_sign_is_joined_with_the_number_on_its_right_alone():
    """A currency before a name, or behind its number, stays where it is."""
    joined = join_lone_currencies(line((0, "Rp"), (80, "45.000"), (160, "Rp"), (240, "Coconut oil")))
    assert [run.text for run in joined] == ["Rp 45.000", "Rp", "Coconut oil"]


def test_letters_set_apart_are_words():
    """Headings are set with a blank between letters, and more between words; numbers are not."""
    assert [run.text for run in runs_of(Paper().text(40, 100, "W I N E   L I S T"))] == ["WINE LIST"]
    assert [run.text for run in runs_of(Paper().text(40, 100, "S 3 M 4 L 5"))] == ["S 3 M 4 L 5"]
