"""Words that the names of all sorts of goods are made of, in languages that are written in Latin letters (`data/common_words.txt`).

A word of these at the head of many names is what they have in common, not who makes them.
"""

from bisect import bisect_left
from functools import cache

from monito_ray.pipeline import data

#: Letters that a word has at least beside one with another ending: "silnik" beside "silnika". Shorter ones are alike by chance.
_SHORTEST_STEM = 6
#: Letters that endings have at most.
_LONGEST_ENDING = 2


def is_common_word(word: str) -> bool:
    """Whether a casefolded word is common, or is one but for its ending: "silnik", where "silnika" is common."""
    if is_listed(word):
        return True
    if len(word) < _SHORTEST_STEM:
        return False
    words = _common_words()
    place = bisect_left(words, word)
    if place < len(words) and words[place].startswith(word) and len(words[place]) <= len(word) + _LONGEST_ENDING:
        return True
    stem = word[:-1]
    place = bisect_left(words, stem)
    while place < len(words) and words[place].startswith(stem):
        if len(words[place]) <= len(word):
            return True
        place += 1
    return False


def is_listed(word: str) -> bool:
    """Whether a casefolded word stands among the common words letter by letter."""
    words = _common_words()
    place = bisect_left(words, word)
    return place < len(words) and words[place] == word


@cache
def _common_words() -> tuple[str, ...]:
    """Return the words, sorted."""
    return tuple(sorted(word for line in data.lines("common_words.txt") for word in line.split()))
