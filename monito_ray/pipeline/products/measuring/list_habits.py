"""How a list writes its quantities: what one row leaves open, the others tell.

"8pcs 496 gm" is 62 g each or 496 g together; "(30 pcs)" is what the price buys or what a carton holds; "0,45" has the unit that the list gives
it elsewhere; "24 pcs" in a pack column is bought where other cells there are "500 gr" or "10x10"; "500 x 10" is a dose and ten tablets where the list is of medicines.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import TIMES, any_of
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.measuring.measures import CountForm, Measure
from monito_ray.pipeline.spellings import content_spellings, count_spellings
from monito_ray.pipeline.units import content_units, small_units

#: One of several pieces whose sizes are given together weighs this at the least, in grams.
_LIGHTEST_PIECE = 20
#: Rows that must say what a carton holds, before counts in brackets of other rows are believed to say it, too.
_FEWEST_CARTONS = 3
#: Rows whose pack column must say what is bought, before bare counts of other rows say it, too; at least as many as those.
_FEWEST_PACKS = 3
#: Share of the rows with bare counts whose other prices must say that the price is for so many.
_CASE_PRICES = 0.9
#: Rows that must give a number the same unit, before it stands for other rows, too.
_FEWEST_OF_UNIT = 2
#: Of so many rows at the most it is looked whether they are medicines.
_SAMPLE = 500
#: A list of medicines says so in at least this share of its names: words for tablets, or doses.
_LEAST_MEDICINES = 0.3
#: Doses of tablets that are written without a unit are multiples of this, in mg.
_STEP_OF_DOSES = 50
#: "500 x 10": a dose and tablets, at the end of a name.
_DOSE_AND_TABLETS = re.compile(rf"(?<=[^\W\d_]\s)(?P<dose>\d{{3,4}})\s*[{TIMES}]\s*(?P<pieces>\d{{1,3}})\s*$", re.IGNORECASE)
#: The list gives 400 a unit in "400GX32", so that "400X32" has one.
_CHAIN = re.compile(
    rf"(?<![\d.,{TIMES}/*\-])(?<![{TIMES}*]\s)(?P<size>\d{{2,4}})\s*[{TIMES}]\s*(?P<pieces>\d{{1,3}})(?![\d.,%\"”]|\s*[{TIMES}*]\s*\d)",
    re.IGNORECASE,
)
#: The list gives 500 a unit in "x 500 g", so that "x 500" has it, too.
_BARE_TIMES = re.compile(rf"(?<!\w)[{TIMES}]\s?(?P<size>\d{{3,4}})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListHabits:
    """What the rows of a list say together."""

    #: A size behind a count of pieces is that of all pieces.
    sizes_are_totals: bool = True
    #: Counts in brackets are what a carton holds.
    brackets_are_cartons: bool = False
    #: The unit that the list gives a number wherever it gives one, in sizes of one piece and of several.
    units: Mapping[Decimal, str] = field(default_factory=dict)
    chain_units: Mapping[Decimal, str] = field(default_factory=dict)
    #: What its pack column counts is what the prices are for.
    packs_are_bought: bool = False
    #: Its goods are medicines.
    are_medicines: bool = False


def collect_list_habits(measures: Sequence[Measure]) -> ListHabits:
    """Return what the measures of a list's rows say together."""
    forms: Counter[CountForm] = Counter()
    totals = True
    units: defaultdict[Decimal, Counter[str]] = defaultdict(Counter)
    chain_units: defaultdict[Decimal, Counter[str]] = defaultdict(Counter)
    for measure in measures:
        if measure.size is not None:
            (units if measure.pack_count == 1 else chain_units)[measure.size][measure.unit] += 1
        if measure.count_form is not CountForm.PLAIN:
            forms[measure.count_form] += 1
            totals = totals and (measure.count_form is not CountForm.BEFORE_SIZE or _may_be_total(measure))
    are_cartons = forms[CountForm.OF_CARTON] >= max(_FEWEST_CARTONS, forms[CountForm.IN_BRACKETS])
    unsure = sum(measure.unsure_pieces > 1 for measure in measures)
    are_bought = forms[CountForm.OF_PACK_COLUMN] >= max(_FEWEST_PACKS, unsure) or (
        forms[CountForm.OF_CASE_PRICE] >= max(_FEWEST_PACKS, _CASE_PRICES * unsure)
    )
    return ListHabits(totals, are_cartons, _unanimous(units), _unanimous(chain_units), are_bought, _are_medicines(measures))


