"""What a list says of itself outside its tables: supplier, date, currency, tax."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.amount_factors import has_own
from monito_ray.pipeline.characters import ALPHANUMERIC, WORD, any_phrase
from monito_ray.pipeline.currencies import currencies_stated, currencies_without_cents, currency_of_letter, currency_on_day
from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.files.file_names import without_dates, words_of_file_name
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.glossary import is_trade_word
from monito_ray.pipeline.rows.barcodes import currency_of_barcodes
from monito_ray.pipeline.rows.countries import currencies_of_countries, currency_of_country, is_of_places_abroad
from monito_ray.pipeline.rows.languages import currency_of_language
from monito_ray.pipeline.rows.shared_marks import Evidence, currency_of_measures, meant_currencies

#: Characters of a list that are looked at to tell its language.
LANGUAGE_SAMPLE = 40_000
#: So many names with a currency, and this share of them, show that of the list.
FEWEST_NAMES, NAMES_SHARE = 3, 0.03
#: Longer texts (characters) speak of more than taxes.
LONGEST_TAX_NOTE = 200
#: A supplier's name that is made of a file's has at most this many characters, and at least so many letters.
_LONGEST_SUPPLIER, _LEAST_LETTERS = 60, 2


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a list says of itself; "" or None where it does not."""

    supplier: str = ""
    #: The currency that the list names.
    currency: str = ""
    #: That, or the one that country, language or article numbers make likely.
    likely_currency: str = ""
    list_date: date | None = None
    tax_note: str = ""
    #: What marks mean that several currencies have, by the code that they are read as; "" where that stays open.
    meant: Mapping[str, str] = field(default_factory=dict, hash=False)

    def currency_meant(self, code: str) -> str:
        """Return what a currency read from a mark is in this list."""
        return self.meant.get(code, code)


@dataclass(frozen=True, slots=True)
class Shown:
    """How the tables of a list show its currency."""

    titles: Sequence[str] = ()
    #: Cells of prices, and those of columns of currencies.
    cells: Sequence[str] = ()
    currencies: Sequence[str] = ()
    #: What number formats draw.
    drawn: AbstractSet[str] = frozenset()


def read_letterhead(
    texts: Sequence[str],
    marked: Iterable[str],
    names: Iterable[str],
    codes: Iterable[str] = (),
    shown: Shown = Shown(),
    own: Sequence[str] | None = None,
) -> Letterhead:
    """Return what a list says of itself.

    Args:
        texts: the texts outside its tables, names of sheets among them.
        marked: the currencies that stand on its rows.
        names: some names of goods, which show its language.
        codes: texts with article numbers in them.
        shown: how its tables show its currency.
        own: the texts that may name the supplier, those that do not name the buyer; all texts unless given.
    """
    names = list(names)
    counts = Counter(code for code in marked if code)
    day = next((day for text in texts if (day := date_in(text))), None)
    mark = counts.most_common(1)[0][0] if counts else _stated_currency(texts)
    sample = "\n".join([*texts, *shown.titles, *names])[:LANGUAGE_SAMPLE]
    registered = currency_of_barcodes(codes)
    in_names = "" if mark else _currency_in_names(names)
    evidence = Evidence(texts, shown.titles, [*shown.cells, *shown.currencies], sample, registered)
    meant = meant_currencies(evidence, {*counts, mark, in_names, *shown.drawn})
    currency = meant.get(mark, mark)
    likely = currency or meant.get(in_names, in_names)
    if not likely and "" not in meant.values():
        likely = _inferred_currency(texts, shown, names) or registered
    meant = {code: currency_on_day(other, day) for code, other in meant.items()}
    supplier = _supplier(texts if own is None else own)
    return Letterhead(supplier, currency_on_day(currency, day), currency_on_day(likely, day), day, _tax_note(texts), meant)


def _supplier(texts: Sequence[str]) -> str:
    """Return the first company that the texts name, "" where they name none."""
    matches = (match for text in texts if (match := _company_name().search(text)))
    return next((_without_address(match.group()) for match in matches), "")


def _without_address(text: str) -> str:
    """Return a company's name without post codes, telephone numbers and dates behind it, its quotes closed."""
    name = _behind_company().split(text, maxsplit=1)[0].strip(" .'-–")
    return name + '"' if name.count('"') % 2 else name


