"""Words of the glossary in another number or case than it has them: "zanahorias" is carrots, as "zanahoria" is a carrot."""

from collections.abc import Mapping

from monito_ray.catalog.search.word_forms import split_words, stem
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived, glossary_languages
from monito_ray.pipeline.products import glossary

#: Shorter stems are words of many languages.
_SHORTEST = 4


@derived(maxsize=65536)
def inflected_english(word: str, language: str = "") -> str:
    """Return the English of a word whose stem one entry of the glossary has: in this language, or in one alone; "" without one."""
    words = split_words(word)
    folded = words[0] if len(words) == 1 else ""
    if not folded.isalpha() or folded in glossary.english_words():
        return ""
    languages = (language,) if language else glossary_languages()
    meanings = [english for each in languages if (english := _english_by_stem(each).get(stem(folded)))]
    return meanings[0] if len(meanings) == 1 else ""


@derived()
def _english_by_stem(language: str) -> Mapping[str, str]:
    by_stem: dict[str, str] = {}
    for written, english in lexicon.glossary(language):
        words = split_words(written)
        if len(words) == 1 and not written.endswith("*") and len(stem(words[0])) >= _SHORTEST:
            by_stem.setdefault(stem(words[0]), english)
    return by_stem
