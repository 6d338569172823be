"""One line taken apart: the names in it, and the amounts that belong to each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.lines import line_names, masks, vocabulary
from monito_ray.pipeline.lines.amounts import AmountAt, Strength, amounts_in
from monito_ray.pipeline.lines.style import Style

#: A longer line (characters) is a paragraph, or no text at all: nothing in it is looked at.
LONGEST_LINE = 800
#: What parts an offer from the next one of its line.
_BETWEEN_OFFERS = re.compile(r"[,;|\t•·]|\s[/+&]\s|\s[-–—]\s")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TIED = re.compile(r"\s*[/|\\]\s*")
_LEAD = re.compile(r"\s[-–—=]\s*$|[:=]\s*$")
_GAP = re.compile(r"[\t ]+|\s*+[/,;|]\s*+\x02+\s*+(?:[-–—:=]\s*+)?|\s*+(?:\([^()]*\)\s*+)?[|/]\s*|\s+(?:[SML]|X{1,3}L)[ :]?")
#: Amounts of one thing in several sizes differ by at most this factor.
_WIDEST_TIERS = 12
#: The label of a second price in brackets that nothing else says of.
IN_BRACKETS = "in brackets"
#: A number so many times below the price on its line is a count.
FAR_BELOW = 100
#: Bare numbers that are years of vintages and dates.
YEARS = range(1985, 2036)
#: The kind of the last of several prices: "25 (75 cl) / 7 calice".
_ONE_WORD = re.compile(rf"\s*{LETTER}{{2,10}}\s*")
_PER_WORD = re.compile(rf"\s?/\s?{LETTER}{{2,10}}\.?\s*")
_STROKE_BEFORE = re.compile(r"/\s?\d+(?:[.,]\d+)?$")
#: So many pipes before a price part columns; fewer may part a name from what describes it.
_FEWEST_PIPES = 2
#: Words of a name in a line with several: more are a sentence.
_MOST_WORDS_BETWEEN = 6
#: Characters of a size between name and price.
_LONGEST_SIZE = 24
#: What a price is for has at most so many words: "a punnet", "за 1 шт".
_MOST_UNIT_WORDS = 3
#: So many offers behind a colon may be kinds of what stands before it; more stand under a title.
_MOST_KINDS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A name of a line and its amounts; the name is "" where the line has none, then `label` says of which size or kind they are."""

    name: str
    label: str
    amounts: tuple[AmountAt, ...]
    #: What says of each amount which price it is.
    labels: tuple[str, ...] = ("",)
    #: What stands behind the last amount.
    behind: str = ""
    #: What stands in columns between the name and the price: "600/150", "0.5 l".
    size: str = ""
    #: The title before the offers of the line: "drinks" of "Drinks: cola 1.20, still water 0.90".
    section: str = ""
    #: Whether the label says how much a buyer must take for the price.
    is_threshold: bool = False
    #: Whether the name is that of goods though one of its words is for a sum.
    is_goods: bool = False
    #: Why a person should look.
    doubt: str = ""