def supplier_of_file(file_name: str) -> str:
    """Return a supplier's name where the list gives none: that of the file, without what is another in next week's.

    All of the file's name is taken where the rest is no name, or one that others' files have as well: "vegetables".
    """
    whole = words_of_file_name(file_name)
    bare = without_dates(whole)
    words = [word.casefold() for word in re.findall(WORD, bare)]
    is_name = sum(map(str.isalpha, bare)) >= _LEAST_LETTERS and not all(map(is_trade_word, words))
    return (bare if is_name else whole)[:_LONGEST_SUPPLIER].strip() or "unknown"


def says_tax(text: str) -> bool:
    """Return whether a text begins with the word for a tax."""
    return _tax().match(text.strip()) is not None


def _tax_note(texts: Sequence[str]) -> str:
    return next((text for text in texts if len(text) <= LONGEST_TAX_NOTE and _tax().search(text)), "")


def _stated_currency(texts: Sequence[str]) -> str:
    """Return the one currency that the texts name, "" where they name none or several."""
    codes = {code for text in texts for code in currencies_stated(text)}
    return codes.pop() if len(codes) == 1 else ""


def _currency_in_names(names: Sequence[str]) -> str:
    """Return the one currency that stands in some names: "Crisps 6 x 25 g \u00a31.25", the price that buyers shall ask."""
    counts = Counter(code for name in names for code in set(currencies_stated(name)))
    fewest = max(FEWEST_NAMES, NAMES_SHARE * len(names))
    return next(iter(counts)) if len(counts) == 1 and counts.total() >= fewest else ""


def _inferred_currency(texts: Sequence[str], shown: Shown, names: Sequence[str]) -> str:
    """Return the money of the supplier's country, else that of a letter before all prices, else that of the language."""
    around = [*texts, *shown.titles]
    if by_country := currency_of_country(around):
        return by_country
    elsewhere = bool(currencies_of_countries(around))
    if not elsewhere and (by_letter := currency_of_letter(shown.cells)):
        return by_letter
    # Names may be of foreign brands; how the supplier speaks of them says more.
    for sample in (texts, [*texts, *names]):
        if by_language := currency_of_language("\n".join(sample)[:LANGUAGE_SAMPLE], elsewhere=elsewhere):
            is_open = is_of_places_abroad(names, by_language) or _are_unlikely_thousands(shown.cells, by_language)
            return "" if is_open else by_language
    return "" if elsewhere else currency_of_measures(names)


def _are_unlikely_thousands(cells: Sequence[str], currency: str) -> bool:
    """Whether most prices have a word for thousands ("35\u043a") in money whose thousands are much: such a list may be of a country with smaller money."""
    return currency not in currencies_without_cents() and sum(map(has_own, cells)) * 2 > len(cells)


@derived()
def _company_name() -> re.Pattern[str]:
    """Return an expression for a company's name with its legal form before or behind it, as written: "PT Zarvex", "Zarvex Ltd".

    Behind a form the name begins with a capital, a quote, or a letter of another alphabet. A form that is a word ("Toko") counts in
    capitals where a text begins with it: "HARGA TOKO BALI" are prices for shops.
    """
    before, after = (any_phrase(lexicon.words("companies", key), blank=r"\s?") for key in ("before", "after"))
    in_capitals = any_phrase([form.upper() for form in lexicon.words("companies", "before") if form != form.upper()])
    return re.compile(
        rf"(?:(?:^|(?<=[\s(«\"])){before}|^{in_capitals})(?:\.\s?|\s)(?=[A-Z]|[^\x00-\x7f]|[\"«“])[^\n|,;]{{2,60}}|[^\n|,;]{{2,50}}\s{after}(?!\w)\.?"
    )


@derived()
def _behind_company() -> re.Pattern[str]:
    """Return an expression for what ends a company's name in its line: a post code, a telephone number, a date."""
    date = rf"\s(?:{any_phrase(lexicon.words('titles', 'date'))}\W{{1,3}})?\d\d?[./-]\d\d?[./-]\d\d"
    return re.compile(rf"\s\d{{4,}}|\s{any_phrase(lexicon.words('letterhead', 'telephone'))}\b|{date}", re.IGNORECASE)


@derived()
def _tax() -> re.Pattern[str]:
    return re.compile(rf"(?<!{ALPHANUMERIC}){any_phrase(lexicon.words('letterhead', 'tax'))}(?!{ALPHANUMERIC})", re.IGNORECASE)
