"""What the goods of an English name are called in the other languages of the glossary, so that a search finds them in each."""

from collections import defaultdict

from monito_ray.catalog.matching.canonical_words import fold, singular
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived, glossary_languages


@derived(maxsize=65536)
def other_words(name: str) -> str:
    """Return the words of other languages for the words and phrases of `name`, each once: "bawang merah" for "Shallots"."""
    phrases, longest = _foreign_by_english()
    words = _singulars(name)
    matches: dict[str, None] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            matches |= dict.fromkeys(phrases.get(tuple(words[start:end]), ()))
    return " ".join(matches)


@derived()
def _foreign_by_english() -> tuple[dict[tuple[str, ...], list[str]], int]:
    """Return the glossaries turned around, and how many words their longest English phrase has."""
    phrases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for language in glossary_languages():
        for written, english in lexicon.glossary(language):
            phrases[tuple(_singulars(english))].append(written.rstrip("*"))
    return dict(phrases), max(map(len, phrases))


def _singulars(text: str) -> list[str]:
    return [singular(word) for word in fold(text).replace("-", " ").split()]
