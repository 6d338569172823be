"""The rows by which a model is tried."""

from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.server.example_rows import EXAMPLE_ROWS, mistakes_of
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import Standard

RIGHT = {
    0: Standard(standardized_name="Sekarwangi milk and strawberry soap", brand="Sekarwangi", category="personal care"),
    1: Standard(standardized_name="Zenitol 5W-40 engine oil", brand="ЗЕНИТОЛ", category="auto parts"),
}


def test_right_answers_are_no_mistakes():
    """Names may be worded in several ways, and a category may be the next one."""
    assert mistakes_of(RIGHT) == []


def test_each_wrong_part_is_a_mistake():
    """What the model took the row for is said; a row without an answer is one, too."""
    wrong = mistakes_of({0: Standard(standardized_name="Strawberry milk", brand="SEKARWANGI", category="dairy & eggs")})
    assert wrong == [
        "'Sabun Mandi SEKARWANGI Susu Strawberry 90gr' is called 'Strawberry milk' and among dairy & eggs",
        "no answer about 'Масло моторное ЗЕНИТОЛ 5W-40 4 л' passes the checks",
    ]


def test_the_examples_are_not_in_the_instructions():
    """A model could copy them from there; and their categories are those of the taxonomy."""
    assert not [example.brand for example in EXAMPLE_ROWS if example.brand in prompts.SYSTEM_MESSAGE]
    assert {category for example in EXAMPLE_ROWS for category in example.categories} <= set(taxonomy.category_names())
