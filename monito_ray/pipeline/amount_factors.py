"""What titles and remarks say of all amounts below them: that they are in thousands, or in millions."""

import re
from decimal import Decimal

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, any_of
from monito_ray.pipeline.currencies import mark_expression
from monito_ray.pipeline.lexicon import derived

_THOUSAND, _MILLION, _ONE = Decimal(1_000), Decimal(1_000_000), Decimal(1)
_LONE_K = re.compile(r"[(\[]\s*K\s*[)\]]")
_OWN = re.compile(rf"\d\s?({LETTER}+)")


@derived(maxsize=10_000)
def of_title(title: str) -> Decimal:
    """Return by what the amounts under a title are multiplied: 1000 for "Harga (ribu)", "Цена, тыс. руб.", "Price (x1000)", else 1.

    A price for a thousand pieces ("per 1000", "за тыс. шт.") is none.
    """
    if not title:
        return _ONE
    if _thousands().search(title) or _round_thousands().search(title):
        return _THOUSAND
    return _MILLION if _millions().search(title) else _ONE


@derived(maxsize=10_000)
def of_remark(text: str) -> Decimal:
    """Return the factor that a remark above a table states in words ("Harga dalam ribuan rupiah"), else 1."""
    return _THOUSAND if _stated().search(text) else _ONE


def may_be_thousands(title: str) -> bool:
    """Return whether a title may say that its amounts are in thousands, or name a column or a currency: "Price (K)"."""
    return _LONE_K.search(title) is not None


def has_own(text: str) -> bool:
    """Whether a cell's text has a factor behind its number: "25rb"."""
    factors = {*lexicon.words("amounts", "thousand"), *lexicon.words("amounts", "million")}
    return any(word.casefold() in factors for word in _OWN.findall(text))


@derived()
def _thousands() -> re.Pattern[str]:
    return _named(("thousand", "multiples"), f"|{_in_multiples()}")


@derived()
def _millions() -> re.Pattern[str]:
    return _named(("million",), "")


def _named(keys: tuple[str, ...], more: str) -> re.Pattern[str]:
    """Return an expression for a multiple beside a currency, alone in brackets, or behind "in"; not behind a number."""
    words = {word for key in keys for word in lexicon.words("amounts", key)}
    multiple, mark = rf"(?<![\w])(?<!\d\s){any_of(words)}(?!{LETTER})\.?", mark_expression()
    beside = rf"{multiple}\s?{mark}|{mark}\s?(?:in\s)?{multiple}(?=\s*(?:$|[)\]/,]))"
    long = any_of(word for word in words if len(word) > 1)
    within = rf"[(\[]\s*{long}\.?\s*(?:/\s*{LETTER}+\.?\s*)?[)\]]"
    return re.compile(rf"{beside}|{within}{more}", re.IGNORECASE)


def _in_multiples() -> str:
    words = any_of(word for key in ("thousand", "multiples") for word in lexicon.words("amounts", key) if len(word) > 1)
    before = any_of(lexicon.words("amounts", "in_multiples"))
    return rf"(?<!\w){before}\s{words}(?!{LETTER})\.?"


@derived()
def _round_thousands() -> re.Pattern[str]:
    """Return an expression for "(x1000)", "(000)", "Rp '000", "x 1.000"."""
    mark = mark_expression()
    times = rf"(?<!\w)[x×*]\s?1[.,\s]?000(?!\d)(?!\s?(?!{mark}){LETTER})"
    noughts = (
        rf"[(\[]\s*(?:{mark}\s?)?['’.]?000['’]?s?\s?(?:{mark})?\s*[)\]]|{mark}\s?['’]?000['’]?s?(?!\d)|(?<![\w.,])['’]000['’]?s?(?!\d)"
    )
    return re.compile(rf"{times}|{noughts}", re.IGNORECASE)


@derived()
def _stated() -> re.Pattern[str]:
    return re.compile(rf"{_in_multiples()}(?:\s(?:of\s|de\s)?{mark_expression()}|\s*+(?:[).]\s*+)?$)", re.IGNORECASE)
