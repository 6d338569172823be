"""What a list says of all its rows."""

from monito_ray.pipeline.products.categories.keywords import ENGLISH_ONLY
from monito_ray.pipeline.products.categories.prevailing import Prevailing, find_prevailing, sampled


def _of(*rows: tuple[str, str, str]) -> Prevailing:
    return find_prevailing(list(rows), ENGLISH_ONLY)


def test_an_empty_list_says_nothing():
    """No rows, no shares."""
    assert _of() == Prevailing()


def test_most_rows_settle_the_others():
    """Where enough of them say what they are."""
    screws = [(f"Wood screw {number}", "", "") for number in range(8)]
    assert _of(*screws, ("Zarvex", "", "")).settled == {"": "hardware"}
    strange = [(f"Zarvex {number}", "", "") for number in range(100)]
    assert _of(*screws, *strange).settled == {}


def test_one_row_of_three_is_no_majority():
    """What the other two are stays open."""
    rows = [("White sugar", "", ""), ("Zarvex", "", ""), ("Plimsu", "", "")]
    assert find_prevailing(rows, ENGLISH_ONLY).settled == {}


def test_a_wider_category_settles_what_its_parts_share():
    """Wines and spirits side by side are a list of alcohol."""
    rows = [("Red wine", "", ""), ("Dry gin", "", ""), ("Cocktail", "", ""), ("Pinot noir", "", ""), ("Rum", "", "")]
    assert _of(*rows).settled == {"": "alcohol"}


def test_a_title_settles_the_rows_below_it():
    """By those that say something."""
    below = [(f"Wood screw {number}", "Zarvex", "") for number in range(4)]
    others = [(f"Cheddar cheese {number}", "", "") for number in range(6)]
    assert _of(*below, *others).settled["Zarvex"] == "hardware"


def test_one_weak_word_settles_no_list():
    """However often it is repeated."""
    tomatoes = [(f"Zarvex tomato {number}", "", "") for number in range(60)]
    screws = [(f"Wood screw {number}", "", "") for number in range(10)]
    assert _of(*tomatoes, *screws).settled == {"": "hardware"}


def test_rows_disprove_a_title():
    """A pipe with shots is no plumbing."""
    below = [(f"Sparkler {number}", "Pipes", "") for number in range(5)]
    assert _of(*below).disproved == {"Pipes"}
    assert _of(*[(name, "Fireworks", "") for name, _, _ in below]).disproved == set()


def test_a_long_list_is_sampled_evenly():
    """From its beginning to its end."""
    rows = [(str(number), "", "") for number in range(10_000)]
    assert len(sampled(rows)) == 2_000
    assert sampled(rows)[-1] == ("9995", "", "")
