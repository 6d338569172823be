"""Which words a misspelt word stands for."""

import pytest

from monito_ray.catalog.search.similar_words import similar_words

WORDS = "minyak goreng broccoli brokoli tomato tomat susu sushi lemon melon egg eggplant mozzarella butter batter bimoli bimolli".split()


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("minyk", ["minyak"]),
        ("mniyak", ["minyak"]),
        ("tomatto", ["tomato"]),
        ("brocolli", ["broccoli", "brokoli"]),
        ("mozzerela", ["mozzarella"]),
        ("xyzzy", []),
        ("egx", []),
    ],
)
def test_a_misspelt_word_stands_for_the_nearest_words(word: str, others: list[str]):
    """Letters may be wrong, missing, too many or swapped, in long words two; short words stand for themselves."""
    assert similar_words(word, WORDS) == others


@pytest.mark.parametrize("word", ["lemon", "susu", "egg"])
def test_two_words_of_the_trade_are_two_things(word: str):
    """However near they are."""
    assert similar_words(word, WORDS) == []


def test_a_right_word_finds_its_wrong_spellings():
    """A list may misspell what a person types right."""
    assert similar_words("broccoli", ["brocolli", "brokoli"]) == ["brocolli"]