class ReadLine:
    """A line of text with its masked twin; what it says is worked out when it is needed. Of an overlong line `text` is ""."""

    __slots__ = ("__dict__", "line", "style", "text")

    def __init__(self, line: TextLine, style: Style) -> None:
        self.line, self.style = line, style
        text = line_names.without_struck(line.text) if len(line.text) <= LONGEST_LINE else ""
        start = line_names.bullet_end(text)
        self.text = " " * start + text[start:]

    @cached_property
    def masked(self) -> str:
        """The text with the numbers hidden that are no amounts."""
        return masks.without_labelled(masks.masked(self.text), self.style.labels)

    @cached_property
    def amounts(self) -> list[AmountAt]:
        """What may be amounts."""
        style = self.style
        return amounts_in(
            self.text,
            self.masked,
            style.decimals,
            style.own,
            parts_spaced=style.parts_spaced,
            thousands_spaced=style.thousands_spaced,
        )

    @cached_property
    def outside(self) -> list[AmountAt]:
        """Those that do not stand in brackets, unless a mark says what they are."""
        return [amount for amount in self.amounts if amount.strength >= Strength.PER or not self.is_bracketed(amount.start)]

    @cached_property
    def behind_code(self) -> list[AmountAt]:
        """Those outside of brackets but for a number that begins the line before words: a code; marked, where all lines have one ("158 RON AÑEJO")."""
        first = next(iter(self.outside), None)
        if first is None or self.text[: first.start].strip() or not self.is_first:
            return self.outside
        is_code = first.strength < Strength.PER or (self.style.coded and self.text[first.start].isdigit())
        return self.outside[1:] if is_code else self.outside

    def is_led(self, amount: AmountAt) -> bool:
        """Whether a dash, a colon or an equals sign stands right before an amount."""
        return _LEAD.search(self.text, 0, amount.start) is not None

    @cached_property
    def words(self) -> str:
        """The line as a name."""
        return line_names.clean_name(self.text)

    def says_name(self, start: int, end: int, *, tiers: bool = False) -> bool:
        """Whether the text between two places says what goods are, brackets apart; with `tiers`, more than which price one is."""
        text = _BRACKETS.sub(" ", line_names.without_pictures(self.masked[start:end]))
        return line_names.says_name(vocabulary.tier_words().sub(" ", text) if tiers else text)

    def ends_at(self, place: int) -> bool:
        """Whether no name follows: nothing, a size, a remark in brackets, or what the price is for ("a punnet")."""
        rest = self.text[place:]
        is_unit = vocabulary.per_words().match(rest) and len(rest.split()) <= _MOST_UNIT_WORDS
        is_kind = _ONE_WORD.fullmatch(rest) and _STROKE_BEFORE.search(self.masked[:place])
        return bool(is_unit or is_kind or _PER_WORD.fullmatch(_BRACKETS.sub("", rest))) or not self.says_name(
            place, len(self.text), tiers=True
        )

    @cached_property
    def ends_in_amount(self) -> bool:
        """Whether nothing that says a name stands behind the last number."""
        return bool(self.outside) and self.ends_at(self.outside[-1].end)

    @cached_property
    def is_last(self) -> bool:
        """Whether nothing that says a name stands behind the last number, but something before it."""
        return self.ends_in_amount and self.says_name(0, self.outside[-1].start)

    @cached_property
    def is_first(self) -> bool:
        """Whether the line begins with an amount and a name follows."""
        if not self.amounts:
            return False
        first = self.amounts[0]
        return not self.text[: first.start].strip(" \t*_-–—(") and self.says_name(first.end, len(self.text))

    def is_bracketed(self, place: int) -> bool:
        """Whether a place stands in brackets."""
        before = self.text[:place]
        return before.count("(") > before.count(")")


def parts_of(read: ReadLine, *, takes_bare: bool) -> list[Part]:
    """Return the names of a line with their amounts, [] where it has no amount that counts."""
    chosen = _choose(read, takes_bare=takes_bare)
    if not chosen:
        return []
    if read.style.price_first and read.is_first and chosen[0] is read.amounts[0]:
        return _names_behind(read, chosen)
    return _without_section(read, _names_before(read, chosen))


def _without_section(read: ReadLine, parts: list[Part]) -> list[Part]:
    """Return the parts of a line with the title before them apart: "Drinks: cola 1.20, still water 0.90".

    Of two names in one word each ("Latte: hot 3.00, iced 3.50") what stands before them may be what both are: that stays.
    """
    title = line_names.label_and_value(read.text)
    names = [part.name for part in parts]
    gaps = (read.text[left.amounts[-1].end : right.amounts[0].start] for left, right in pairwise(parts))
    if title is None or len(parts) < _MOST_KINDS or not all(names) or not all(re.search(r"[,;]", gap) for gap in gaps):
        return parts
    start, end = title.start("value"), parts[0].amounts[0].start
    section = line_names.clean_name(title["label"])
    if line_names.is_condition(section):
        return [parts[0], *(replace(part, name=f"{section} {part.name}") for part in parts[1:])]
    may_be_kinds = len(parts) == _MOST_KINDS and not any(" " in _behind_colon(name) for name in names)
    if may_be_kinds or start >= end or not read.says_name(start, end):
        return parts
    name = line_names.clean_name(read.text[start:end])
    return [replace(parts[0], name=name, section=section), *(replace(part, section=section) for part in parts[1:])]


def _behind_colon(name: str) -> str:
    return name.rpartition(":")[2].strip()


