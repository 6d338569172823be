"""Canonical words: how names are compared whatever their case, accents, number, language and order."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import CYRILLIC, LATIN_OF_CYRILLIC, LETTER, WITHOUT_ACCENTS, any_phrase, combining_marks
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.spellings import spellings

#: A run of letters with the signs that stand behind letters; apostrophes within are no gap: "hershey's" is one word.
LETTERS = rf"(?:{LETTER}|[{combining_marks()}])+"
_LETTER_RUN = rf"(?:{LETTER}++|[{combining_marks()}])++"  # as LETTERS, read faster
#: A word: runs of letters with apostrophes between them.
WORD_OF_LETTERS = rf"{_LETTER_RUN}(?:['’´`]{_LETTER_RUN})*+"
_WORD = re.compile(WORD_OF_LETTERS)
_APOSTROPHES = str.maketrans("", "", "'’´`")
_BLANK = r"[\s-]+"
#: A shorter word in Latin letters has no plural: "gas", "bus".
_SHORTEST_PLURAL = 4
#: Keys of the section `variants` that are no groups of words that tell goods apart.
_NO_GROUPS = ("fillers", "negating", "distinct", "bare", "weak", "endings", "inflections", "near")
#: Groups of words that make other goods where one side alone has them.
STRONG_GROUPS = frozenset(("without", "kind"))
_DOTTED = re.compile(rf"(?<!\w)(?<![{combining_marks()}])({LETTERS})\.(?!\w*\d)")
#: It begins with a letter: one that might begin with a sign behind a letter would be tried anew at each of them.
_DOUBLED = re.compile(rf"\b(?<![{combining_marks()}])({LETTER}(?:{LETTER}|[{combining_marks()}])*+)-\1\b", re.IGNORECASE)
_DOUBLED_ANYHOW = re.compile(rf"(?<!\w)({LETTER}{{3,}})[ -]\1(?!\w)", re.IGNORECASE)
#: "с/к" and "в/к": letters for words that make other goods.
_SLASHED = re.compile(rf"(?<!\w)({LETTER}{{1,2}})/({LETTER}{{1,2}})(?!\w)")
_CYRILLIC = re.compile(CYRILLIC)
#: Letters that a word which nobody knows has at least before its ending is taken off.
_SHORTEST_STEM = 4


def fold(text: str) -> str:
    """Return `text` in one case, without accents, in one form of Unicode, and names of several words that have one as that."""
    if text.isascii():
        return _with_phrases_joined(text.lower())
    return _with_phrases_joined(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().translate(WITHOUT_ACCENTS)))


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text in running order, without digits; "" for those that say nothing."""
    return [canonical_word(word) for word in _WORD.findall(folded)]


def dotted_words(folded: str) -> tuple[str, ...]:
    """Return the words that a full stop marks as abbreviations, in order of the alphabet."""
    return as_set([canonical_word(match[1]) for match in _DOTTED.finditer(folded)]) if "." in folded else ()


@derived(maxsize=65536)
def canonical_word(word: str) -> str:
    """Return a folded word in the singular and in its usual spelling, "" for one that says nothing of goods ("of", "the")."""
    bare = word.translate(_APOSTROPHES)
    if bare in _fillers():
        return ""
    synonyms = _synonyms()
    if bare in synonyms:
        return synonyms[bare]
    single = singular(bare)
    return "" if single in _fillers() else synonyms.get(single, single)


def singular(word: str) -> str:
    """Return an English or Spanish noun in the singular; other words in Latin letters lose the same endings, on both sides alike."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    return word[:-1]


def as_set(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that say something, in order of the alphabet; one that is repeated stands as itself and as "word2".

    A word for goods in general is left out beside one that names a kind of them: "iceberg" is lettuce.
    """
    distinct = set(words) - {""}
    if len(distinct) < len(words):
        distinct |= {f"{word}2" for word in distinct if words.count(word) > 1}
    implied = _implied()
    if not distinct.isdisjoint(implied):
        distinct -= {general for word in distinct & implied.keys() for general in implied[word]}
    return tuple(sorted(distinct))


def english_of(text: str) -> str:
    """Return `text` with every word of the glossaries in English that means one thing alone, in whatever language."""
    text = _with_phrases_joined(text.lower()) if "/" in text else text
    text = _spelled_out(undoubled(text))
    pieces: list[str] = []
    end = 0
    for phrase in glossary.phrases_in(text, lexicon.glossary_languages()):
        english = phrase.english
        if english is None or (phrase.length == 1 and not is_translated(phrase.first_word)):
            continue
        pieces += (text[end : phrase.start], english)
        end = phrase.end
    return "".join((*pieces, text[end:])) if pieces else text


