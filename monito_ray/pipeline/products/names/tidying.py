"""Take out of a name what is left over where a size, a pack or a brand was taken out: empty quotes, half a bracket, a dash at the end."""

import re
from functools import lru_cache

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import HANGUL, IDEOGRAPHS, KANA, LETTER, SPACE_BEFORE, TIMES, combining_marks
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.categories.keywords import ENGLISH
from monito_ray.pipeline.spellings import canonical_unit

_EMPTY_QUOTES = re.compile(r"[\"«„“]\s*+[-–,.;:*/]*+\s*+[\"»”“]")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
#: What a bracket must have to say anything: a number, a word of three letters, or a sign that is a word.
_CONTENT = re.compile(rf"\d|(?:{LETTER}|[{combining_marks()}]){{3,}}|[{IDEOGRAPHS}{KANA}{HANGUL}]")
#: A quote behind a digit is an inch, one between letters is one of them (Hebrew).
_QUOTE = re.compile(r"(?<!\d)(?:(?<!\w)\"|\"(?!\w))")
_PARTNER = re.compile(r"[()\[\]«»]")
_PARTNERS = {"(": ")", "[": "]", "«": "»"}
_QUOTES = re.compile(r"[\"«»„“”]")
#: Marks that something was between.
_LOOSE = re.compile(r"\s[,;)\]]|[,;/|]\s*[,;/|)\]]|[(\[]\s*[,;/|]")
_DOUBLED = re.compile(rf"{SPACE_BEFORE}[,;/|](?=\s*[,;/|)\]])|(?<=[(\[])\s*[,;/|]\s*")
_BLANK_BEFORE = re.compile(r"(?<!\s)\s++(?=[,;)\]])")
_END_MARKS = r"\s\-–—,;:/|*&+"
_EDGES = re.compile(rf"^[\s\-–—,;:/|.*#&+]+|(?<![{_END_MARKS}])[{_END_MARKS}]+$|(?<!\s)\s++[{TIMES}@*]$", re.IGNORECASE)
#: One or two Latin letters at the end may be a grade: "Grade A".
_LONGEST_GRADE = 2
_LAST_WORD = re.compile(rf"(?<![\s,])[\s,]++({LETTER}++)\.?$")


@lru_cache(maxsize=65536)
def tidy(text: str) -> str:
    """Return `text` with its white space folded, quotes and brackets in pairs, and no marks or small words left over at its ends."""
    if _QUOTES.search(text):
        text = _without_single_quote(_EMPTY_QUOTES.sub(" ", text))
    if "(" in text or "[" in text:
        text = _BRACKETS.sub(lambda match: match[0] if _CONTENT.search(match[1]) else " ", text)
    text = _without_single_brackets(text)
    if _LOOSE.search(text):
        text = _BLANK_BEFORE.sub("", _DOUBLED.sub("", text))
    return _without_rests_at_ends(" ".join(text.split()))


def _without_single_brackets(text: str) -> str:
    """Take out brackets that have no partner."""
    if not _PARTNER.search(text):
        return text
    single = {
        place
        for opening, closing in _PARTNERS.items()
        if _may_be_single(text, opening, closing)
        for place in _single(text, opening, closing)
    }
    return "".join(" " if place in single else char for place, char in enumerate(text)) if single else text


def _may_be_single(text: str, opening: str, closing: str) -> bool:
    return text.count(opening) != text.count(closing) or text.find(closing) < text.find(opening)


def _single(text: str, opening: str, closing: str) -> list[int]:
    """Return the places of brackets without a partner."""
    waiting: list[int] = []
    single: list[int] = []
    for match in re.finditer(rf"[{re.escape(opening + closing)}]", text):
        if match[0] == opening:
            waiting.append(match.start())
        elif waiting:
            waiting.pop()
        else:
            single.append(match.start())
    return [*single, *waiting]


def _without_single_quote(text: str) -> str:
    """Take out the last of an odd number of quotes."""
    quotes = list(_QUOTE.finditer(text))
    if len(quotes) % 2 == 0:
        return text
    last = quotes[-1].start()
    return f"{text[:last]} {text[last + 1 :]}"


def _without_rests_at_ends(text: str) -> str:
    if _ends_well(text):
        return text
    before = ""
    while text != before:
        before = text
        text = _EDGES.sub("", text)
        last = _LAST_WORD.search(text)
        if last and (last[1].casefold() in _small_words() or (text[last.start()] == "," and canonical_unit(last[1]))):
            text = text[: last.start()]
    return text


def _ends_well(text: str) -> bool:
    """Whether it is seen at a glance that nothing is left over at the ends; most names are so."""
    before, _, last = text.rpartition(" ")
    return text[:1].isalnum() and len(last) > 1 and last.isalnum() and not before.endswith(",") and last.casefold() not in _small_words()


@derived()
def _small_words() -> frozenset[str]:
    """Return words that no name ends with, such as Russian prepositions; English ones do end names: "plug in"."""
    english = {word for code, section in lexicon.sections("product_names") if code == ENGLISH for word in _qualifiers(section)}
    words = {word for _, section in lexicon.sections("product_names") for word in _qualifiers(section)}
    return frozenset(word for word in words - english if len(word) > _LONGEST_GRADE or not word.isascii())


def _qualifiers(section: object) -> list[str]:
    return lexicon.phrases(section.get("qualifiers", "")) if isinstance(section, dict) else []
