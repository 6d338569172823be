"""Names in lines: what is left of a line when its price is taken away, and whether that can be the name of goods."""

import re
import unicodedata

from monito_ray.pipeline.characters import CODE_LETTERS, LETTER, STRUCK
from monito_ray.pipeline.currencies import without_marks
from monito_ray.pipeline.lines import vocabulary
from monito_ray.pipeline.spellings import canonical_unit, is_per_unit

#: A name has at most so many words before its first dash, bracket or comma; more are a sentence.
MOST_WORDS = 16
#: A description behind a dash has at least so many words.
_DESCRIPTION_WORDS = 4
#: A text of so many words, this share of them single letters, is drawn letter by letter.
_FEWEST_SPACED, _SPACED_SHARE = 4, 0.8
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_BULLET = re.compile(r"^(?:[^\w($€£₽¥«\"'“„]|_)+")
_NUMBERING = re.compile(rf"^\(?\d{{1,3}}\.?[.)]\s+(?=\D)|^\d{{1,3}}\)\s*(?=\D)|^[{CODE_LETTERS}]\)\s+")
_NUMBERING_DASH = re.compile(r"^\d{1,3}\s?[-–—]\s+(?=\D)")
_NUMBERING_LABEL = re.compile(rf"^\W*(?P<label>{LETTER}[^:=\d]{{0,24}}?)\W*[:=]\s*(?P<value>\S.*)$")
_DASH = re.compile(r"^\d{1,3}\s?[-–—]\s+(?=\D)")
_TRAILING = re.compile(r"[\s\x01\x02.,:;=~_|/\\@>→➜➡•·*…(\[–—-]+$")
_PLUS_BEHIND = re.compile(r"\s\+$")
_LEADING = re.compile(r"^[\s.,:;=~_|/\\>→➜➡•·*…)\]–—-]+")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
_WORD = re.compile(rf"{LETTER}+")
_LONG_WORD = re.compile(rf"{LETTER}{{3,}}")
_SENTENCE = re.compile(rf"{LETTER}{{3,40}}[.!?]\s+[^\W\d_a-z]")
#: A sentence has at least so many words; fewer around a full stop are an abbreviation.
_FEWEST_SENTENCE = 6
_LABEL = re.compile(rf"^\W*(?P<label>{LETTER}[^:=\d]{{0,24}}?)\W*[:=]\s*(?P<value>\S.*)$")
_DASH = re.compile(r"\s[-–—]\s")
#: Signs that belong to names though Unicode calls them symbols.
_NAME_SIGNS = "№®™°©+<>=^~|$€£₽¥₹`´"


def without_pictures(text: str) -> str:
    """Return the text without emoji, flags, arrows and marks of emphasis."""
    if text.isascii():
        return text.replace("**", "").replace("__", "").lstrip("#> ")
    plain = "".join(" " if _is_picture(char) else char for char in text)
    return plain.replace("**", "").replace("__", "").lstrip("#> ")


def _is_picture(char: str) -> bool:
    if char < "\u2000" and char != "\u200d":
        return False
    return (
        unicodedata.category(char) in ("So", "Sk", "Cs", "Co", "Cf", "Mn") and char not in _NAME_SIGNS and not "\u3000" < char < "\ufb00"
    ) or char in "➤➜→▶►●•◦▪■★☆✓✔"


