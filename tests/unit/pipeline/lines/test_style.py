"""How a text writes its prices."""

from monito_ray.pipeline.lines import style
from monito_ray.pipeline.prices import Convention


def test_the_decimal_mark_and_own_marks_are_learned_from_all_lines():
    """Three lines with the same letters beside their numbers show what the list writes for money."""
    decimals, own = style.written_marks(["Cake P280,50", "Pie P120,00", "Bun P90,25", "Tea 12 g"])
    assert decimals == Convention.COMMA
    assert own.before == {"P"}


def test_numbers_in_a_row_are_prices_of_their_own():
    """Groups of digits that rise are prices of sizes; those that end in noughts are thousands."""
    assert style.are_numbers_apart(["Banana 95 120", "Melon 95 120", "Cocoa 95 130"])
    assert not style.are_numbers_apart(["Crab 2 500", "Caviar 4 000", "Fish 3 800"])


def test_a_word_that_labels_numbers_again_and_again_is_no_price():
    """But words for prices are, and a list has other numbers left."""
    assert style.number_labels(["Stk: 3 Cola 50", "Stk: 9 Soda 40", "Stk: 1 Tea 30"]) == {"stk"}
    assert style.number_labels(["Price: 3", "Price: 9", "Price: 1"]) == frozenset()


def test_thousands_have_blanks_where_a_mark_says_so():
    """Without one a count may stand before the price."""
    assert style.are_thousands_spaced(["Tea 1 200,50 ₽", "Salt 45,10"])
    assert not style.are_thousands_spaced(["Tea\t5 120,50", "Salt\t45,10", "Rice\t43,17"])
