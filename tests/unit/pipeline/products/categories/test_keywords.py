"""The words that tell categories."""

import pytest

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.categories import keywords
from monito_ray.pipeline.products.text_words import fold, words_in

LISTS = [
    (["Beras merah", "Gula pasir", "Kecap manis", "Chocolate"], "id"),
    (["Queso crema", "Aceite de girasol", "Harina"], "es"),
    (["Kartoffeln", "Möhren", "Pastinaken"], "de"),
    (["Cheddar cheese", "Frying pan", "Air freshener"], ""),
    (["Кран шаровой", "Труба"], ""),
]


@pytest.mark.parametrize(("texts", "language"), LISTS)
def test_a_lists_words_show_its_languages(texts: list[str], language: str):
    """Of Latin languages those that it has words of; English always, last."""
    spoken = keywords.spoken_languages(texts)
    assert spoken[-1] == keywords.ENGLISH
    assert spoken == ((*keywords.ALWAYS, language, keywords.ENGLISH) if language else keywords.ENGLISH_ONLY)


def test_one_word_that_a_list_repeats_shows_no_language():
    """It may be a brand."""
    assert keywords.spoken_languages([f"Zarvex queso {number}" for number in range(200)] + ["Cheddar cheese"]) == keywords.ENGLISH_ONLY


def test_a_list_of_unknown_words_may_be_in_any_language():
    """Nothing speaks against one."""
    assert keywords.spoken_languages(["Zqx", "Wkl"]) == keywords.all_languages()


WORDS = [
    ("pan", ("es", "en"), "bakery"),
    ("pan", ("en",), "kitchenware & household"),
    ("колбасы", keywords.ENGLISH_ONLY, "meat & poultry"),
    ("apfelsaft", ("de", "en"), "beverages"),
]


@pytest.mark.parametrize(("word", "languages", "category"), WORDS)
def test_a_word_means_what_it_means_in_the_lists_language(word: str, languages: tuple[str, ...], category: str):
    """The first of them that has it decides; a stem stands for any ending, an end for any beginning."""
    keyword = keywords.keyword_at([word], 0, languages)
    assert keyword is not None
    assert keyword.categories[0] == category


def test_the_longest_phrase_is_taken():
    """A cream for the face is none for coffee."""
    keyword = keywords.keyword_at(["крем", "для", "лица"], 0, keywords.ENGLISH_ONLY)
    assert keyword is not None
    assert (len(keyword.words), keyword.categories) == (3, ("cosmetics & skin care",))


def test_a_keyword_is_recognized_inflected():
    """Its stem is enough; a strange word is none."""
    assert keywords.is_keyword("колбасы")
    assert keywords.is_keyword("Cheese")
    assert not keywords.is_keyword("Zarvex")


def test_every_line_names_a_category():
    """And its words are written as they are looked up: in lower case, with one space between."""
    entries = lexicon.category_words()
    assert {entry.category for entry in entries} - set(taxonomy.category_names()) == set()
    phrases = [phrase for entry in entries for phrase in (*entry.heads, *entry.flavours, *entry.words)]
    assert [phrase for phrase in phrases if phrase != " ".join(phrase.lower().split())] == []
    assert [phrase for phrase in phrases if len(words_in(phrase).folded) != len(phrase.split())] == []


def test_accents_may_be_missing():
    """Many lists write none."""
    assert [fold(word) for word in ("Champiñón", "Ёлка", "Käse", "ISI")] == ["champinon", "елка", "kase", "isi"]
    assert keywords.keyword_at(["azucar"], 0, ("es",)) == keywords.keyword_at([fold("azúcar")], 0, ("es",)) is not None


def test_an_order_guide_is_known_by_its_beginnings():
    """Its English names begin with their heads, which other English names end with."""
    assert keywords.spoken_languages(["Sauce Wing Hot", "Cheese Mozzarella Shred", "Sauce Pizza Zarvex"])[-1] == keywords.HEADS_FIRST
    assert keywords.spoken_languages(["Hot wing sauce", "Shredded mozzarella cheese", "Zarvex pizza sauce"])[-1] == keywords.ENGLISH
