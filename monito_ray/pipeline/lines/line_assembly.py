"""Lines with prices, put together with the lines around them: offers, sections, notes."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from monito_ray.pipeline.lines import line_names, masks, vocabulary
from monito_ray.pipeline.lines.amount_roles.row_doubts import doubt_of
from monito_ray.pipeline.lines.amounts import AmountAt
from monito_ray.pipeline.lines.line_blocks import Headings, is_heading_mark, is_title, looks_like_heading
from monito_ray.pipeline.lines.priced_line import Part, ReadLine, is_prose
from monito_ray.pipeline.lines.wrapped_names import rest_of_name

#: A section's title stands at most so many lines above the first price below it.
SECTION_REACH = 3
#: Names of a list begin with codes when so many do, this share of all, and when this share of the codes differs.
FEWEST_CODES, CODES_SHARE = 5, 0.8
#: Prices of one thing in one currency differ by at most this factor.
WIDEST_PRICES = 100
_CODE = re.compile(r"(\d[\d./-]*+)(?:\s*+[;|]\s*+|\s++)(?=\D*?[^\W\d_]{3})")
#: Where so many of the offers have a line without a price right below, such lines describe them, and are no titles.
DESCRIBED_SHARE = 0.4
#: A line that goes on from one with more characters is part of a paragraph; a price without a name has at most so many words behind it;
#: what describes an offer stands at most so many lines below.
PROSE_LENGTH, MOST_WORDS_BEHIND, DESCRIPTION_REACH = 60, 4, 10


@dataclass(frozen=True, slots=True)
class LineOffer:
    """An offer that a text makes."""

    #: The index of the line where it begins: with its name, or with its price where the name stands over several sizes.
    at: int
    name: str
    price: Decimal
    #: Its other prices, by what stands beside them.
    tiers: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    #: What the price is for, as written.
    unit: str = ""
    sku: str = ""
    #: Size or pack, where they stand apart from the name.
    size: str = ""
    #: What labelled lines of its card say, by roles of columns: its pack, code, brand.
    particulars: Mapping[str, str] = field(default_factory=dict)
    section: str = ""
    price_text: str = ""
    #: The lines that it came from.
    text: str = ""
    #: Why a person should look.
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class LineRemark:
    """A line of the list that is no offer: the title of a section, or a note."""

    at: int
    text: str
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class LinesReading:
    """What a text offers; indexes are those of its lines."""

    offers: tuple[LineOffer, ...] = ()
    remarks: tuple[LineRemark, ...] = ()
    #: The lines with an amount that became no price.
    unread: tuple[int, ...] = ()
    #: From 0 to 1: how much of what looks like amounts became prices of plausible line_names.
    certainty: float = 0.0

    def part(self, begin: int, end: int) -> "LinesReading":
        """Return what the lines `begin` to `end` (excluded) offer, their indexes counted from `begin`."""
        return LinesReading(
            tuple(replace(offer, at=offer.at - begin) for offer in self.offers if begin <= offer.at < end),
            tuple(replace(remark, at=remark.at - begin) for remark in self.remarks if begin <= remark.at < end),
            tuple(n - begin for n in self.unread if begin <= n < end),
            self.certainty,
        )


class Assembly:
    """Puts the offers of a text together, from the top; remembers the section."""

    def __init__(
        self,
        reads: Sequence[ReadLine],
        parts: Mapping[int, Sequence[Part]],
        begins: Collection[int] = (),
        conditions: Collection[int] = (),
    ) -> None:
        """Take the parts of the lines that have some; `begins` are lines on which names begin that go on below.

        The amounts of the lines `conditions` are sums, fees and the like.
        """
        self._reads, self._parts = reads, parts
        self._headings = Headings(reads, parts)
        #: Lines that belong to the price of another line: its name, or what describes it.
        self.used = set(begins)
        self._are_described = self._headings.share_described() >= DESCRIBED_SHARE
        self._section = ""
        #: The line that names the last offer, where that is not the one with its price.
        self._last_heading: int | None = None
        self._offers: list[LineOffer] = []
        self._remarks: list[LineRemark] = []
        self._unread: list[int] = []
        self._conditions = sorted(conditions)

    def read(self) -> LinesReading:
        """Return the offers, and what the lines between them are."""
        for n in range(len(self._reads)):
            if n in self._parts:
                self._read_priced(n)
            elif self._is_section(n):
                self._section = self._reads[n].words
                self._remarks.append(LineRemark(n, self._section, is_section=True))
        offers, remarks = without_codes(self._offers), self._within_list()
        certainty = len(offers) / (len(offers) + len(self._unread)) if offers else 0.0
        return LinesReading(tuple(offers), tuple(remarks), tuple(self._unread), certainty)

    def _read_priced(self, n: int) -> None:
        if is_prose(self._reads[n], self._parts[n]):
            self._unread.append(n)
            return
        for part in self._parts[n]:
            if self._is_prose(n, part):
                self._add_to_last(n, part)
                continue
            heading = None if part.name else self._headings.name_above(n)
            if heading is not None and heading == self._last_heading and is_threshold(part):
                self._offers[-1] = _with_tier(self._offers[-1], part)
                continue
            if heading is not None and part.label and self._headings.is_section_over(heading, n):
                self._section, heading, part = self._reads[heading].words, None, replace(part, name=part.label, label="")  # noqa: PLW2901
            name = part.name or (_joined(self._heading_name(heading, n), part) if heading is not None else "")
            if not name or not (part.is_goods or line_names.is_name(name)):
                (self._conditions if name and line_names.is_condition(name) else self._unread).append(n)
                continue
            if heading is not None:
                self.used.add(heading)
            self._last_heading = heading
            at = n if heading is None or name != self._heading_name(heading, n) else heading
            self._offers.append(replace(self._offer(n, name, part, heading), at=at))

    def _is_prose(self, n: int, part: Part) -> bool:
        """Whether a price stands in the middle of a paragraph: its line goes on from a long one, or it is followed by a sentence."""
        if not part.name:
            return len(self._reads[n].text[part.amounts[-1].end :].split()) > MOST_WORDS_BEHIND and len(self._parts[n]) > 1
        above = self._reads[n - 1] if n else None
        is_below = above is not None and n - 1 not in self._parts and not self._headings.begins_block(n)
        return is_below and above is not None and part.name[:1].islower() and len(above.text) > PROSE_LENGTH

    def _add_to_last(self, n: int, part: Part) -> None:
        """Add the price of a description to the offer that it describes, as another one of its prices."""
        last = self._offers[-1] if self._offers else None
        if last is None or n - last.at > DESCRIPTION_REACH:
            self._unread.append(n)
            return
        label = part.amounts[0].unit or f"price {len(last.tiers) + 2}"
        self._offers[-1] = replace(last, tiers={label: part.amounts[0].value, **last.tiers})

    def _heading_name(self, heading: int, priced: int) -> str:
        """Return the name that the line `heading` begins for the price of the line `priced`."""
        read = self._reads[heading]
        label = line_names.label_and_value(read.text)
        if label and vocabulary.name_label().fullmatch(label["label"]):
            return line_names.clean_name(label["value"])
        columns = masks.cut_labelled(read.text, read.style.labels).split("\t")
        names = (line_names.clean_name(" ".join(columns[:end])) for end in range(1, len(columns) + 1))
        name = next(filter(line_names.says_name, names), read.words)
        rest = rest_of_name(self._reads, self._parts, heading, priced) if name == read.words else []
        self.used.update(rest)
        return " ".join([name, *(self._reads[m].words for m in rest)])

    def _offer(self, n: int, name: str, part: Part, heading: int | None) -> LineOffer:
        main, others = _main_amount(part)
        particulars = self._headings.particulars(n, heading)
        self.used.update(particulars)
        texts = [self._reads[m].line.text for m in ((heading, n) if heading is not None else (n,))]
        return LineOffer(
            n,
            name,
            main.value,
            others,
            main.currency or next((each.currency for each in part.amounts if each.currency and _is_near(each, main)), ""),
            main.unit,
            particulars=dict(particulars.values()),
            section=part.section or self._section,
            price_text=self._reads[n].text[main.start : main.end].strip(),
            text="\n".join(texts),
            doubt=doubt_of(self._reads[n], part, self._parts[n]),
        )

    def _is_section(self, n: int) -> bool:
        """Whether a line is the title over the prices that follow it."""
        if n in self.used or not is_title(self._reads[n]) or self._headings.is_repeated(n):
            return False
        if self._are_described and self._headings.describes(n) and not is_heading_mark(self._reads[n]):
            return False
        following = next((m for m in range(n + 1, min(n + 1 + SECTION_REACH, len(self._reads))) if m in self._parts), None)
        if following is None or not any(part.name for part in self._parts[following]):
            return False
        return looks_like_heading(self._reads[n]) or n == 0 or self._headings.begins_block(n) or len(self._reads[n].words.split()) <= 2

    def _within_list(self) -> list[LineRemark]:
        """Return the remarks from the first section or offer to the last offer, with the lines that amounts were left in."""
        if not self._offers:
            return []
        last = self._offers[-1].at
        notes = [
            LineRemark(n, self._reads[n].words) for n in dict.fromkeys([*self._unread, *self._conditions]) if self._offers[0].at < n < last
        ]
        inside = [remark for remark in self._remarks if remark.at <= last and remark.at not in self.used]
        return sorted([*inside, *notes], key=lambda remark: remark.at)


def _joined(heading: str, part: Part) -> str:
    """Return the name of a price without one in its line: what stands above it, and the size beside it, where that is no quantity to order."""
    is_size = (
        part.label
        and not vocabulary.price_label().fullmatch(part.label)
        and not is_threshold(part)
        and not (len(part.amounts) > 1 and line_names.is_order_quantity(part.label))
    )
    return f"{heading} {part.label}" if is_size else heading


def is_threshold(part: Part) -> bool:
    """Whether the label of a price says from how much on it holds."""
    return part.is_threshold or line_names.is_order_threshold(part.label)


def _is_near(amount: AmountAt, main: AmountAt) -> bool:
    """Whether two prices may be in one currency: "350k (22$)" is not."""
    return amount.value * WIDEST_PRICES >= main.value and amount.value <= main.value * WIDEST_PRICES


def _with_tier(offer: LineOffer, part: Part) -> LineOffer:
    """Return an offer with the price that holds from more pieces on as another one."""
    return replace(offer, tiers={**offer.tiers, part.label: part.amounts[-1].value})


def _main_amount(part: Part) -> tuple[AmountAt, dict[str, Decimal]]:
    """Return the amount that a buyer pays, and the others by their labels.

    It is the first one that is not of old, or of amounts tied by strokes, without a word beside each, the smallest.
    """
    pairs = list(zip(part.amounts, part.labels, strict=True))
    holding = [amount for amount, label in pairs if not vocabulary.old_words().search(label)] or list(part.amounts)
    kinds = [(amount, label) for amount, label in pairs if amount in holding and label != amount.unit]
    retail = [amount for amount, label in kinds if vocabulary.retail_words().search(label)]
    first, *others = part.labels
    is_labelled = any(others) or (first and not line_names.is_order_threshold(first))
    main = (retail or holding)[0] if is_labelled else min(holding, key=lambda amount: amount.value)
    return main, {label or f"price {n}": amount.value for n, (amount, label) in enumerate(pairs, start=1) if amount is not main}


def without_codes(offers: Sequence[LineOffer]) -> Sequence[LineOffer]:
    """Return the offers with the codes that begin their names apart, where nearly all begin with one, each with another."""
    codes = [match.group(1) for offer in offers if (match := _CODE.match(offer.name))]
    if len(codes) < max(FEWEST_CODES, CODES_SHARE * len(offers)) or len(set(codes)) < CODES_SHARE * len(codes):
        return offers
    return [
        replace(offer, name=offer.name[match.end() :], sku=match.group(1)) if (match := _CODE.match(offer.name)) else offer
        for offer in offers
    ]
