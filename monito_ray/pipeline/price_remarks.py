"""What price cells say beside their amounts, or for want of one: "Price:", "incl. VAT", a footnote's star, "on request"."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.characters import ALPHANUMERIC, LETTER, any_of
from monito_ray.pipeline.currencies import currency_of_mark
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings

#: Shorter titles of prices ("pu", "vk") are too common as parts of names to be left out.
FEWEST_LETTERS_OF_LABEL = 3
#: Shorter texts (characters) have no room for a least order beside an amount.
SHORTEST_WITH_ORDER = 7
#: So few digits beside a star are a class of hotels or brandies.
_DIGITS_OF_STARS = 2
#: A word is that of a currency where so many cells have it, and that share of them.
FEWEST_CELLS, CELLS_SHARE = 3, 0.8
_NUMBER_AND_WORD = re.compile(r"(?P<before>[^\d%\"°:×#*,;/]{0,12}?)\s*\d[\d.,\s']*(?P<behind>[^\d%\"°:×#*,;]{0,12})")
#: Phrases of so few letters ("call", "tba") ask for a request only where nothing else stands in the cell.
SHORT_REQUEST = 5
_STROKES = str.maketrans("", "", "-–—_.,=/\\")
_SPACES = re.compile(r"\s+")
_FOOTNOTE = re.compile(r"^\*+\s*|(?:(?<!\s)\s++)?(?<!\*)\*++$")
_ABBREVIATION = re.compile(rf"(?<!{LETTER})(?:{LETTER}\.){{2,}}")
_COLON = re.compile(r"^(\D{0,6}?):\s*(?=\S)")
_WORD = re.compile(rf"{LETTER}+")
_FIRST_DIGIT = re.compile(r"\d")
_PERCENT = r"\d+(?:[.,]\d+)?\s?%"
#: What people type for a minus, as parts of a class: hyphens, dashes, the sign.
_DASHES = r"\-‐‑‒–—−﹣－"
_ANY_DASH = tuple(_DASHES[1:])
#: A minus before the first digit: not the hyphen of "US-$", nor one in place of whole money ("CHF -.50").
_MINUS_BEFORE = re.compile(rf"\D*?(?:(?<!{LETTER})[{_DASHES}](?![{_DASHES}]*[.,]\d)|[{_DASHES}](?=\s*\(?\d))")
#: A minus behind cents, as programs for accounts write it: one behind whole money may stand for the cents ("14-", "Rp 14.000-").
_MINUS_BEHIND = re.compile(rf"[.,]\d\d[{_DASHES}](?P<behind>[^\d{_DASHES}]*)$")
#: An amount in brackets with at most a currency or a unit outside: "Rp (14.000)", "(14,000)/kg".
_IN_BRACKETS = re.compile(r"[^\d()]*\([^\d()]*\d[^()]*\)[^\d()]*")
#: A dash that may be a minus, or a stroke for the money that is none: "14.000-", "14-€", "CHF -.50"; not "14,-", "14/-" and "--.50".
_UNCLEAR_DASH = re.compile(rf"(?<![{_DASHES}])[{_DASHES}](?=[.,]\d)|(?<![.,/=\s{_DASHES}])\s?[{_DASHES}](?P<behind>[^\d{_DASHES}]*)$")
#: A dash between what parts two amounts and the second one: a minus, or the stroke behind the first ("10.000/- 12.000").
_DASH_OF_SECOND = re.compile(rf"\d\s?[/|;]\s?[{_DASHES}]\s?\d")


@derived(maxsize=1_000)
def without_remarks(text: str) -> str:
    """Return the text of a price cell without labels before its amount, remarks about tax and payment behind it, and stars."""
    text = _without_stars(_SPACES.sub(" ", text.strip()))
    text = _ABBREVIATION.sub(lambda match: match.group().replace(".", ""), text)
    text = _label().sub("", text)
    text = _COLON.sub(_without_colon, text).lstrip()
    digit = _FIRST_DIGIT.search(text)
    if digit is None:
        return text
    return text[: digit.start()] + _remark().sub(" ", text[digit.start() :]).rstrip(" ,;(")


def says_minus(text: str) -> bool:
    """Whether the amount of a price cell's text is below zero by the sign beside it: "Rp -14.000", "-$5", "(14,000)", "5.00- €", "14.000 CR".

    A dash between name and price of running text means nothing of the kind, so this is for cells that hold prices alone.
    """
    if "(" in text and _IN_BRACKETS.fullmatch(text):
        return True
    if _credit().search(text):
        return True
    if not _holds_dash(text):
        return False
    behind = _MINUS_BEHIND.search(text.strip())
    return _MINUS_BEFORE.match(text) is not None or (behind is not None and _is_money(behind["behind"]))


def may_say_minus(text: str) -> bool:
    """Whether a dash beside an amount of a price cell's text may be a minus, or a stroke for money that is none.

    So it may in "Rp 14.000-", in "CHF -.50", and before the second amount of "10.000/-12.000".
    """
    if not _holds_dash(text):
        return False
    dash = _UNCLEAR_DASH.search(text.strip())
    return (dash is not None and _is_money(dash["behind"] or "")) or _DASH_OF_SECOND.search(text) is not None


def ends_in_stroke(text: str) -> bool:
    """Whether a price cell's text ends in a stroke: "14.000,-", "14/-", "14-"."""
    return text.rstrip().endswith(_ANY_DASH)


