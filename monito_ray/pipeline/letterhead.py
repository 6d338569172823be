"""What a list says of itself outside its tables: supplier, date, currency, tax."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from monito_ray.pipeline import countries, prices
from monito_ray.pipeline.dates import date_in

_COMPANY = re.compile(
    r"(?:^|(?<=[\s(«\"]))(?:(?:PT|UD|CV|PD|TB|Toko)(?:\.\s?|\s)(?=[A-Z])|(?:ООО|ОАО|ЗАО|АО|ИП|ТМ|ТД|ЧП|ФОП|ТОВ|ТОО)\s)[^\n|,;]{2,60}"
    r"|[^\n|,;]{2,50}\s(?:Ltd|LLC|Inc|GmbH|S\.?A\.?S?|S\.?R\.?L|Corp|Co)\b\.?",
)
_TAX = re.compile(r"(?<![^\W_])(ppn|ндс|пдв|vat|iva|gst|mwst|tva|pajak|tax)(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a list says of itself; "" or None where it does not."""

    supplier: str = ""
    currency: str = ""
    list_date: date | None = None
    tax_note: str = ""


def read(lines: Sequence[str], marked: Iterable[str], samples: Iterable[str]) -> Letterhead:
    """Understand a list's own words.

    `lines` are the texts outside the tables (sheet names too), `marked` the currencies found on rows, `samples` some names for
    the language.
    """
    counted = Counter(code for code in marked if code)
    currency = counted.most_common(1)[0][0] if counted else _stated_currency(lines)
    return Letterhead(
        supplier=next((_company(found.group()) for line in lines if (found := _COMPANY.search(line))), ""),
        currency=currency or _spoken_currency(lines, samples),
        list_date=next((day for line in lines if (day := date_in(line))), None),
        tax_note=next((line[:200] for line in lines if _TAX.search(line) and len(line) <= 200), ""),
    )


def _company(text: str) -> str:
    """A company's name without what follows it (post codes, telephone numbers) and with its quotes closed."""
    name = re.split(r"\s\d{4,}|\s(?:tel|тел|phone|telp|fax|hp)\b", text, maxsplit=1, flags=re.IGNORECASE)[0].strip(" .'-–")
    return name + '"' if name.count('"') % 2 else name


def _stated_currency(lines: Sequence[str]) -> str:
    """The one currency that the lines name; short marks ("Rp", "TL") only beside an amount or in brackets."""
    codes = Counter(code for line in lines for mark in _CURRENCY_MARK.findall(line) if (code := prices.currency_of(mark)))
    return next(iter(codes)) if len(codes) == 1 else ""


_CURRENCY_MARK = re.compile(
    r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])|[$€£₽₴₸₹₱৳¥₩₫฿₺₾₪₦]|\([^\W\d_]{1,2}\)|(?<![^\W_])[^\W\d_]{2}\.?\s?(?=\d[\d.,]{3,})"
)


_LETTERS = {"UAH": "іїєґ", "KZT": "әғқңөұүһ"}
"""Letters that Russian does not have, and whose they are."""
_INDONESIAN = re.compile(
    r"\b(dan|yang|harga|isi|dus|kecil|besar|minyak|beras|gula|tepung|kecap|sambal|ayam|ikan|sayur|buah|telur|susu|kopi|teh|sabun|kantong|bawang|cabe|cabai|daun|jeruk|kelapa|merah|putih|hijau|manis|asin|bumbu|goreng|pcs|karton|bungkus|sachet|rokok|kretek|ikat|jawa|bali|lokal|segar|kentang|wortel|tomat|terong|jamur)\b",
    re.IGNORECASE,
)


def _spoken_currency(lines: Sequence[str], samples: Iterable[str]) -> str:
    """The currency that the letterhead's country makes clear, else the language: roubles for Russian, rupiah for Indonesian."""
    if by_country := countries.currency_of(lines):
        return by_country
    text = " ".join([*lines, *samples])[:20_000].casefold()
    letters = sum(map(str.isalpha, text)) or 1
    cyrillic = sum("а" <= ch <= "я" or ch == "ё" for ch in text)
    if cyrillic > 0.12 * letters and cyrillic >= 40:
        foreign = [currency for currency, own in _LETTERS.items() if any(ch in own for ch in text)]
        # Several countries' cues together, or letters of two: nothing is clear.
        return "RUB" if not foreign and not countries.is_named(lines) else foreign[0] if len(foreign) == 1 else ""
    words = len(text.split()) or 1
    found = _INDONESIAN.findall(text)
    return "IDR" if len(set(found)) >= 4 and len(found) > 0.04 * words else ""