def _choose(read: ReadLine, *, takes_bare: bool) -> list[AmountAt]:
    """Return the amounts of a line: those of the clearest kind, and those that a stroke ties to them."""
    outside = read.outside if read.style.price_first else read.behind_code
    clearest = max((amount.strength for amount in outside), default=Strength.BARE)
    if clearest >= Strength.PER:
        fewest = Strength.MARKED if clearest == Strength.MONEY else Strength.PER
        chosen = _without_counts([amount for amount in outside if amount.strength >= fewest])
        return _with_tied(read, _without_price_marks(read, chosen))
    for strength in (Strength.SHAPED, Strength.BARE):
        best = [amount for amount in outside if amount.strength == strength]
        if not best:
            continue
        if strength == Strength.BARE and not takes_bare:
            return []
        if read.style.price_first and read.is_first and read.amounts[0].strength == strength:
            return [read.amounts[0]]
        if not read.is_last and read.says_name(0, best[-1].start):
            return []
        best = _with_tied(read, best)
        if read.outside[-1] is not best[-1]:
            return []
        return _with_bracketed(read, best) if strength == Strength.SHAPED else trailing_run(read, read.style.run_length)
    return []


def _without_counts(amounts: Sequence[AmountAt]) -> Sequence[AmountAt]:
    """Return amounts without how many pieces are in a unit beside clear prices far above: "Lele isi 8/kg 26rb"."""
    least = max(amount.value for amount in amounts) / FAR_BELOW
    return [amount for amount in amounts if amount.strength > Strength.PER or amount.value >= least]


def _with_bracketed(read: ReadLine, best: Sequence[AmountAt]) -> list[AmountAt]:
    """Return amounts with those in brackets behind them that a size or a kind of price says what for: "22.000 (5L 105.000)", "3.150.000 (old 2.980.000)"."""
    behind = [amount for amount in read.amounts if amount.start > best[-1].end and amount.strength == Strength.SHAPED]
    return [*best, *(amount for amount in behind if _has_kind_in_brackets(read, amount))]


def _has_kind_in_brackets(read: ReadLine, amount: AmountAt) -> bool:
    opened = read.text.rfind("(", 0, amount.start) + 1
    label = read.text[opened : amount.start].strip(" :=-@")
    is_size = masks.QUANTITY in read.masked[opened : amount.start] and not read.says_name(opened, amount.start)
    return bool(opened and label) and (is_size or vocabulary.tier_words().fullmatch(label) is not None)


def _without_price_marks(read: ReadLine, amounts: Sequence[AmountAt]) -> Sequence[AmountAt]:
    """Return the amounts from the first one on that has the sign before it that prices have in this text: "Crisps PMP £1.25 (15 x 65g) – £12.99"."""
    led = [n for n, amount in enumerate(amounts) if read.style.led and read.is_led(amount)]
    return amounts[led[0] :] if led else amounts


def _with_tied(read: ReadLine, best: Sequence[AmountAt]) -> list[AmountAt]:
    """Return amounts with those that are tied to them by strokes: "4.900/15.900 kr"."""
    chosen = set(map(id, best))
    for _ in range(len(read.amounts)):
        for left, right in pairwise(read.amounts):
            if (id(left) in chosen) != (id(right) in chosen) and _TIED.fullmatch(read.masked[left.end : right.start]):
                chosen |= {id(left), id(right)}
    return [amount for amount in read.amounts if id(amount) in chosen]


def trailing_run(read: ReadLine, most: int) -> list[AmountAt]:
    """Return the bare numbers that end a line: the last one, and those before it that are the same thing in other sizes.

    Those with nothing but a blank between them are at most so many as other lines have.
    """
    run = [read.outside[-1]]
    for amount in reversed(read.outside[:-1]):
        gap = read.masked[amount.end : run[0].start]
        is_near = amount.value * _WIDEST_TIERS >= run[0].value and amount.value <= run[0].value * _WIDEST_TIERS
        if amount.value in YEARS or not _GAP.fullmatch(gap) or not is_near or (not gap.strip(" ") and len(run) >= most):
            break
        run.insert(0, amount)
    return run


def _names_before(read: ReadLine, chosen: Sequence[AmountAt]) -> list[Part]:
    parts: list[Part] = []
    begin, current, labels = 0, [chosen[0]], list[str]()
    name_end = chosen[0].start
    for before, amount in pairwise(chosen):
        split = _next_name(read, before.end, amount.start)
        if split is None:
            current.append(amount)
            labels.append(_label_between(read, before, amount))
            continue
        parts.append(_part(read, begin, name_end, current, labels, split))
        begin, name_end, current, labels = split, amount.start, [amount], []
    parts.append(_part(read, begin, name_end, current, labels, len(read.text)))
    return parts