def parts_from_name(text: str) -> bool:
    """Whether a text begins with a dash and a blank, as what is cut off behind a name does: "- Rp 14.000"."""
    return text.lstrip().startswith(_ANY_DASH) and text.lstrip()[1:2] == " "


def _holds_dash(text: str) -> bool:
    return "-" in text or (not text.isascii() and any(dash in text for dash in _ANY_DASH))


def _is_money(text: str) -> bool:
    """Whether what stands beside an amount is a currency or nothing."""
    return not text.strip(" .") or bool(currency_of_mark(text))


def remark_end(text: str, start: int) -> int:
    """Return where a remark about tax or payment ends that stands behind an amount, at `start` of a text; `start` where none does."""
    match = _remark().match(text, start)
    return match.end() if match else start


def says_from(text: str) -> bool:
    """Whether a text has a word that means "from"."""
    return any(f" {phrase} " in f" {' '.join(_WORD.findall(text.casefold()))} " for phrase in lexicon.words("amounts", "from"))


@derived(maxsize=1_000)
def is_on_request(text: str) -> bool:
    """Whether a price cell tells the buyer to ask ("call", "по запросу")."""
    words = _WORD.findall(text.casefold())
    if " ".join(words) in _requests():
        return True
    # Most words begin no phrase; trying all phrases of all languages instead took a fifth of the time of a list of texts.
    starts = ((start, phrase) for start, word in enumerate(words) for phrase in _requests_by_first_word().get(word, ()))
    return any(words[start : start + len(phrase)] == phrase for start, phrase in starts)


def is_blank_price(text: str) -> bool:
    """Whether a price cell says that there is no price ("-", "Rp -", "N/A")."""
    if text.strip().casefold() in _blank_prices():
        return True
    rest = _SPACES.sub("", text.translate(_STROKES))
    return not rest or bool(currency_of_mark(rest))


@derived(maxsize=16_000)
def least_order(text: str) -> str:
    """Return the least order that a price cell names behind its amount, "" mostly: "5kg" for "25.000 (min 5kg)"."""
    match = _least_order().search(text) if len(text) >= SHORTEST_WITH_ORDER else None
    return match[1].strip() if match else ""


@derived()
def _credit() -> re.Pattern[str]:
    """Return an expression for an amount with a word for a credit behind it; the currency may stand between."""
    return re.compile(
        rf"\d[^\w]*(?:{LETTER}{{1,3}}\W+)?(?<!{LETTER}){any_of(lexicon.words('amounts', 'credit'))}\.?[\s)\]]*$", re.IGNORECASE
    )


@derived()
def _least_order() -> re.Pattern[str]:
    return re.compile(rf"\A\D*+\d(?s:.*?){_order()}", re.IGNORECASE)


def _order() -> str:
    least = any_of(lexicon.words("amounts", "least"))
    return rf"(?<!{ALPHANUMERIC}){least}(?!{ALPHANUMERIC})\.?\s?:?\s?(\d[\d.,]*\s?{LETTER}*)"


