"""The category of a row."""

import pytest

from monito_ray.pipeline.products.categories.category_choice import CategoryRule, RowTexts, category_of_english, choose_category
from monito_ray.pipeline.products.categories.keywords import ENGLISH_ONLY, HEADS_FIRST
from monito_ray.pipeline.products.categories.prevailing import Prevailing
from monito_ray.pipeline.products.taxonomy import OTHER

TEXTS = [
    (RowTexts("Zarvex", "Sauces", ""), "sauces & condiments"),
    (RowTexts("Zarvex", "", "Paint"), "paint"),
    (RowTexts("Zarvex", "Tyres", "Paint"), "paint"),
    (RowTexts("Zarvex soap", "Sauces", "Paint"), "paint"),
    (RowTexts("Zarvex soap", "Sauces", ""), "personal care"),
    (RowTexts("Zarvex grape", "Drinks", ""), "beverages"),
    (RowTexts("Zarvex", "Plimsu", "Narro"), OTHER),
]


@pytest.mark.parametrize(("row", "category"), TEXTS)
def test_the_lists_own_category_goes_first(row: RowTexts, category: str):
    """Then what the name says the goods are, then the title above, then flavours in the name."""
    assert choose_category(row, ENGLISH_ONLY, Prevailing())[0] == category


def test_texts_that_agree_are_surer():
    """Less than all has a title alone; without a word that tells a category no rule applies."""
    rows = (RowTexts("Zarvex soap", "Soap"), RowTexts("Zarvex soap"), RowTexts("Zarvex", "Soap"), RowTexts("Zarvex"))
    order = list(CategoryRule)
    ranks = [order.index(choose_category(row, ENGLISH_ONLY, Prevailing())[1]) for row in rows]
    assert ranks == sorted(ranks)
    assert order[ranks[-1]] is CategoryRule.NO_RULE


def test_a_row_that_says_nothing_is_what_prevails():
    """Below its title, else in the list."""
    prevailing = Prevailing(settled={"": "books", "Zarvex": "tools"})
    assert choose_category(RowTexts("Plimsu", "Zarvex"), ENGLISH_ONLY, prevailing)[0] == "tools"
    assert choose_category(RowTexts("Plimsu", "Narro"), ENGLISH_ONLY, prevailing)[0] == "books"


def test_the_list_decides_between_meanings():
    """A brush is make-up among creams, and a tool elsewhere."""
    make_up = Prevailing(1.0, {"cosmetics & skin care": 1.0}, {"hb": 1.0})
    assert choose_category(RowTexts("Кисть"), ENGLISH_ONLY, make_up)[0] == "cosmetics & skin care"
    assert choose_category(RowTexts("Кисть"), ENGLISH_ONLY, Prevailing(1.0, {"tools": 1.0}, {"ha": 1.0}))[0] == "tools"


def test_a_disproved_title_counts_less_than_the_name():
    """And nothing else than the title says what the row is."""
    prevailing = Prevailing(disproved=frozenset({"Pipes"}))
    assert choose_category(RowTexts("Zarvex grape juice", "Pipes"), ENGLISH_ONLY, prevailing)[0] == "beverages"


def test_an_english_name_stands_by_itself():
    """It has a category without a list."""
    assert category_of_english("Wood screw")[0] == "hardware"
    assert category_of_english("Zarvex") == (OTHER, CategoryRule.NO_RULE)


def test_a_weak_word_says_nothing_against_a_whole_list():
    """A cream in a list of medicines is one of them."""
    medicines = Prevailing(0.9, {"pharmacy": 1.0}, {"hb": 1.0}, settled={"": "pharmacy"})
    assert choose_category(RowTexts("Zarvex cheese plimsu"), ENGLISH_ONLY, medicines)[0] == "pharmacy"
    assert choose_category(RowTexts("Zarvex screwdriver"), ENGLISH_ONLY, medicines)[0] == "tools"


def test_heads_stand_first_in_an_order_guide():
    """A pizza sauce is none of the pizzas."""
    assert choose_category(RowTexts("Sauce pizza"), (*ENGLISH_ONLY, HEADS_FIRST), Prevailing())[0] == "sauces & condiments"
