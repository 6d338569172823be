"""Numbers in running text that are no amounts of money: hidden, so that nobody takes them for prices."""

import re

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.currencies import mark_expression
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings

#: What stands for a hidden character: of a quantity with its unit, and of everything else.
QUANTITY, HIDDEN = "\x02", "\x01"
#: More digits in a row are a telephone number, an account or a barcode.
MOST_DIGITS = 9
_NUMBER = r"\d+(?:[.,]\d+)*"
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<!\S)@?[^\s@]++@(?!\d[\d.,]*+(?:\w{0,3})(?:[\s/]|$))\S+|(?<!\w)@(?!\d)\w{3,}|\b[\w-]{1,63}\.(?:com|net|org|ru|id|es|br|fr|de|it|co|io|me|shop)(?:\.\w\w)?\b(?:/\S*)?",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(rf"(?<![\d.,])\d{{{MOST_DIGITS},}}(?![.,]?\d)")
_LAST_WORDS = re.compile(rf"(?<!\w)(?:(?P<first>{LETTER}+)\s)?(?P<last>{LETTER}+)[\s*:=_–—-]{{1,6}}$")
_LABELLED = re.compile(rf"(?<!\w)(?P<label>{LETTER}+\.?):\s?{_NUMBER}")
#: Groups of digits with blanks, dashes or brackets: a telephone number, unless the groups are thousands.
_TELEPHONE = re.compile(
    r"\+\s?\d[\d\s()./-]{6,}\d|(?<![\w.,])\(?0\d{1,4}\)?[\s./-]+\d{2,4}[\d\s./-]{2,}\d|(?<![\w.,])(?:8|7)[\s-]?\(?\d{3}\)?[\s-]?\d{2,3}[\s-]?\d\d[\s-]?\d\d(?!\d)|(?<![\w.,])\d{2,4}(?:-\d{2,4}){2,}(?!\d)|(?<![\w.,])\d{3}-\d{4}(?!\d)"
)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d)(?![\d])")
_TIME = re.compile(
    r"(?<![\w.,])0\d[.:][0-5]\d(?!\d|[.,]\d)|(?<![\d.,])[0-2]?\d:[0-5]\d(?!\d)|(?<![\d.,])[0-2]?\d[.][0-5]\d\s*[-–—]\s*[0-2]?\d[.][0-5]\d(?!\d)|(?<![\w.,])(?:\d{1,2}\s?[-–]\s?)?\d{1,2}\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<!\d)(?<!\d[.,])[-+]?{_NUMBER}\s?(?:[%‰°]|pct\b)")
_DIMENSION = re.compile(rf"(?<![\w.,]){_NUMBER}(?:\s*[{TIMES}*]\s*{_NUMBER})+(?![.,]?\d)")
_REFERENCE = re.compile(r"(?:№|#|\b[nN][o°]\.?)\s*[A-Za-z]{0,3}-?\d[\d/-]*")


@derived(maxsize=16_000)
def masked(text: str) -> str:
    """Return the text, equally long, with every number hidden that is no amount: telephones, dates, times, quantities, shares, numbers of things."""
    for pattern in (
        _expiry(),
        _ADDRESS,
        _DATE,
        _TELEPHONE,
        _LONG_NUMBER,
        _TIME,
        _REFERENCE,
        _named_date(),
        _day_of_list(),
        _place(),
        _threshold(),
        _between(),
    ):
        text = _hide(pattern, text, HIDDEN)
    text = _saving().sub(_hidden_behind_amount, text)
    text = _hide(_grade_of_screens(), _hide(_grade(), text, QUANTITY), QUANTITY)
    text = _hide(_quantity(), _hide(_PERCENT, _hide(_in_stock(), text, QUANTITY), QUANTITY), QUANTITY)
    return _hide(_DIMENSION, text, QUANTITY)


def labels_in(text: str) -> list[str]:
    """Return the words with a colon before numbers of a masked text, casefolded: "stk" of "Stk: 19,00"."""
    return [match["label"].casefold() for match in _LABELLED.finditer(text)]


def without_labelled(text: str, labels: frozenset[str]) -> str:
    """Return a masked text with the numbers behind these labels hidden, too."""
    if not labels:
        return text
    return _LABELLED.sub(lambda match: QUANTITY * len(match.group()) if match["label"].casefold() in labels else match.group(), text)


def cut_labelled(text: str, labels: frozenset[str]) -> str:
    """Return a text without the numbers behind these labels, and without the labels."""
    return _LABELLED.sub(lambda match: " " if match["label"].casefold() in labels else match.group(), text) if labels else text


def _hide(pattern: re.Pattern[str], text: str, char: str) -> str:
    return pattern.sub(lambda match: char * len(match.group()), text) if pattern.search(text) else text


