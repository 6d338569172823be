"""What a list says of itself outside its tables: supplier, date, currency, tax."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monito_ray.pipeline.currencies import currencies_stated, currency_on_day
from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.rows import barcodes, countries, languages

_COMPANY = re.compile(
    r"(?:^|(?<=[\s(«\"]))(?:(?:PT|UD|CV|PD|TB|Toko)(?:\.\s?|\s)(?=[A-Z])|(?:ООО|ОАО|ЗАО|АО|ИП|ТМ|ТД|ЧП|ФОП|ТОВ|ТОО)\s)[^\n|,;]{2,60}"
    r"|[^\n|,;]{2,50}\s(?:Ltd|LLC|Inc|GmbH|S\.?A\.?S?|S\.?R\.?L|Corp|Co)\b\.?",
)
_SPOKEN = 40_000
_TAX = re.compile(r"(?<![^\W_])(ppn|ндс|пдв|vat|iva|gst|mwst|tva|pajak|tax)(?![^\W_])", re.IGNORECASE)


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
        supplier=next((_company(found.group()) for line in lines if (found := _COMPANY.search(line))), ""),
        currency=currency_on_day(currency, day),
        likely_currency=currency_on_day(likely, day),
        list_date=day,
        tax_note=next((line[:200] for line in lines if _TAX.search(line) and len(line) <= 200), ""),
    )


def _company(text: str) -> str:
    """A company's name without what follows it (post codes, telephone numbers) and with its quotes closed."""
    name = re.split(r"\s\d{4,}|\s(?:tel|тел|phone|telp|fax|hp)\b", text, maxsplit=1, flags=re.IGNORECASE)[0].strip(" .'-–")
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
