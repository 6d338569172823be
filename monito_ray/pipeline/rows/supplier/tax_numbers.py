"""Tax numbers beside their labels: "NPWP: 01.300.066.6-091.000", "ИНН 7707083893". Those that have check digits count only where these are right."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.lexicon import derived

_BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: What stands between a label and its number: "NPWP No. : ", "ИНН/КПП ".
_BETWEEN = r"(?:/[^\W\d_]{2,4})?[^\w\n]{0,3}(?:(?:no|nr|n°|№|num|number)\b\.?)?[^\w\n]{0,4}"
_NUMBER = r"(?P<number>[A-Z]{0,4}[ ]?\d(?:[A-Z0-9]|[ ./-](?=[A-Z0-9])){5,24})"
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class TaxScheme:
    """The tax numbers of one register."""

    #: What the whole number looks like, without marks between its parts and in capitals.
    form: re.Pattern[str]
    #: Whether the check digits of a number of this form are right.
    is_right: Callable[[str], bool] = lambda _: True


def tax_numbers_in(text: str) -> Iterator[str]:
    """Yield the tax numbers that stand behind a label in `text`, each as "scheme:NUMBER"."""
    for scheme, label in _labels().items():
        for match in label.finditer(text):
            if number := _number_of(scheme, match["number"]):
                yield f"{scheme}:{number}"


def is_tax_label(text: str) -> bool:
    """Return whether a cell holds the label of a tax number and nothing else, so that the number stands in the next cell."""
    return _bare_label().fullmatch(text.strip()) is not None


def _number_of(scheme: str, text: str) -> str:
    """Return the number at the beginning of a text, "" where none of this scheme is there: "7707083893/770701001" holds a second one."""
    parts = re.split(r"(?<=[A-Z0-9])[ ./-]", text)
    for count in range(len(parts), 0, -1):
        number = _NOT_ALPHANUMERIC.sub("", "".join(parts[:count]))
        if SCHEMES[scheme].form.fullmatch(number) and SCHEMES[scheme].is_right(number):
            return number
    return ""


def _remainder(number: str, weights: Sequence[int], modulus: int = 11) -> int:
    """Return the weighted sum of the first digits of a number, divided: what remains."""
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=False)) % modulus


def _is_luhn(number: str, alphabet: str = _BASE_36[:10]) -> bool:
    """Return whether the last character is the check digit of the others (ISO/IEC 7812, in any base)."""
    base = len(alphabet)
    values = [alphabet.index(char) for char in reversed(number)]
    doubled = (sum(divmod(2 * value, base)) for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % base == 0


def _is_inn(number: str) -> bool:
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    ends = {10: (weights[2:],), 12: (weights[1:], weights)}[len(number)]
    return all(_remainder(number, end) % 10 == int(number[len(end)]) for end in ends)


def _is_cuit(number: str) -> bool:
    return "012345678990"[11 - _remainder(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))] == number[10]


def _is_ruc(number: str) -> bool:
    return (11 - _remainder(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 10 == int(number[10])


def _is_nit(number: str) -> bool:
    body = number[-2::-1]
    return "01987654321"[_remainder(body, (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71))] == number[-1]


def _is_rut(number: str) -> bool:
    return "0K987654321"[_remainder(number[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3, 4))] == number[-1]


def _is_cnpj(number: str) -> bool:
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    ends = weights[1:], weights
    return all((11 - _remainder(number, end)) % 11 % 10 == int(number[len(end)]) for end in ends)


def _is_abn(number: str) -> bool:
    return (_remainder(number, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19), 89) - 10) % 89 == 0


def _is_edrpou(number: str) -> bool:
    weights = (7, 1, 2, 3, 4, 5, 6) if "30000000" < number < "60000000" else (1, 2, 3, 4, 5, 6, 7)
    first = _remainder(number, weights)
    return (first if first < 10 else _remainder(number, [weight + 2 for weight in weights]) % 10) == int(number[7])


def _is_bin(number: str) -> bool:
    first = _remainder(number, range(1, 12))
    return (first if first < 10 else _remainder(number, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))) == int(number[11])


def _is_unp(number: str) -> bool:
    return not number.isdigit() or _remainder(number, (29, 23, 19, 17, 13, 7, 5, 3)) == int(number[8])


def _is_nip(number: str) -> bool:
    return _remainder(number, (6, 5, 7, 2, 3, 4, 5, 6, 7)) == int(number[9])


def _is_vat(number: str) -> bool:
    """Check what begins with a country's letters by that country's rule, where it is among these."""
    rule = {"IT": _is_luhn, "PL": _is_nip}.get(number[:2])
    return rule is None or rule(number[2:])


def _scheme(form: str, is_right: Callable[[str], bool] = lambda _: True) -> TaxScheme:
    return TaxScheme(re.compile(form), is_right)


#: By the key that their labels have in the section `tax_numbers` of the lexicon.
SCHEMES = {
    "npwp": _scheme(r"\d{15}|0\d{15}", lambda number: _is_luhn(number[-15:-6])),
    "inn": _scheme(r"\d{10}|\d{12}", _is_inn),
    "unp": _scheme(r"[A-Z]{0,2}\d{7,9}", lambda number: _is_unp(number) if len(number) == 9 else False),
    "edrpou": _scheme(r"\d{8}", _is_edrpou),
    "bin": _scheme(r"\d{12}", _is_bin),
    "cuit": _scheme(r"\d{11}", _is_cuit),
    "ruc": _scheme(r"\d{11}", _is_ruc),
    "nit": _scheme(r"\d{9,10}", _is_nit),
    "rut": _scheme(r"\d{7,8}[0-9K]", _is_rut),
    "rfc": _scheme(r"[A-Z]{3,4}\d{6}[A-Z0-9]{3}"),
    "cnpj": _scheme(r"\d{14}", _is_cnpj),
    "gstin": _scheme(r"\d\d[A-Z]{5}\d{4}[A-Z][A-Z0-9]Z[A-Z0-9]", lambda number: _is_luhn(number, _BASE_36)),
    "abn": _scheme(r"\d{11}", _is_abn),
    "nip": _scheme(r"\d{10}", _is_nip),
    "vat": _scheme(r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[A-Z0-9]{8,12}", _is_vat),
    "tin": _scheme(r"\d{9}|\d{12,14}"),
}


@derived()
def _labels() -> dict[str, re.Pattern[str]]:
    return {
        scheme: re.compile(rf"(?<!{ALPHANUMERIC}){any_phrase(labels)}(?!{ALPHANUMERIC}){_BETWEEN}(?-i:{_NUMBER})", re.IGNORECASE)
        for scheme in SCHEMES
        if (labels := lexicon.words("tax_numbers", scheme))
    }


@derived()
def _bare_label() -> re.Pattern[str]:
    labels = [label for scheme in SCHEMES for label in lexicon.words("tax_numbers", scheme)]
    return re.compile(rf"{any_phrase(labels)}{_BETWEEN}", re.IGNORECASE)