def _without_stars(text: str) -> str:
    bare = _FOOTNOTE.sub("", text)
    return text if bare.isdigit() and len(bare) <= _DIGITS_OF_STARS else bare


def _without_colon(match: re.Match[str]) -> str:
    """Return what stands before a colon without it, where that is a currency or nothing."""
    before = match[1].strip()
    return f"{before} " if not before or currency_of_mark(before) else match.group()


def currency_word(texts: Sequence[str]) -> str:
    """Return the word or sign that stands beside the number in nearly all price cells, as a currency does that is not known; "" for units."""
    matches = [match for text in texts if (match := _NUMBER_AND_WORD.fullmatch(text.strip()))]
    words = Counter(
        (match["before"] or match["behind"]).strip(" .").casefold() for match in matches if not (match["before"] and match["behind"])
    )
    if not words:
        return ""
    word, count = words.most_common(1)[0]
    is_shared = len(texts) >= FEWEST_CELLS and count >= CELLS_SHARE * len(texts)
    return word if word and is_shared and word not in _other_words() and not is_date(texts[0]) else ""


@derived()
def _other_words() -> frozenset[str]:
    """Return the words beside numbers that name no currency: units of every kind."""
    return frozenset([*spellings(), *(word for words in lexicon.entries("other_units").values() for word in words)])


def without_word(value: Value, word: str) -> Value:
    """Return a price cell without the word that `currency_word` found beside its amount."""
    return re.sub(re.escape(word) + r"\.?", " ", value, flags=re.IGNORECASE).strip() if isinstance(value, str) else value


@derived()
def _label() -> re.Pattern[str]:
    """Return an expression for titles of prices and words for "from" that begin a cell."""
    titles = [phrase for phrase in lexicon.words("titles", "price") if _is_label(phrase)]
    return re.compile(rf"^(?:{any_of([*titles, *lexicon.words('amounts', 'from')])}(?!{ALPHANUMERIC})\.?\s?[:=]?\s*)+", re.IGNORECASE)


def _is_label(phrase: str) -> bool:
    """Whether a title of prices may stand beside an amount and say no more: not "price per kg" and not "list price"."""
    says_more = {*spellings(), *lexicon.words("running_text", "old_words")}
    return (
        "*" not in phrase and sum(map(str.isalpha, phrase)) >= FEWEST_LETTERS_OF_LABEL and says_more.isdisjoint((phrase, *phrase.split()))
    )


@derived()
def _remark() -> re.Pattern[str]:
    """Return an expression for a remark about tax ("+ VAT", "(bez DPH)", "incl. 20% tax") or payment ("with card")."""
    begin, end = rf"(?<!{ALPHANUMERIC})", rf"(?!{ALPHANUMERIC})\.?"
    beside = rf"(?:{begin}(?:{any_of(words_beside_tax())}{end}|{_PERCENT})\s?)"
    about_tax = rf"{beside}{{0,3}}{begin}{any_of(lexicon.words('letterhead', 'tax'))}{end}\s?{beside}{{0,2}}"
    fixed = rf"{begin}{any_of(lexicon.words('amounts', 'remarks'))}{end}"
    return re.compile(rf"\s?[(\[,+/]?\s?(?:{about_tax}|{fixed}|{_order()})\s?[)\]]?", re.IGNORECASE)


@derived()
def words_beside_tax() -> set[str]:
    """Return the words that stand beside one for a tax in titles of prices: "inc", "without", "bez"."""
    taxes = set(lexicon.words("letterhead", "tax"))
    phrases = [phrase.split() for phrase in lexicon.words("weak_titles", "price")]
    return {word for words in phrases if taxes & set(words) for word in words} - taxes


@derived()
def _requests() -> frozenset[str]:
    return frozenset(lexicon.words("amounts", "on_request"))


@derived()
def _requests_by_first_word() -> Mapping[str, list[list[str]]]:
    """Return the phrases that ask for a request wherever they stand, as words, by their first one."""
    phrases = [phrase.split(" ") for phrase in _requests() if " " in phrase or len(phrase) > SHORT_REQUEST]
    return {first: [words for words in phrases if words[0] == first] for first in {words[0] for words in phrases}}


@derived()
def _blank_prices() -> frozenset[str]:
    return frozenset(lexicon.words("amounts", "blank"))
