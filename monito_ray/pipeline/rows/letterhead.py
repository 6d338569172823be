"""What a list says of itself outside its tables: supplier, date, currency, tax."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.currencies import currencies_stated, currency_on_day
from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.rows import barcodes, countries, languages

_SPOKEN = 40_000


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a list says of itself; "" or None where it does not.

    `currency` is the one that it names; `likely_currency` that, or the one that everything else makes clear.
    """

    supplier: str = ""
    currency: str = ""
    likely_currency: str = ""
    list_date: date | None = None
    tax_note: str = ""


def read_letterhead(lines: Sequence[str], marked: Iterable[str], samples: Iterable[str], codes: Iterable[str] = ()) -> Letterhead:
    """Understand a list's own words.

    `lines` are the texts outside the tables (sheet names too), `marked` the currencies found on rows, `samples` some names for
    the language, `codes` texts with article numbers in them.
    """
    counted = Counter(code for code in marked if code)
    day = next((day for line in lines if (day := date_in(line))), None)
    currency = counted.most_common(1)[0][0] if counted else _stated_currency(lines)
    likely = currency or _inferred_currency(lines, samples, codes)
    return Letterhead(
        supplier=next((_company(found.group()) for line in lines if (found := _company_name().search(line))), ""),
        currency=currency_on_day(currency, day),
        likely_currency=currency_on_day(likely, day),
        list_date=day,
        tax_note=next((line[:200] for line in lines if _tax().search(line) and len(line) <= 200), ""),
    )


def _company(text: str) -> str:
    """A company's name without what follows it (post codes, telephone numbers) and with its quotes closed."""
    name = _behind_company().split(text, maxsplit=1)[0].strip(" .'-–")
    return name + '"' if name.count('"') % 2 else name


def _stated_currency(lines: Sequence[str]) -> str:
    """The one currency that the lines speak of, "" where they speak of none or several."""
    codes = {code for line in lines for code in currencies_stated(line)}
    return codes.pop() if len(codes) == 1 else ""


def _inferred_currency(lines: Sequence[str], samples: Iterable[str], codes: Iterable[str]) -> str:
    """The currency that the letterhead's country makes clear, else the language, else where the goods are registered."""
    if by_country := countries.currency_of_country(lines):
        return by_country
    is_named = countries.names_country(lines)
    # Names may be of foreign brands; how the supplier speaks of them says more.
    for text in ("\n".join(lines)[:_SPOKEN], "\n".join([*lines, *samples])[:_SPOKEN]):
        if spoken := languages.currency_of_language(text, elsewhere=is_named):
            return spoken
    return barcodes.currency_of_barcodes(codes)


@derived()
def _company_name() -> re.Pattern[str]:
    """A company's name with its legal form before or behind it; a form before it stands in capitals, and the name begins with one."""
    before, after = (any_phrase(lexicon.words("companies", key), blank=r"\s?") for key in ("before", "after"))
    return re.compile(
        rf"(?:^|(?<=[\s(«\"])){before}(?:\.\s?|\s)(?=[A-Z]|[^\x00-\x7f]|[\"«“])[^\n|,;]{{2,60}}|[^\n|,;]{{2,50}}\s{after}(?!\w)\.?"
    )


@derived()
def _behind_company() -> re.Pattern[str]:
    """What follows a company's name in its line: a post code, a telephone number."""
    return re.compile(rf"\s\d{{4,}}|\s{any_phrase(lexicon.words('letterhead', 'telephone'))}\b", re.IGNORECASE)


@derived()
def _tax() -> re.Pattern[str]:
    return re.compile(rf"(?<!{ALPHANUMERIC}){any_phrase(lexicon.words('letterhead', 'tax'))}(?!{ALPHANUMERIC})", re.IGNORECASE)
