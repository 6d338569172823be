"""Find quantities in a text: sizes, counts of pieces, what a carton holds.

A text is searched once, from left to right, with the expression of `quantity_patterns`; here each match becomes a `Quantity`, or none.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import prod

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.quantity_patterns import (
    named_count_pattern,
    named_count_stems,
    named_counts,
    package_before_pattern,
    quantity_pattern,
    small_pieces_before_pattern,
)
from monito_ray.pipeline.spellings import content_spellings, count_spellings
from monito_ray.pipeline.units import base_factors, pieces_of, small_units

_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_NUMERAL = re.compile(r"[\d½¼¾]")
#: Doses of tablets that are written without a unit, in mg; packs of so many say "tablets".
_SMALLEST_DOSE, _STEP_OF_DOSES = 200, 50
_TWO_FACTORS = re.compile(rf"(?P<dose>\d+)\s*(?P<times>[{TIMES}*])\s*(?P<pieces>\d+)")
#: No box has more tablets: one of two such factors is a dose.
_MOST_TABLETS = 1_000
#: More is no pack: the factors are dimensions, or a code.
_MOST_PIECES = 10_000
#: Sizes of goods in any unit lie between these: the store has six digits behind the point, and nothing is sold by the billion.
LEAST_SIZE, MOST_SIZE = Decimal("0.000001"), Decimal(10) ** 9
#: A range whose upper end is more than this many times the lower one is a number before a size.
_WIDEST_RANGE = 6
#: A lone capital G behind a whole number up to this may mean gallons, or a generation of phones: "5G"; networks have ten of it.
_LARGEST_UNSURE_G, _NETWORK_G = 5, 10
#: "21/25 ct" are the pieces of a pound: the upper end of such a grade is at most so many times the lower one.
_WIDEST_GRADE = 1.7
#: Packages of which a number behind them counts the pieces; a "box 2" is the second one, and a "sack 25" holds kilograms. A smaller number may number them.
_PACKED_UNITS, _LEAST_PACKED = frozenset(("carton", "crate", "tray")), 6
_LETTER = re.compile(LETTER)
_QUANTITY_BEFORE = re.compile(rf"\d\s*{LETTER}{{1,5}}\.?\s*$")


class QuantityKind(StrEnum):
    """What a quantity in a text is."""

    #: Content of one piece: "24x330ml".
    SIZE = "size"
    #: Pieces: "1 dus isi 40", "5 pcs".
    COUNT = "count"
    #: Pieces in a package of which the text may say more: "pack of 6".
    PACK = "pack"
    #: What a package holds, beside the price of something else: "(288/dus)".
    CARTON = "carton"
    #: What a volume holds of an active substance: "500 mg/5 ml". No content.
    DOSE = "dose"
    #: A weight that varies: "2 - 3 kg". No content.
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at `start:end` of a text."""

    kind: QuantityKind
    start: int
    end: int
    #: SIZE: of one piece. DOSE: the volume, where it is a number of ml.
    size: Decimal | None = None
    #: The canonical unit of `size`.
    unit: str = ""
    #: SIZE, COUNT, CARTON: 1 where the text gives no count.
    pieces: int = 1
    #: The canonical unit of the package or pieces: COUNT: "carton" for "1 dus isi 40"; CARTON: what holds the pieces; SIZE: "bottle" for "1 l/btl".
    container: str = ""


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of `text` in reading order; none overlaps another."""
    if not text:
        return ()
    lowered = text.replace("\u0130", "i").lower()  # "\u0130".lower() is two characters, and positions would not be those of `text`
    quantities = []
    if _NUMERAL.search(text):
        read = [_read_match(match, text) for match in quantity_pattern().finditer(lowered)]
        quantities = [quantity for quantity in read if quantity is not None]
    for stem in named_count_stems():
        if stem in lowered:
            return tuple(_with_named(quantities, lowered))
    return tuple(quantities)


def _with_named(quantities: list[Quantity], lowered: str) -> list[Quantity]:
    """Return the quantities of a text in lower case with those in words alone: "twin pack"."""
    named = []
    for match in named_count_pattern().finditer(lowered):
        pieces, unit = named_counts()[match.group()]
        if not any(quantity.start < match.end() and match.start() < quantity.end for quantity in quantities):
            named.append(Quantity(QuantityKind.COUNT, *match.span(), pieces=pieces, container=unit))
    return sorted([*quantities, *named], key=lambda quantity: quantity.start)


def parse_size(text: str, unit: str) -> Decimal:
    """Return the value of "1,5", "1.550" or "1/2" before `unit`; three digits behind one separator are thousands of small units alone."""
    text = text.strip()
    if "/" in text:
        whole, _, fraction = text.replace("-", " ").rpartition(" ")
        above, below = fraction.split("/")
        return Decimal(whole.strip() or 0) + Decimal(above) / Decimal(below)
    if text[-1] in _FRACTIONS:
        return Decimal(text[:-1].strip() or 0) + _FRACTIONS[text[-1]]
    separators = [char for char in text if char in ".,"]
    if not separators:
        return Decimal(text)
    last = text.rindex(separators[-1])
    if _are_thousands(separators, len(text) - last - 1, unit, text):
        return Decimal(text.replace(separators[0], ""))
    return Decimal(text[:last].replace(",", "").replace(".", "") + "." + text[last + 1 :])


def _are_thousands(separators: list[str], digits_behind: int, unit: str, text: str) -> bool:
    if len(separators) > 1:
        return len(set(separators)) == 1
    return digits_behind == 3 and unit in small_units() and text[0] not in "0."


def _read_match(match: re.Match[str], text: str) -> Quantity | None:
    """Return what a rule matched in the lower case of `text`, None where it is no quantity after all."""
    rule = match.lastgroup
    if rule == "dose":
        return _read_dose(match)
    if rule == "range":
        return Quantity(QuantityKind.RANGE, *match.span()) if _is_range(match) else _read_size(match, "range", text)
    if rule == "carton":
        return _read_carton(match)
    if rule == "size":
        return _read_size(match, "size", text)
    return _read_count(match, str(rule))


def _read_dose(match: re.Match[str]) -> Quantity:
    volume = parse_size(match["dose_volume"], "ml") if match["dose_volume"] else None
    if volume is None or not LEAST_SIZE <= volume < MOST_SIZE:
        return Quantity(QuantityKind.DOSE, *match.span())
    return Quantity(QuantityKind.DOSE, *match.span(), volume, "ml")


def _is_range(match: re.Match[str]) -> bool:
    unit = _content_unit(match["range_unit"])
    low_unit = _content_unit(match["range_low_unit"]) if match["range_low_unit"] else unit
    low, high = _in_base_unit(match["range_low"], low_unit), _in_base_unit(match["range_size"], unit)
    return low < high <= low * _WIDEST_RANGE


def _in_base_unit(written: str, unit: str) -> Decimal:
    # Units without a factor have only ranges of one unit: the factor does not matter.
    _, factor = base_factors().get(unit, (unit, Decimal(1)))
    return parse_size(written, unit) * factor


def _read_carton(match: re.Match[str]) -> Quantity | None:
    pieces = _product(match["carton_count"])
    return Quantity(QuantityKind.CARTON, *match.span(), pieces=pieces, container=_count_unit(match["carton_unit"])) if pieces else None


def _read_size(match: re.Match[str], rule: str, text: str) -> Quantity | None:
    """Return the size that the rule `size` matched, or the upper end of what `range` took for a range."""
    start = match.start() if rule == "size" else match.start("range_size")
    written, unit_text = match[f"{rule}_size"], match[f"{rule}_unit"]
    lead, by, tail, per = match.group("size_lead", "size_by", "size_tail", "size_per") if rule == "size" else (None,) * 4
    unit = _content_unit(unit_text)
    size = parse_size(written, unit)
    pieces = _product(f"{lead or ''} {tail or ''}") if lead or tail else 1
    if not LEAST_SIZE <= size < MOST_SIZE or pieces == 0 or _is_year(written, unit_text):
        return None
    if unit_text in _of_sheets() and _sheet_goods().search(text):
        return _sheets(match, int(size) * pieces) if unit == "l" and size == int(size) and _sold_by_sheet().search(text) else None
    is_alone = not lead and not tail and not by
    if is_alone and text[match.start(f"{rule}_unit") : match.end(f"{rule}_unit")] == "G" and _is_unsure(size, text, start, match.end()):
        return None
    return Quantity(QuantityKind.SIZE, start, match.end(), size, unit, pieces, _count_unit(per) if per else "")


def _sheets(match: re.Match[str], sheets: int) -> Quantity | None:
    """Return the sheets of paper napkins as pieces: "100 л"."""
    return Quantity(QuantityKind.COUNT, *match.span(), pieces=sheets, container="pcs") if 0 < sheets <= _MOST_PIECES else None


def _is_year(written: str, unit_text: str) -> bool:
    return len(written) == 4 and written[:2] in ("19", "20") and unit_text.casefold() in lexicon.words("quantities", "year")


def _is_unsure(size: Decimal, text: str, start: int, end: int) -> bool:
    """Whether a lone capital G behind a number may mean gallons, gigabytes, or a generation of networks or phones: "5G", "8+128G", "10G SFP"."""
    if size != int(size) or _counted_before().search(text, 0, start):
        return False
    is_glued = text[start - 1 : start] in ("+", "/") or text[end : end + 1].isalpha()
    return is_glued or size <= _LARGEST_UNSURE_G or (size == _NETWORK_G and _network_word().search(text) is not None)


def _read_count(match: re.Match[str], rule: str) -> Quantity | None:
    start, end = match.span()
    pieces, unit = _product(match[f"{rule}_count"]), _unit_of_count(match, rule)
    if rule == "number" and (of_dose := _pieces_behind_dose(match)):
        return of_dose
    if rule == "bracket" and not small_pieces_before_pattern().search(match.string, 0, start):
        return None
    if rule == "packed":
        return _packed_pieces(match, pieces)
    may_hold = rule == "contains" or (rule == "of" and not unit)  # "set of 4 packs" says itself what is counted
    package = package_before_pattern().search(match.string, 0, start) if may_hold else None
    if (
        not pieces
        or (rule == "number" and (is_grade(match["number_count"]) or _is_dose(pieces, match["number_unit"])))
        or (rule == "times" and _is_no_count(match.string, start, end))
    ):
        return None
    if package:
        kind = QuantityKind.PACK if rule == "of" else QuantityKind.COUNT
        return Quantity(kind, package.start(), end, pieces=pieces, container=_count_unit(package["package"]))
    if may_hold and (rule == "of" or match["contains_sign"]):
        return None
    return Quantity(QuantityKind.COUNT, start, end, pieces=pieces * pieces_of(unit), container=unit)


def _packed_pieces(match: re.Match[str], pieces: int) -> Quantity | None:
    """Return the pieces of "crate 12" behind the name of goods; None for the number of a box, and for goods that are called a tray or a carton."""
    package = package_before_pattern().search(match.string, 0, match.start())
    unit = _count_unit(package["package"]) if package else ""
    if package is None or unit not in _PACKED_UNITS or pieces < _LEAST_PACKED or not _LETTER.search(match.string, 0, package.start()):
        return None
    return Quantity(QuantityKind.COUNT, package.start(), match.end(), pieces=pieces, container=unit)


def _pieces_behind_dose(match: re.Match[str]) -> Quantity | None:
    """Return the tablets behind a dose without its unit: the 10 of "400 x 10 caps"; None where there is no dose."""
    numbers = _TWO_FACTORS.fullmatch(match["number_count"])
    if numbers is None or match["number_unit"].rstrip(".") not in lexicon.words("quantities", "tablets"):
        return None
    dose, pieces = int(numbers["dose"]), int(numbers["pieces"])
    if (dose < _SMALLEST_DOSE or dose % _STEP_OF_DOSES) and dose * pieces <= _MOST_TABLETS:
        return None
    return Quantity(QuantityKind.COUNT, match.start("number_count") + numbers.start("times"), match.end(), pieces=pieces, container="pcs")


def is_grade(count: str) -> bool:
    """Return whether a number of pieces is a grade of shrimps or nuts: the "21/25" of "21/25 ct"."""
    low, _, high = count.partition("/")
    return low.isdecimal() and high.isdecimal() and int(low) < int(high) <= int(low) * _WIDEST_GRADE


def _is_dose(number: int, unit: str) -> bool:
    """Whether a number before the word for one tablet is the dose of each: "Ibuprofen 400 tab"."""
    return number >= _SMALLEST_DOSE and number % _STEP_OF_DOSES == 0 and unit.rstrip(".") in lexicon.words("quantities", "one_tablet")


def _unit_of_count(match: re.Match[str], rule: str) -> str:
    """Return the canonical unit of what is counted, "" where the text names none."""
    if rule in ("described", "bracket"):
        return "pcs"
    written = match[f"{rule}_unit"] if rule in ("number", "of") else None
    return _count_unit(written) if written else ""


def _is_no_count(text: str, start: int, end: int) -> bool:
    """Whether the "x 30" at `start:end` continues a dimension ("20 x 30") or is the name of a model ("X5", "X85 Turbo")."""
    before = text[:start]
    if not before.strip() or _dimension().search(before):
        return True
    is_glued = text[start + 1].isdigit() and not _QUANTITY_BEFORE.search(before)
    ends_phrase = not text[end:].strip() or text[end:].lstrip()[0] in "-,;)"
    is_short = end - start < 3
    return is_glued and text[start + 1 : end] != "1" and before.rstrip()[-1].isalnum() and (is_short or not ends_phrase)


def _product(text: str) -> int:
    """Return the product of the numbers in `text`, 1 where it has none, and 0 where that can be no number of pieces."""
    pieces = prod(int(digits) for digits in re.findall(r"\d+", text.replace(",", "")))
    return pieces if 0 < pieces <= _MOST_PIECES else 0


def _content_unit(text: str) -> str:
    spelling = text.casefold().rstrip(".")
    if spelling in lexicon.words("quantities", "parted_gallons"):
        return "gal"
    return content_spellings().get(spelling) or content_spellings()[" ".join(spelling.split())]


def _count_unit(text: str) -> str:
    return count_spellings()[" ".join(text.casefold().split()).rstrip(".")]


@derived()
def _of_sheets() -> frozenset[str]:
    """Return the units that of paper are grams of a square metre, or sheets."""
    return frozenset(lexicon.words("quantities", "of_sheets"))


@derived()
def _sheet_goods() -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){any_phrase(lexicon.words('quantities', 'sheet_goods'))}", re.IGNORECASE)


@derived()
def _sold_by_sheet() -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){any_phrase(lexicon.words('quantities', 'sold_by_sheet'))}", re.IGNORECASE)


@derived()
def _counted_before() -> re.Pattern[str]:
    return re.compile(rf"\d\s*{any_of(count_spellings())}\.?\s*$", re.IGNORECASE)


@derived()
def _network_word() -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){any_phrase(lexicon.words('quantities', 'networks'))}", re.IGNORECASE)


@derived()
def _dimension() -> re.Pattern[str]:
    units = any_phrase(lexicon.words("other_units", "dimension"))
    return re.compile(rf"(?:\d\s*{units}\.?|[\d\"”'°])\s*$", re.IGNORECASE)
