"""What a person looks for."""

import pytest

from monito_ray.catalog.search.query import PhraseKind, read_query, without_question


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("harga telur berapa?", "telur"),
        ("Berapa harga minyak goreng 2 liter kak", "minyak goreng 2 liter"),
        ("siapa yang jual alpukat?", "alpukat"),
        ("how much is butter?", "butter"),
        ("price of milk", "milk"),
        ("почем яйца", "яйца"),
        ("Сколько стоит сахар?", "сахар"),
        ("¿cuánto cuesta el arroz?", "el arroz"),
        ("telur", "telur"),
        ("pricey cake", "pricey cake"),
    ],
)
def test_words_of_questions_are_not_looked_for(question: str, words: str):
    """What stands around the goods in a question goes; parts of words stay."""
    assert without_question(question).strip("¿ ") == words


def test_a_query_of_question_words_alone_stays():
    """Nothing is worse than what was typed."""
    assert without_question("harga") == "harga"


@pytest.mark.parametrize("query", ["alpukat", "aguacate", "avocado", "авокадо", "aguacates", "Alpukat!"])
def test_a_word_is_looked_for_in_english_too(query: str):
    """In every language of the glossary, also in a number that it does not have."""
    assert any(frozenset({"avocado"}) in phrase.ways for reading in read_query(query) for phrase in reading)


def test_words_that_the_glossary_has_together_are_one_phrase():
    """Its ways are the words as written and those of the English."""
    ((phrase,),) = read_query("cabe rawit")
    assert phrase.written == "cabe rawit"
    assert frozenset({"bird", "eye", "chili"}) in phrase.ways


def test_sizes_and_numbers_are_phrases_of_their_own():
    """Equal sizes are one term; an article number is looked for whole and in parts."""
    (reading,) = read_query("bimoli 2000ml")
    assert [phrase.kind for phrase in reading] == [PhraseKind.WORD, PhraseKind.SIZE]
    assert reading[1].ways == read_query("bimoli 2 L")[0][1].ways
    ((number,),) = read_query("UDA-211")
    assert set(number.ways) == {frozenset({"uda", "211"}), frozenset({"uda211"})}


def test_little_words_are_not_looked_for():
    """Prepositions are no goods; where nothing else is there, they stay."""
    assert [phrase.written for phrase in read_query("oil for salad")[0]] == ["oil", "salad"]
    assert read_query("for")


@pytest.mark.parametrize("query", ["", "   ", "--- %", "?"])
def test_a_query_without_words_has_no_reading(query: str):
    """There is nothing to look for."""
    assert read_query(query) == ()