def _are_medicines(measures: Sequence[Measure]) -> bool:
    sample = measures[:: max(1, len(measures) // _SAMPLE)]
    medicines = sum(_medicine().search(measure.rest) is not None for measure in sample)
    return medicines >= max(_FEWEST_CARTONS, _LEAST_MEDICINES * len(sample))


def settle(measure: Measure, name: str, habits: ListHabits) -> Measure:
    """Return the measure of a row with what its list tells of it."""
    if measure.count_form is CountForm.BEFORE_SIZE and habits.sizes_are_totals and _may_be_total(measure):
        return replace(measure, pack_count=1)
    if measure.count_form is CountForm.IN_BRACKETS and habits.brackets_are_cartons:
        return replace(measure, pack_count=1)
    if measure.unsure_pieces > 1 and habits.packs_are_bought:
        return replace(measure, pack_count=measure.unsure_pieces)
    if habits.are_medicines and measure.pack_count == 1 and measure.size is None and (tablets := _DOSE_AND_TABLETS.search(name)):
        return _with_tablets(measure, tablets)
    if measure.size is None and (habits.units or habits.chain_units) and measure.price_unit not in content_units():
        return _with_bare_size(measure, name, habits)
    return measure


def _may_be_total(measure: Measure) -> bool:
    """Whether the size may be that of all pieces together: a whole number of grams for each that is not too light."""
    of_each = (measure.size or Decimal(0)) / measure.pack_count
    return measure.unit == "g" and of_each >= _LIGHTEST_PIECE and of_each == int(of_each)


def _unanimous(units: Mapping[Decimal, Counter[str]]) -> dict[Decimal, str]:
    return {size: next(iter(counts)) for size, counts in units.items() if len(counts) == 1 and counts.total() >= _FEWEST_OF_UNIT}


def _with_bare_size(measure: Measure, name: str, habits: ListHabits) -> Measure:
    """Return the measure with a size that the name gives without its unit: "0,45" at its end, "400X32"."""
    chain = _CHAIN.search(name)
    unit = habits.chain_units.get(Decimal(chain["size"]), "") if chain else ""
    if chain and unit in small_units():
        return replace(
            measure, size=Decimal(chain["size"]), unit=unit, pack_count=int(chain["pieces"]), rest=_without(measure.rest, chain.group())
        )
    times = _BARE_TIMES.search(name)
    unit = habits.units.get(Decimal(times["size"]), "") if times and measure.pack_count == int(times["size"]) else ""
    if times and unit in small_units():
        return replace(measure, size=Decimal(times["size"]), unit=unit, pack_count=1)
    bare = _bare_decimal().search(measure.rest)
    unit = habits.units.get(Decimal(bare["size"].replace(",", ".")), "") if bare else ""
    if bare is None or not unit:
        return measure
    return replace(measure, size=Decimal(bare["size"].replace(",", ".")), unit=unit, rest=_without(measure.rest, bare["size"]))


def _with_tablets(measure: Measure, tablets: re.Match[str]) -> Measure:
    if int(tablets["dose"]) % _STEP_OF_DOSES or tablets["pieces"] == "0":
        return measure
    behind_dose = tablets.string[tablets.end("dose") :].strip()
    return replace(measure, pack_count=int(tablets["pieces"]), rest=measure.rest.removesuffix(behind_dose).strip())


def _without(rest: str, text: str) -> str:
    return " ".join(rest.replace(text, " ").split()) or rest


@derived()
def _medicine() -> re.Pattern[str]:
    """The dose of a tablet, or a word for tablets."""
    doses = any_of(word for word in lexicon.words("other_units", "dose") if content_spellings().get(word, "mg") == "mg")
    return re.compile(rf"\d\s?{doses}(?!\w)|(?<!\w){any_of(lexicon.words('quantities', 'tablets'))}(?!\w)", re.IGNORECASE)


@derived()
def _bare_decimal() -> re.Pattern[str]:
    """A number with decimals at the end of a name, or before the word for a package there."""
    package = any_of(count_spellings())
    return re.compile(rf"(?<![\w.,{TIMES}/*\-])(?P<size>\d{{1,2}}[.,]\d{{1,3}})(?:\s+(?:{package})\.?)?\s*$", re.IGNORECASE)