@derived()
def _quantity() -> re.Pattern[str]:
    """Return an expression for a number, a range or a product with a unit: "250 г", "1-5 кг", "24 x 330 ml"; not behind a currency."""
    factors = {word for key in ("thousand", "million") for word in lexicon.words("amounts", key)}
    units = any_of([word for word in (*spellings(), *lexicon.words("other_units", "foreign")) if word not in factors])
    times = rf"(?:{_NUMBER}\s*(?:{units}\.?\s*)?[{TIMES}*@]\s*){{0,5}}"
    amount_for = r"\d{1,3}(?:[.,]\d{3})+\s?/"  # "128.000/1 kg" is a price
    thousands = r"(?<=\d[ \u00a0\u202f])\d{3}\s?/"  # "95 000/250 g", too
    to = rf"(?:(?!{amount_for}|{thousands}){_NUMBER}\s*(?:[-–—/]\s*{_NUMBER}\s*)?[-–—/]\s*)?"
    fraction = r"(?:½|¼|¾|\d/\d)?"
    return re.compile(
        rf"(?<![\w.,])(?<![$€£₽])(?<!Rp)(?<!Rp\s)(?<!Rp\.)(?<!rp)(?<!rp\s)(?<![$€£₽]\s){times}{to}{fraction}(?:{_NUMBER}|(?<=[½¼¾])|(?<=\d/\d))\s?-?\s?(?:{units})(?!{LETTER})\.?",
        re.IGNORECASE,
    )


@derived()
def _named_date() -> re.Pattern[str]:
    """Return an expression for a day with the name of its month, before or behind it, and the year where it stands."""
    months = any_of({stem for stems in lexicon.entries("months").values() for stem in stems})
    ordinal = any_of(lexicon.words("dates", "ordinals"))
    before_day = any_of(lexicon.words("dates", "months_before_days"))
    of, gap = r"(?:de\s|of\s)?", r"\s{1,4}"
    month, year = rf"(?:{months}){LETTER}*\.?", rf"(?:,?{gap}(?:de\s)?(?:19|20)\d\d)"
    day = rf"(?:[12]?\d|3[01])(?:{ordinal})?"
    return re.compile(
        rf"(?<![\w.,])\d{{1,2}}(?:{ordinal})?\.?\s{of}{month}{year}?(?!\w)|(?<!\w){month}{gap}(?:{day}{year}|(?:19|20)\d\d)(?!\w)"
        rf"|(?<!\w){before_day}\.?{gap}{day}(?!\w|[.,:/]\d|\s?{mark_expression()})",
        re.IGNORECASE,
    )


@derived()
def _day_of_list() -> re.Pattern[str]:
    """Return an expression for a day and a month at the end of a line that says that prices follow: "Update harga ikan 12/5"."""
    prices = any_phrase(lexicon.words("quantities", "price"))
    day, month = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
    return re.compile(rf"(?<!\w){prices}(?:\s{LETTER}+){{0,3}}\s{day}/{month}\s*+(?:[:.]\s*+)?$", re.IGNORECASE)


@derived()
def _grade() -> re.Pattern[str]:
    """Return an expression for how many of seafood make a pound, before an amount that is surely one: "Prawn 31/40 210k", "Squid U10 $ 9"."""
    factors = any_of(word for key in ("thousand", "million") for word in lexicon.words("amounts", key))
    mark = mark_expression()
    amount = rf"(?:{mark}\s?\d|\d+(?:[.,]\d+)*\s?(?:{factors}(?!{LETTER})|{mark}|/\s?{LETTER}))"
    return re.compile(rf"(?<![\w.,/$])(?:u/?\d{{1,2}}|\d{{1,3}}/\d{{1,3}})(?=\s+{amount})", re.IGNORECASE)


@derived()
def _grade_of_screens() -> re.Pattern[str]:
    """Return an expression for how many thousand points a screen has ("4K"), or of how many parts a paint is, before a larger number without such a letter."""
    letters = "".join(word for word in lexicon.words("amounts", "thousand") if len(word) == 1)
    larger = rf"\d[\d.,]{{2,}}(?![\d.,]*\s?[{letters}](?!\w))"
    return re.compile(rf"(?<![\w.,])[1-8][{letters}](?=\s[^\d\n]*{larger})", re.IGNORECASE)


@derived()
def _place() -> re.Pattern[str]:
    """Return an expression for a number of a page, or for one of a single digit behind the word of a line, a field or a step of a form."""
    pages, fields = (any_phrase(lexicon.words("running_text", key)) for key in ("pages", "fields"))
    end = rf"(?!\w|[.,]\d|\s?{mark_expression()})"
    return re.compile(rf"(?<!\w)(?:{pages}\.?\s\d{{1,3}}|{fields}\s\d){end}", re.IGNORECASE)