def undoubled(text: str) -> str:
    """Return `text` with Indonesian plurals in the singular: "cabai-cabai"."""
    return _DOUBLED.sub(_undoubled_word, text) if "-" in text else text


def without_doubling(text: str) -> str:
    """Return `text` with every Indonesian word that is written doubled once, "cumi-cumi" and "agar agar" too: lists write both."""
    return _DOUBLED_ANYHOW.sub(_single_word, undoubled(text))


def _single_word(match: re.Match[str]) -> str:
    return match[1] if glossary.is_trade_word(f"{match[1]}-{match[1]}".lower()) else match[0]


def _spelled_out(text: str) -> str:
    """Return `text` with abbreviations of words that the glossaries translate as these: "cabe rwt mrh"."""
    return _WORD.sub(lambda match: _abbreviated().get(match[0].lower(), match[0]), text)


def _undoubled_word(match: re.Match[str]) -> str:
    """Return an Indonesian plural of a usual word in the singular where the glossary does not have it as it is."""
    return match[1] if is_usual(match[1].lower()) and not glossary.is_trade_word(match[0]) else match[0]


@derived(maxsize=65536)
def is_translated(word: str) -> bool:
    """Whether a word is no English one, and the glossaries that have it give it one meaning."""
    if word in glossary.english_words():
        return False
    meanings = {phrase.english for language in lexicon.glossary_languages() for phrase in glossary.phrases_in(word, (language,))}
    return len(meanings - {None}) == 1


@derived(maxsize=65536)
def stem(word: str) -> str:
    """Return a canonical word in Cyrillic letters that no glossary has without the ending of its gender and number; others as they are."""
    if word.isascii() or not _CYRILLIC.search(word) or is_usual(word):
        return word
    return next(
        (word[: -len(ending)] for ending in _endings() if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM), word
    )


@derived(maxsize=65536)
def in_latin(word: str) -> str:
    """Return a word with its Cyrillic letters as Latin ones."""
    return word if word.isascii() else word.translate(LATIN_OF_CYRILLIC)