def without_struck(text: str) -> str:
    """Return the text, equally long, without prices that are struck through ("~85.000~", as WhatsApp writes it) and numbers on keys ("2\ufe0f\u20e3")."""
    if "~" not in text and "\u20e3" not in text:
        return text
    return _KEYCAP.sub(_blank, STRUCK.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def bullet_end(text: str) -> int:
    """Return where the bullet or the running number before a line's words ends."""
    match = _BULLET.match(text)
    start = match.end() if match else 0
    number = _NUMBERING.match(text[start:])
    return start + number.end() if number else start


def clean_name(text: str) -> str:
    """Return a name without bullets, running number, emoji, what led to its price, and empty brackets; white space folded."""
    name = without_pictures(text)
    name = _NUMBERING_DASH.sub("", name[bullet_end(name) :])
    name = _EMPTY_BRACKETS.sub(" ", " ".join(name.split()))
    before = None
    while name != before:
        before = name
        name = _PLUS_BEHIND.sub("", _TRAILING.sub("", name))
        name = vocabulary.price_lead().sub("", name)
        name = _LEADING.sub("", name)
    return without_emphasis(name)


def without_emphasis(name: str) -> str:
    """Return a name without the signs that chats and Markdown put around words."""
    return name.strip("*_`~ ") if name[:1] in "*_`~" else name.rstrip("*`~ ")


def without_tier(name: str) -> tuple[str, str]:
    """Return a name without the word at its end that says which of its prices follows ("was", "розница"), and that word."""
    match = vocabulary.tier_lead().search(name)
    return (clean_name(name[: match.start()]), clean_name(match.group())) if match and match.start() else (name, "")


def without_description(name: str) -> str:
    """Return the name without the sentence that stands behind a dash in it."""
    parts = _DASH.split(name)
    if len(parts) > 1 and len(_LONG_WORD.findall(parts[-1])) >= _DESCRIPTION_WORDS:
        ends = [match.start() for match in _DASH.finditer(name)]
        return name[: ends[-1]].rstrip()
    return name


def is_letter_spaced(text: str) -> bool:
    """Whether a text is drawn letter by letter, as headings are: "V I N I"."""
    words = text.split()
    return len(words) >= _FEWEST_SPACED and sum(len(word) == 1 for word in words) >= _SPACED_SHARE * len(words)


def says_name(text: str) -> bool:
    """Whether a text says what goods are: more than quantities, units, prices' words and small words."""
    rest = without_marks(text)
    words = [word for word in _WORD.findall(rest.casefold()) if word not in vocabulary.small_words()]
    return sum(map(len, words)) >= (1 if any(word >= "\u3040" for word in words) else 2)


def is_name(name: str) -> bool:
    """Whether a cleaned name can be that of goods: no sentence, no talk of money, no sum, no condition."""
    head = re.split(r"\s[-–—]\s|[(,:;|/]", name, maxsplit=1)[0]
    if len(_WORD.findall(head)) > MOST_WORDS or "?" in name:
        return False
    ends = any(_ends_sentence(match.group()) for match in _SENTENCE.finditer(name))
    if ends and len(_WORD.findall(name)) >= _FEWEST_SENTENCE:
        return False
    return not (vocabulary.money_talk().search(name) or is_condition(name))


def _ends_sentence(text: str) -> bool:
    """Whether a word with a full stop ends a sentence: not one in capitals, nor one before a small letter, which are abbreviations."""
    return not text.split(maxsplit=1)[0].isupper() and not text[-1].islower()


def begins_with_package(text: str) -> bool:
    """Whether the first word of a text is one for a package: "Ember 10L"."""
    words = text.split(maxsplit=1)
    return bool(words) and words[0].strip(".,:").casefold() in vocabulary.packages()


def is_condition(name: str) -> bool:
    """Whether a name begins a line of conditions or a sum: its amount is known, and no price."""
    return bool(vocabulary.conditions().search(name) or is_sum(name) or is_lone_condition(name))


def is_lone_condition(name: str) -> bool:
    """Whether a name is a word for a condition and nothing else, which goods may have, too: "Voucher", "Упаковка"."""
    return vocabulary.lone_conditions().fullmatch(name) is not None


def is_discount(text: str) -> bool:
    """Whether a line speaks of a discount."""
    return vocabulary.discounts().search(text) is not None


def may_name_goods(condition: str) -> bool:
    """Whether a name that is a condition by one of its words says more than such words: "Sabun Total", "Deposit galon", "Ongkir Ubud"."""
    rest = vocabulary.condition_words().sub(" ", condition)
    return says_name(rest) or (canonical_unit(rest) != "" and not is_per_unit(rest))


def is_talk(text: str) -> bool:
    """Whether somebody speaks to somebody in a line, asks, or tells what happened to money."""
    return text.rstrip().endswith("?") or bool(vocabulary.money_talk().search(text)) or bool(vocabulary.speech().search(text))


def is_bill(text: str) -> bool:
    """Whether a line says that a text is an invoice, a receipt, a payslip."""
    return vocabulary.bills().search(text) is not None


def is_sum(text: str) -> bool:
    """Whether a line begins with the word for a sum; before the name and the pack of goods it is a part of their name."""
    return vocabulary.sums().match(text) is not None and not vocabulary.packs_behind_sums().match(text)


def ends_in_sum(text: str) -> bool:
    """Whether a name ends with a word for a sum, and does not begin with one: "Sabun Total"."""
    words = text.split()
    return len(words) > 1 and is_sum(text) and is_sum(words[-1]) and not is_sum(words[0])


def is_order_quantity(text: str) -> bool:
    """Whether a text says how much a buyer must take for a price: "1-5 кг", "от 10 кг"."""
    return vocabulary.order_quantity().match(text) is not None


def is_order_threshold(text: str) -> bool:
    """Whether a text says from how many pieces on a price holds: "from 5 boxes", "Entre 1 y 4 Bultos"; "1-5 кг" may be a size."""
    return vocabulary.order_threshold().match(text) is not None


def label_and_value(text: str) -> re.Match[str] | None:
    """Return the label before a value in a line of a card, and the value: "- **Harga**: Rp 15,000"."""
    return _LABEL.match(text)