@derived()
def _threshold() -> re.Pattern[str]:
    """Return an expression for how much one must buy, or what is taken off then, with its currency: "$100 or more", "5 € off"."""
    words, mark = any_phrase(lexicon.words("running_text", "behind_thresholds")), mark_expression()
    return re.compile(rf"(?:{mark}\s?|(?<![\w.,])){_NUMBER}(?:\s?{mark})?\s{words}(?![\w-])", re.IGNORECASE)


@derived()
def _between() -> re.Pattern[str]:
    """Return an expression for the two numbers that a quantity lies between: "between 1 and 4", "Entre 5 y 10"."""
    words = any_phrase(lexicon.words("running_text", "between"))
    return re.compile(rf"(?<!\w){words}\s\d{{1,4}}\s{LETTER}{{1,4}}\s\d{{1,4}}(?![\d.,]*\d)", re.IGNORECASE)


@derived()
def _saving() -> re.Pattern[str]:
    """Return an expression for what a buyer saves, behind the price that holds: "21.000 hemat 3.000"."""
    words, mark = any_phrase(lexicon.words("running_text", "savings")), mark_expression()
    return re.compile(rf"(?<!\w){words}\W{{0,2}}(?:{mark}\s?)?{_NUMBER}(?:\s?{_factors()})?(?:\s?{mark})?", re.IGNORECASE)


def _hidden_behind_amount(match: re.Match[str]) -> str:
    """Return what a buyer saves hidden, where a number stands before it."""
    return HIDDEN * len(match.group()) if any(map(str.isdigit, match.string[: match.start()])) else match.group()


@derived()
def _expiry() -> re.Pattern[str]:
    """Return an expression for the month and year until which goods keep: "exp 03/27"."""
    words = any_phrase(lexicon.words("running_text", "expiry"))
    return re.compile(rf"(?<!\w){words}[.:]?\s?(?:0?[1-9]|1[0-2])[/.-](?:20)?[2-3]\d(?!\d)", re.IGNORECASE)


@derived()
def _in_stock() -> re.Pattern[str]:
    """Return an expression for how many pieces there are, behind a word for that: "stok 40"; no amount with thousands or a factor."""
    words = any_phrase(lexicon.words("running_text", "stock"))
    return re.compile(rf"(?<!\w){words}\W{{1,3}}\d{{1,4}}(?![\w.,]*\d)(?!\s?{_factors()})(?!\s?{mark_expression()})", re.IGNORECASE)


def _factors() -> str:
    """An expression for a word behind a number that multiplies it."""
    return any_of(word for key in ("thousand", "million") for word in lexicon.words("amounts", key)) + f"(?!{LETTER})"


@derived()
def leading_mark() -> re.Pattern[str]:
    """Return an expression for a currency's mark at the end of a text, before a number."""
    return re.compile(rf"{mark_expression()}\s?[.:]?\s?$", re.IGNORECASE)


def is_price_word(word: str) -> bool:
    """Whether a casefolded word is one for prices."""
    return word in _price_words()


def price_label_before(head: str) -> int:
    """Return how many characters at the end of a text are a word for prices before a number, with one more word: "Цена опт:"; 0 for none."""
    match = _LAST_WORDS.search(head)
    if match is None:
        return 0
    for words in (match["last"], match["first"]):
        if words and words.casefold() in _price_words():
            return len(head) - match.start("last" if words == match["last"] else "first")
    return 0


@derived()
def _price_words() -> frozenset[str]:
    words = (*lexicon.words("quantities", "price"), *lexicon.words("titles", "price"))
    return frozenset(word.rstrip("*") for word in words if len(word) > 1)


@derived()
def following_mark() -> re.Pattern[str]:
    """Return an expression for a currency's mark at the start of a text, behind a number."""
    return re.compile(rf"[ \u00a0\u202f]?{mark_expression()}(?!\d)", re.IGNORECASE)


@derived()
def following_factor() -> re.Pattern[str]:
    """Return an expression for a word behind a number that multiplies it; one of a single letter is glued to it, or the last of the amount."""
    words = [word for key in ("thousand", "million") for word in lexicon.words("amounts", key)]
    glued = any_of(word for word in words if len(word) == 1)
    apart = any_of(word for word in words if len(word) > 1)
    last = rf"\s{glued}(?=\.?\s*(?:$|[/,;)|]))"
    return re.compile(rf"(?:\s?{apart}|{glued}|{last})(?!{LETTER})\.?", re.IGNORECASE)


@derived()
def following_unit() -> re.Pattern[str]:
    """Return an expression for what a price is for, behind it: "/kg", "per 100 g", "за шт"."""
    units = any_of([*spellings(), *lexicon.words("other_units", "foreign")])
    per = any_phrase([*lexicon.words("quantities", "per")])
    return re.compile(rf"\s?(?:(?P<per>/|\b{per}\s)|(?=\s))\s?(?P<unit>(?:\d+(?:[.,]\d+)?\s?)?{units})(?!{LETTER})\.?", re.IGNORECASE)