def _label_between(read: ReadLine, before: AmountAt, amount: AmountAt) -> str:
    """Return what says of an amount which price it is: the words before it, or in brackets what it is for."""
    label = line_names.clean_name(read.text[before.end : amount.start])
    label = label if ")" in label else label.lstrip("(")
    is_inside = read.is_bracketed(amount.start) and not read.is_bracketed(before.start)
    return label or (amount.unit or amount.currency or IN_BRACKETS if is_inside else "")


def _next_name(read: ReadLine, start: int, end: int) -> int | None:
    """Return where the name of the next offer begins between two amounts; None where both are of one thing, as where the second stands in brackets."""
    if read.is_bracketed(end) and not read.is_bracketed(start):
        return None
    if not read.says_name(start, end, tiers=True):
        return None
    for match in _BETWEEN_OFFERS.finditer(read.masked, start, end):
        if read.says_name(match.end(), end, tiers=True):
            return match.end()
    return start


def is_prose(read: ReadLine, parts: Sequence[Part]) -> bool:
    """Whether a line with several names is a sentence: a later name goes on with a small letter, or is long, without a sign between."""
    for before, part in pairwise(parts):
        start = before.amounts[-1].end
        gap = read.text[start : part.amounts[0].start]
        has_sign = _BETWEEN_OFFERS.search(gap) is not None
        words = len(part.name.split())
        if words > _MOST_WORDS_BETWEEN or (not has_sign and part.name[:1].islower()):
            return True
    return len(parts) > 1 and len(parts[0].name.split()) > _MOST_WORDS_BETWEEN


def _part(read: ReadLine, begin: int, end: int, amounts: Sequence[AmountAt], labels: Sequence[str], stop: int) -> Part:
    behind = " ".join(read.text[amounts[-1].end : stop].split())
    if len(amounts) > 1 and _ONE_WORD.fullmatch(behind):
        labels = [*labels[:-1], labels[-1] or behind]
    is_kind = not read.says_name(begin, end, tiers=True) and masks.QUANTITY not in read.masked[begin:end]
    if (is_kind or not read.says_name(begin, end)) and not _says_what_is_in(read, begin, end):
        label = line_names.clean_name(read.text[begin:end])
        return Part("", label, tuple(amounts), (label, *labels), behind)
    name, tier = _first_column(read, begin, end), ""
    if len(amounts) > 1:
        name, tier = line_names.without_tier(name)
    size = read.text[begin:end].strip(" \t|").partition("\t")[2]
    size = line_names.clean_name(size) if any(map(str.isdigit, size)) and len(size) <= _LONGEST_SIZE and "(" not in size else ""
    return Part(line_names.without_description(name), "", tuple(amounts), (tier, *labels), behind, size)


def _says_what_is_in(read: ReadLine, begin: int, end: int) -> bool:
    """Whether a word like a unit is a name after all, by what stands in brackets behind it: "Pack 2 (rice + chicken)"."""
    bracket = _BRACKETS.search(read.masked, begin, end)
    first = line_names.clean_name(read.text[begin:end])[:1]
    return bracket is not None and first.isalpha() and line_names.says_name(bracket.group())


def _first_column(read: ReadLine, begin: int, end: int) -> str:
    """Return the first column of a text that says a name: behind a wide gap other things follow."""
    are_columns = read.text.count("|", begin, end) >= _FEWEST_PIPES and read.text[begin:end].rstrip().endswith("|")
    column = r"[^\t|]+" if are_columns else r"[^\t]+"
    for match in re.finditer(column, read.text[begin:end]):
        place = begin + match.start(), begin + match.end()
        if read.says_name(*place) or _says_what_is_in(read, *place):
            return line_names.clean_name(match.group())
    return line_names.clean_name(read.text[begin:end])


def _names_behind(read: ReadLine, chosen: Sequence[AmountAt]) -> list[Part]:
    ends = [*(amount.start for amount in chosen[1:]), len(read.text)]
    parts = []
    for amount, end in zip(chosen, ends, strict=True):
        name = line_names.clean_name(read.text[amount.end : end])
        if not read.says_name(amount.end, end):
            return _names_before(read, chosen)
        parts.append(Part(line_names.without_description(name), "", (amount,)))
    return parts
