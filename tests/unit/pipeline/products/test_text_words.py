"""The words of a text."""

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products import text_words


@given(st.text(max_size=60) | st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_each_word_is_folded_by_itself(text: str):
    """At its place, whether the text is of ASCII, which goes a shorter way, or not."""
    words = text_words.words_in(text)
    assert [text[start:end] for start, end in words.spans] == list(words.written)
    assert list(map(text_words.fold, words.written)) == list(words.folded)


@given(st.text(max_size=60))
def test_words_of_lower_case_are_those_of_the_folded_text(text: str):
    """Letters that become several characters, or part words, among them."""
    assert list(text_words.words_of_lower_case(text)) == text_words.WORDS.findall(text_words.fold(text))