@derived(maxsize=65536)
def without_weak(words: tuple[str, ...], implied: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words less those that many names leave out ("quality", and what is `implied` of the goods); all where nothing else is said."""
    weak = weak_words()
    if weak.isdisjoint(words) and not implied:
        return words
    return tuple(word for word in words if word not in weak and word not in implied) or words


@derived()
def words_left_out() -> frozenset[str]:
    """Return the words that `without_weak` takes out of names of some goods."""
    return frozenset(weak_words()).union(*implied_words().values())


def is_ambiguous(word: str) -> bool:
    """Whether the glossaries translate a canonical word as they do others that are other goods: then it counts beside its English."""
    return word in _distinct_words()


@derived(maxsize=65536)
def is_usual(word: str) -> bool:
    """Whether a canonical word is one of the trade in some language: then it is no misspelling of another."""
    return glossary.is_trade_word(word) or glossary.is_trade_word(word + "s") or word in telling_groups() or word in _usual_spellings()


@derived()
def usual_words() -> frozenset[str]:
    """Return the words that are usual, but for those that only begin with one of `glossary.trade_stems`."""
    words = glossary.trade_words() | telling_groups().keys() | _usual_spellings()
    return words | {word[:-1] for word in words if word.endswith("s")}


def tells_goods(words: Iterable[str]) -> bool:
    """Whether words in English say what goods are, and not only their colour or how large they are."""
    return any(len(word) > 1 and word not in _bare_words() for word in words)


def is_inflected(word: str, form: str) -> bool:
    """Whether `form` is another form of an English word that is no abbreviation of it: "chopped" of "chop", "smoked" of "smoke"."""
    return form.removeprefix(word).removeprefix(word[-1:]) in inflections() or form.removeprefix(word) in inflections()


def changes_goods(word: str) -> bool:
    """Whether a word makes other goods of a name all by itself: "zero", "pitted"."""
    return telling_groups().get(word) in STRONG_GROUPS


@derived()
def telling_groups() -> dict[str, str]:
    """Return the group of each canonical word that tells goods apart: "red" is a colour."""
    return {
        word: group
        for group, texts in lexicon.entries("variants").items()
        if group not in _NO_GROUPS
        for text in texts
        for word in (canonical_word(fold(text)),)
    }


@derived()
def negating_prefixes() -> tuple[str, ...]:
    """Return beginnings that turn the meaning of a word round: "non", "un"."""
    return tuple(fold(text) for text in lexicon.words("variants", "negating"))


@derived()
def _fillers() -> frozenset[str]:
    return frozenset(lexicon.words("variants", "fillers"))


@derived()
def _filler_signs() -> re.Pattern[str]:
    """Return an expression for fillers of a letter and a stroke before a word: "c/limón"."""
    return re.compile(rf"(?<!\w){any_phrase([filler for filler in _fillers() if filler.endswith('/')], _BLANK)}(?= ?{LETTER}{{2}})")


@derived()
def _distinct_words() -> frozenset[str]:
    return frozenset(canonical_word(fold(text)) for text in lexicon.words("variants", "distinct"))


@derived()
def weak_words() -> frozenset[str]:
    """Return the words that many names leave out, as they are and less their endings: "quality", "package"."""
    words = [canonical_word(fold(text)) for text in lexicon.words("variants", "weak")]
    return frozenset((*words, *map(stem, words)))


@derived()
def implied_words() -> dict[str, tuple[str, ...]]:
    """Return for a category the words that go without saying of its goods: "bottle" of wine."""
    return {category: as_set([canonical_word(fold(text)) for text in texts]) for category, texts in lexicon.entries("implied").items()}


@derived()
def _endings() -> tuple[str, ...]:
    """Return the endings of words in Cyrillic letters, the longest first."""
    return tuple(sorted((fold(text) for text in lexicon.words("variants", "endings")), key=lambda ending: (-len(ending), ending)))


@derived()
def inflections() -> frozenset[str]:
    """Return the endings of other forms of an English word."""
    return frozenset(lexicon.words("variants", "inflections"))


@derived()
def _bare_words() -> frozenset[str]:
    """Return the words of the groups that the key `bare` names: they say nothing of what goods are."""
    groups = set(lexicon.words("variants", "bare"))
    return frozenset(word for word, group in telling_groups().items() if group in groups)


@derived()
def _synonyms() -> dict[str, str]:
    """Return the usual spelling of each word that has others."""
    return {
        spelling: usual
        for usual, spellings in lexicon.entries("synonyms").items()
        for text in spellings
        if text.isalpha()
        for spelling in (text, singular(text))
        if spelling == text or len(spelling) >= _SHORTEST_PLURAL
    }


@derived()
def _abbreviated() -> dict[str, str]:
    return {spelling: usual for spelling, usual in _synonyms().items() if is_translated(usual)}


@derived()
def _usual_spellings() -> frozenset[str]:
    return frozenset(lexicon.entries("synonyms"))


@derived()
def _phrases() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return an expression for names of several words that have one, too, and that one of each."""
    usual = {text: usual for usual, texts in lexicon.entries("synonyms").items() for text in texts if not text.isalpha()}
    return re.compile(rf"(?<!\w){any_phrase(usual, _BLANK)}(?=s?(?!\w))"), usual


def _with_phrases_joined(folded: str) -> str:
    folded = _before_numbers().sub("", folded)
    expression, usual = _phrases()
    joined = expression.sub(lambda match: usual.get(match[0]) or usual[" ".join(match[0].replace("-", " ").split())], folded)
    return _SLASHED.sub(_without_slash, _filler_signs().sub("", joined)) if "/" in joined else joined


@derived()
def _before_numbers() -> re.Pattern[str]:
    """Return an expression for what says that a number follows: "no. 5"."""
    return re.compile(rf"(?<!\w){any_phrase(lexicon.words('quantities', 'numbering'), _BLANK)}\.? ?(?=\d)")


def _without_slash(match: re.Match[str]) -> str:
    """Return letters around a stroke as one word, where they are no two units."""
    return match[0] if match[1] in spellings() and match[2] in spellings() else match[1] + match[2]


@derived()
def _implied() -> dict[str, frozenset[str]]:
    """Return the words for goods in general that a word says, too."""
    implied: dict[str, set[str]] = {}
    for general, kinds in lexicon.entries("kinds").items():
        for kind in kinds:
            implied.setdefault(canonical_word(kind), set()).add(general)
    return {kind: frozenset(generals) for kind, generals in implied.items()}
