"""What people's answers teach of the words of suppliers."""

from monito_ray.catalog.matching.word_habits import NO_HABITS, AnsweredPair, OfferedArticle, WordHabits, learn_habits, usages
from tests.support.articles import article

PLAIN = ["Zarvex Mango", "Zarvex Papaya", "Zarvex Melon"]


def _offered(supplier: str, name: str) -> OfferedArticle:
    return OfferedArticle(supplier, article(name))


def _answers(word: str, *, is_same: bool, count: int = 3) -> list[AnsweredPair]:
    return [AnsweredPair(_offered("A", name), _offered("B", f"{name} {word}"), is_same) for name in PLAIN[:count]]


def _habits(word: str, *, is_same: bool, count: int = 3) -> WordHabits:
    return learn_habits(_answers(word, is_same=is_same, count=count))


def test_a_word_that_a_supplier_adds_to_the_same_goods_says_nothing():
    """After several "same" a word is empty, for that supplier alone."""
    habits = _habits("qorvel", is_same=True)
    assert habits.empty_words(_offered("A", "Zarvex Guava"), _offered("B", "Zarvex Guava qorvel")) == {"qorvel"}
    assert habits.empty_words(_offered("A", "Zarvex Guava qorvel"), _offered("B", "Zarvex Guava")) == set()
    assert habits.empty_words(_offered("A", "Zarvex Guava"), _offered("C", "Zarvex Guava qorvel")) == set()


def test_one_answer_does_not_make_a_word_empty():
    """A single "same" may be chance."""
    habits = _habits("qorvel", is_same=True, count=1)
    assert habits.empty_words(_offered("A", "Zarvex Guava"), _offered("B", "Zarvex Guava qorvel")) == set()


def test_a_word_that_parted_goods_tells():
    """After an "apart" a word tells goods from others, more surely with each; nobody's answer tells nothing."""
    pair = _offered("A", "Zarvex Guava"), _offered("B", "Zarvex Guava qorvel")
    once, often = (_habits("qorvel", is_same=False, count=count).telling(*pair) for count in (1, 3))
    assert 0 < once < often < 1
    assert NO_HABITS.telling(*pair) == 0


def test_the_opposite_answer_takes_back_what_was_taught():
    """As many "apart" as "same" leave a word unknown."""
    habits = learn_habits(_answers("qorvel", is_same=True) + _answers("qorvel", is_same=False))
    pair = _offered("A", "Zarvex Guava"), _offered("B", "Zarvex Guava qorvel")
    assert habits.empty_words(*pair) == set()
    assert habits.telling(*pair) == 0


def test_words_in_each_others_place_are_learned_together():
    """Where both sides have a word left over, it is the pair of words that is learned, and neither word alone."""
    answers = [AnsweredPair(_offered("A", f"{name} qorvel"), _offered("B", f"{name} tusker"), is_same=True) for name in PLAIN]
    habits = learn_habits(answers)
    assert habits.empty_words(_offered("A", "Zarvex Guava qorvel"), _offered("B", "Zarvex Guava tusker")) == {"qorvel", "tusker"}
    assert habits.empty_words(_offered("A", "Zarvex Guava qorvel"), _offered("B", "Zarvex Guava")) == set()


def test_names_of_the_same_words_have_no_usage():
    """Articles whose names are equal teach nothing."""
    assert usages(_offered("A", "Zarvex Guava"), _offered("B", "Guava Zarvex")) == set()
