"""Currencies and their marks: signs, ISO codes and words. The only module that knows them.

The codes in circulation and the symbols are CLDR's; `data/money.toml` has what CLDR leaves open, the lexicon the words of languages.
"""

import pickle
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import localedata
from babel.core import get_global

from monito_ray.currency_codes import codes_in_circulation
from monito_ray.pipeline import data
from monito_ray.pipeline.characters import LETTER, any_of
from monito_ray.pipeline.lexicon import derived, entries

#: CLDR's symbols of fewer Latin letters do not count: "Br", "Ft" and "L" are words and units in most lists.
FEWEST_LATIN_LETTERS = 3
#: Words of fewer letters are too common in running text to be a currency's by themselves.
FEWEST_LETTERS_IN_TEXT = 3
#: A letter is that of a currency where so many price cells begin with it, and that share of them.
FEWEST_CELLS, CELLS_SHARE = 3, 0.6
_LETTER_BESIDE = re.compile(r"\s*(?:(?P<before>[A-Z])[.\s]?\s?\d.*|\d+[.,]\d\d\s?(?P<behind>[a-zA-Z])\s*)", re.DOTALL)
_DIGITS_OF_MILLS = 3
_AMOUNT_BEHIND = re.compile(r"\s?\d[\d.,]{3,}")
_SPLIT_MARK = re.compile(rf"(?<!{LETTER})([A-Z]{{1,3}})\s(?=\$)")
_DIRECTION_MARKS = str.maketrans({"\u200e": "", "\u200f": "", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Marks:
    """Each mark of a currency to its ISO code."""

    #: In lower case, without a full stop at the end; they count in any case.
    any_case: Mapping[str, str]
    #: Codes that may be words, too: they count in capitals alone.
    capitals: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SharedMarks:
    """What other currencies than its own a currency's marks may mean."""

    marks: frozenset[str]
    others: frozenset[str]
    #: Languages in whose lists the marks do not mean the currency by themselves.
    languages: tuple[str, ...]
    #: What stands in the letterheads of other countries alone.
    elsewhere: re.Pattern[str]
    #: Whether the marks never mean the currency by themselves.
    is_open: bool
    #: Measures of the country, and those of others: in English, which many countries write, lists with its own alone are in its money.
    measures: re.Pattern[str] | None
    other_measures: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class MarkAt:
    """A mark at `start:end` of a text."""

    start: int
    end: int
    code: str


@derived()
def marks() -> Marks:
    """Return all marks of the currencies in circulation."""
    money = data.table("money.toml")
    never = {mark.casefold() for mark in money["never"]["marks"]}
    codes = codes_in_circulation()
    common = set(money["codes"]["common"].split())
    any_case = _symbols(money["cldr"]["locales"].split(), codes) | {code.casefold(): code for code in common}
    for source in (entries("currencies"), money["marks"]):
        any_case |= {mark: code for code, written in source.items() for mark in written}
    capitals = {code: code for code in codes if code.casefold() not in any_case and code.casefold() not in never}
    return Marks({mark: code for mark, code in any_case.items() if mark not in never}, capitals)


@cache
def shared_marks() -> Mapping[str, SharedMarks]:
    """Return the marks that several currencies have, by the code that `currency_of_mark` gives for them."""
    return {
        code: SharedMarks(
            marks=frozenset(entry["marks"]),
            others=frozenset(entry["others"].split()),
            languages=tuple(entry.get("languages", "").split()),
            elsewhere=re.compile(entry.get("elsewhere", "(?!)")),
            is_open=entry.get("open", False),
            measures=_expression(entry.get("measures")),
            other_measures=_expression(entry.get("other_measures")),
        )
        for code, entry in data.table("money.toml")["shared"].items()
    }


def may_mean(code: str, other: str) -> bool:
    """Whether the marks that are read as `code` may be those of `other`: "$" those of Australian dollars."""
    return other == code or (code in shared_marks() and other in shared_marks()[code].others)


def _expression(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None


def is_named(code: str, texts: Iterable[str]) -> bool:
    """Whether any of `texts` names a currency by a mark that no other has: "US$", "USD", "dollar" and not "$" alone."""
    shared = shared_marks()[code].marks
    return any(
        mark.code == code and text[mark.start : mark.end].rstrip(".").casefold() not in shared
        for text in texts
        for mark in find_marks(text)
    )


def currency_of_mark(text: str) -> str:
    """Return the ISO code of the currency whose mark `text` is, with or without a full stop; "" where it is none."""
    mark = text.strip()
    bare = mark.rstrip(".")
    folded = marks().any_case
    return folded.get(bare.casefold()) or folded.get(mark.casefold()) or marks().capitals.get(bare, "")


def find_marks(text: str) -> Iterator[MarkAt]:
    """Yield the marks in a text, from left to right; of marks that overlap the longest counts."""
    for match in _any_mark().finditer(text):
        yield MarkAt(match.start(), match.end(), currency_of_mark(match.group()))


def without_mark_before(text: str) -> str:
    """Return what stands behind the mark that a text begins with; "" where it begins with none."""
    match = _any_mark().match(text)
    return text[match.end() :] if match else ""


def joined_marks(text: str) -> str:
    """Return the text with the letters of a mark beside its sign, where a blank stands between them: "A$ 5" for "A $ 5"."""
    return _SPLIT_MARK.sub(_without_blank, text) if "$" in text else text


def _without_blank(match: re.Match[str]) -> str:
    return match[1] if f"{match[1]}$".casefold() in marks().any_case else match.group()


def mark_before_amount(text: str) -> str:
    """Return the currency that `text` means where it stands before an amount in a price cell, and nothing else does: "Gs", "KD".

    A letter alone ("Q") means one before thousands or cents alone, and so does one behind cents ("e").
    """
    return _cell_marks("before").get(text, "") or _cell_marks("beside").get(text, "")


def mark_behind_amount(text: str) -> str:
    """Return the same where it stands behind the amount: "Ft", "e"."""
    return _cell_marks("behind").get(text, "") or _cell_marks("beside").get(text, "")


def currency_of_letter(cells: Sequence[str]) -> str:
    """Return the currency whose letter stands beside the amounts of most price cells ("P280", "0,50e"), "" where there is none."""
    before, behind = _cell_marks("letters"), _cell_marks("behind")
    codes = Counter(
        code
        for cell in cells
        if (match := _LETTER_BESIDE.fullmatch(cell)) and (code := before.get(match["before"] or "") or behind.get(match["behind"] or ""))
    )
    code, count = codes.most_common(1)[0] if codes else ("", 0)
    return code if count >= max(FEWEST_CELLS, CELLS_SHARE * len(cells)) else ""


def _cell_marks(place: str) -> Mapping[str, str]:
    marks_there: Mapping[str, str] = data.table("money.toml")["cells"][place]
    return marks_there


def without_marks(text: str) -> str:
    """Return the text with a blank for each mark."""
    return _any_mark().sub(" ", text)


@derived(maxsize=10_000)
def currency_named(text: str) -> str:
    """Return the ISO code of the one currency that a title or a cell names, "" where it names none or several."""
    codes = {mark.code for mark in find_marks(joined_marks(text))}
    for code, shared in shared_marks().items():
        if codes & shared.others:
            codes.discard(code)  # "$ (AUD)": other countries have dollars and pesos, too
    return codes.pop() if len(codes) == 1 else ""


def currencies_stated(line: str) -> list[str]:
    """Return the currencies that running text names; short words ("Rp", "TL") and rare codes count only beside an amount or in brackets."""
    return [mark.code for mark in find_marks(line) if _is_stated(line, mark)]


def currency_on_day(code: str, day: date | None) -> str:
    """Return the currency that a country had on `day`, where it has `code` today: "BYR" for "BYN" before July 2016."""
    replaced = data.table("money.toml")["replaced"].get(code)
    return str(replaced["was"]) if replaced and day and day < replaced["from"] else code


@cache
def currencies_of_mills() -> frozenset[str]:
    """Return the currencies whose amounts have three decimals: dinars of Kuwait, rials of Oman."""
    fractions: Mapping[str, tuple[int, ...]] = get_global("currency_fractions")
    return frozenset(code for code in codes_in_circulation() if code in fractions and fractions[code][0] == _DIGITS_OF_MILLS)


@cache
def currencies_without_cents() -> frozenset[str]:
    """Return the currencies whose amounts are whole, in CLDR by themselves or where people pay in cash: rupiah, yen."""
    fractions: Mapping[str, tuple[int, ...]] = get_global("currency_fractions")
    return frozenset(code for code in codes_in_circulation() if code in fractions and 0 in (fractions[code][0], fractions[code][2]))


def title_marks() -> tuple[str, ...]:
    """Return the marks that make a column one of prices when nothing else stands over it.

    Not all do: in a list with a column of currencies, the cells of that column would look like titles.
    """
    return tuple(data.table("money.toml")["titles"]["marks"].split())


@derived()
def mark_expression() -> str:
    """Return a regular expression for any mark, to be used without regard to case."""
    any_case = marks().any_case
    words = [mark for mark in any_case if mark[0].isalpha() and mark[-1].isalpha()]
    before_signs = [mark for mark in any_case if mark[0].isalpha() and not mark[-1].isalpha()]
    behind_signs = [mark for mark in any_case if not mark[0].isalpha() and mark[-1].isalpha()]
    signs = [mark for mark in any_case if not mark[0].isalpha() and not mark[-1].isalpha()]
    begin, end = rf"(?<!{LETTER})", rf"(?!{LETTER})"
    return (
        rf"(?:{begin}{any_of(before_signs)}|{any_of(behind_signs)}{end}|{any_of(signs)}"
        rf"|{begin}{any_of(words)}{end}\.?|{begin}(?-i:{any_of(marks().capitals)}){end})"
    )


@derived()
def _any_mark() -> re.Pattern[str]:
    return re.compile(mark_expression(), re.IGNORECASE)


def _is_stated(line: str, mark: MarkAt) -> bool:
    """Whether a mark in running text is more than a word like any other."""
    text = line[mark.start : mark.end].rstrip(".")
    before, behind = line[: mark.start][-1:], line[mark.end :]
    if not text.isalpha() or (before == "(" and behind[:1] == ")"):
        return True
    if before.isalnum():
        return False
    if text not in marks().capitals and _in_words().search(line, 0, mark.start):
        return True
    if text in marks().capitals or len(text) == FEWEST_LETTERS_IN_TEXT - 1:
        return _AMOUNT_BEHIND.match(behind) is not None
    return len(text) >= FEWEST_LETTERS_IN_TEXT and not behind[:1].isalnum()


@derived()
def _in_words() -> re.Pattern[str]:
    """Return an expression for a word that means "in", at the end of a text: "prices in", "dalam"."""
    return re.compile(rf"(?<!{LETTER}){any_of(entries('amounts')['in_multiples'])}\s$", re.IGNORECASE)


def _symbols(locales: Iterable[str], codes: set[str]) -> dict[str, str]:
    """Return CLDR's symbols in these locales, without codes and short words; a later locale wins."""
    symbols: dict[str, str] = {}
    for locale in locales:
        written_by_code = _symbols_by_code(locale)
        for code, written in written_by_code.items():
            symbol = written.translate(_DIRECTION_MARKS).casefold().rstrip(".")
            is_short_word = symbol.isascii() and symbol.isalpha() and len(symbol) < FEWEST_LATIN_LETTERS
            if code in codes and symbol.upper() not in codes and not is_short_word:
                symbols[symbol] = code
    return symbols


def _symbols_by_code(locale: str) -> Mapping[str, str]:
    """Return CLDR's symbols in one locale; `localedata.load` would keep all its data, a megabyte for each locale."""
    with Path(localedata.resolve_locale_filename(locale)).open("rb") as file:
        symbols: Mapping[str, str] = pickle.load(file)["currency_symbols"]  # noqa: S301 - the data that babel brings with it
    return symbols
