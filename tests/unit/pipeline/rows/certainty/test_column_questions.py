"""What a person is asked of a list in doubt."""

from lists import ALIKE

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.chosen_columns import parse_columns
from monito_ray.pipeline.rows.price_list import Hints


def test_columns_that_look_alike_are_asked_about_with_sample_rows():
    """Each choice shows what the rows would be, the one that was taken first, and is what `--columns` takes."""
    certainty = price_list.read_from_sheets(open_sheets(ALIKE.encode(), "f.csv"), "f.csv").certainty
    question = next(question for question in certainty.questions if question.id.endswith(":price"))
    assert [choice.id for choice in question.choices][:2] == ["name=A,price=B", "name=A,price=C"]
    assert "holds the prices?" in question.text
    first = ALIKE.splitlines()[0].split(";")
    assert f"{first[0]} {first[1]}" in question.choices[0].text
    assert parse_columns(question.choices[1].id) == {"name": 0, "price": 2}


def test_what_a_person_chose_is_not_asked_again():
    """Neither a question nor a doubt about columns is left."""
    certainty = price_list.read_from_sheets(open_sheets(ALIKE.encode(), "f.csv"), "f.csv", Hints(columns={"name": 0, "price": 2})).certainty
    assert certainty.questions == ()
    assert not any("as well" in doubt for doubt in certainty.doubts)


def test_a_list_beyond_doubt_asks_nothing():
    """Nobody is bothered."""
    goods = [[f"Beras {n} kg", 12500 + 1730 * n] for n in range(12)]
    assert price_list.read_from_sheets([Sheet("A", [["Nama", "Harga"], *goods])], "f.xlsx").certainty.questions == ()
