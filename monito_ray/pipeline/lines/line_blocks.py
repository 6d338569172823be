"""Lines without a price of their own: what is a section, what names the sizes below it, what describes an offer."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from monito_ray.pipeline.lines import line_names, vocabulary
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

#: A section's title has at most this many characters, and so many words.
LONGEST_TITLE, MOST_TITLE_WORDS = 70, 9
#: The name of an offer has at most this many characters.
LONGEST_NAME = 140
#: A line that stands so often in a text is no name and no section: "In stock", "New", "Add to cart".
FEWEST_REPEATS = 3
#: So many lines with nothing but their numbers different, for this share of the prices without a name, say a particular of each.
FEWEST_SHAPED, SHAPED_SHARE = 5, 0.5
#: The name of an offer stands at most so many lines above its price.
NAME_REACH = 7
#: Lines stand in one block when the gap between them is at most this share of a line's height, or so many times the usual gap.
BLOCK_GAP, WIDER_GAP = 0.6, 1.5
#: The usual gap is the one that this share of the gaps stays below: of blocks of two lines half of the gaps part them.
USUAL_GAP_RANK = 0.4
#: Where at most this share of the blocks begins with a line in capitals, such lines are titles of sections, not line_names.
MOST_SECTIONS = 0.5
#: Titles of sections are set in type that is larger than that of their lines by this factor.
LARGER_TYPE = 1.12
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?]$")
_HEADING_MARK = re.compile(r"^\s*#{1,6}\s|^\s*\*[^*]+\*:?\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other closely, as a range of indexes."""

    first: int
    last: int


def blocks_of(reads: Sequence[ReadLine]) -> list[Block]:
    """Return the blocks of a text: more blank space than usual parts them, or another column of a page."""
    usual = usual_gap(reads)
    blocks: list[Block] = []
    for n, read in enumerate(reads):
        if n and not _is_apart(reads[n - 1], read, usual):
            blocks[-1] = Block(blocks[-1].first, n)
        else:
            blocks.append(Block(n, n))
    return blocks


def usual_gap(reads: Sequence[ReadLine]) -> float:
    """Return the usual gap between lines that follow each other downwards."""
    gaps = [read.line.top - above.line.bottom for above, read in pairwise(reads) if not _is_elsewhere(above, read)]
    return sorted(gaps)[int(USUAL_GAP_RANK * (len(gaps) - 1))] if gaps else 0.0


def line_gap(above: ReadLine, read: ReadLine) -> float | None:
    """Return the blank space between two lines; None where they stand in two columns or on two pages."""
    return None if _is_elsewhere(above, read) else read.line.top - above.line.bottom


def _is_elsewhere(above: ReadLine, read: ReadLine) -> bool:
    return above.line.column != read.line.column or read.line.top < above.line.top


def _is_apart(above: ReadLine, read: ReadLine, usual: float) -> bool:
    height = min(above.line.bottom - above.line.top, read.line.bottom - read.line.top)
    gap = read.line.top - above.line.bottom
    return _is_elsewhere(above, read) or gap > max(BLOCK_GAP * height, WIDER_GAP * usual)


def is_title(read: ReadLine) -> bool:
    """Whether a line without a price may be the title of a section, or the name of what follows."""
    text = read.words
    if not any(map(str.isalpha, text)) or len(text) > LONGEST_TITLE or len(text.split()) > MOST_TITLE_WORDS or says_condition(read):
        return False
    return not (_SENTENCE_END.search(text) or line_names.is_talk(text) or "\x01" in read.masked or text[:1].islower())


def may_be_name(read: ReadLine) -> bool:
    """Whether a line without a price may be the name of what a price below it is for; it may be longer than a title."""
    text = read.words
    if (
        not any(map(str.isalpha, text))
        or len(text) > LONGEST_NAME
        or line_names.is_letter_spaced(text)
        or line_names.is_talk(text)
        or _is_labelled(read)
        or vocabulary.begins_with_price().match(text)
    ):
        return False
    return line_names.is_name(text) and not (_SENTENCE_END.search(text) and len(text.split()) > MOST_TITLE_WORDS)


def is_heading_mark(read: ReadLine) -> bool:
    """Whether a line is marked as one that stands over others: "#", stars around it, a colon at its end."""
    text = read.line.text.strip()
    return bool(_HEADING_MARK.match(text)) or text.endswith(":")


def looks_like_heading(read: ReadLine) -> bool:
    """Whether a line shows by its letters or signs that it stands over others."""
    text = read.line.text.strip()
    return is_heading_mark(read) or read.words.isupper() or read.words[:1] != text[:1]


class Headings:
    """Finds the name above a price that has none in its line."""

    def __init__(self, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> None:
        self._reads, self._parts = reads, parts
        self._times = Counter(read.words for n, read in enumerate(reads) if n not in parts)
        self._block_of = {n: block for block in blocks_of(reads) for n in range(block.first, block.last + 1)}
        self._shapes = Counter(_shape(read) for n, read in enumerate(reads) if n not in parts)
        nameless = sum(not any(part.name for part in own) for own in parts.values())
        self._fewest_shaped = max(FEWEST_SHAPED, SHAPED_SHARE * nameless)

    def is_repeated(self, n: int) -> bool:
        """Whether a line stands in the text again and again, or for most prices with another number: "Art. 5100 | carton of 40"."""
        read = self._reads[n]
        return self._times[read.words] >= FEWEST_REPEATS or (
            any(map(str.isdigit, read.text)) and self._shapes[_shape(read)] >= self._fewest_shaped
        )

    def _is_paragraph(self, n: int) -> bool:
        """Whether a long line goes on below with a small letter."""
        below = self._reads[n + 1].words if n + 1 < len(self._reads) else ""
        return len(self._reads[n].text) > LONGEST_TITLE and below[:1].islower()

    def describes(self, n: int) -> bool:
        """Whether a line without a price stands right below an offer in its block."""
        return n - 1 in self._parts and n not in self._parts and not self.begins_block(n)

    def share_described(self) -> float:
        """Return the share of the priced lines with a line without a price right below."""
        return sum(self.describes(n + 1) for n in self._parts if n + 1 in self._block_of) / max(1, len(self._parts))

    def begins_block(self, n: int) -> bool:
        """Whether a line is the first of its block."""
        return self._block_of[n].first == n

    def name_above(self, n: int) -> int | None:
        """Return the index of the line that names the nameless price of line `n`, None where there is none."""
        own = self._texts_above(n, self._block_of[n].first)
        if own and (best := self._best(sorted(own))) is not None:
            return best
        above = [m for m in self._texts_above(n, max(0, n - NAME_REACH), stops_at_price=True) if m not in own]
        blocks = ([*lines] for _, lines in groupby(above, key=self._block_of.__getitem__))
        return next((best for lines in blocks if (best := self._best(sorted(lines))) is not None or self._says_more(lines)), None)

    def _says_more(self, lines: Sequence[int]) -> bool:
        """Whether lines without a name say more than particulars of goods, so that no name is looked for above them."""
        return not all(_particular(self._reads[m]) or self.is_repeated(m) for m in lines)

    def is_section_over(self, heading: int, n: int) -> bool:
        """Whether the line above a price without a name is the title of a section, in capitals or in larger type, with names among the priced lines below it."""
        above, read = self._reads[heading], self._reads[n]
        is_larger = above.line.bottom - above.line.top > LARGER_TYPE * (read.line.bottom - read.line.top)
        if not (is_larger or (above.words.isupper() and not read.words.isupper())):
            return False
        end = next((m for m in range(n, len(self._reads)) if m not in self._parts), len(self._reads))
        return any(part.name for m in range(heading + 1, end) for part in self._parts.get(m, ()))

    def particulars(self, n: int, heading: int | None) -> dict[int, tuple[str, str]]:
        """Return the labelled lines of the card of the offer priced in line `n`: the role of a column (size, pack, code, ...) and what it says.

        They stand between the line of its name and that of its price, or right below the price in the same block.
        """
        result: dict[int, tuple[str, str]] = {}
        for m in range(n if heading is None else heading + 1, len(self._reads)):
            if m == n:
                continue
            particular = _particular(self._reads[m]) if m not in self._parts else None
            if m > n and (particular is None or particular[0] in dict(result.values()) or self.begins_block(m)):
                break
            if particular:
                result[m] = particular
        return result

    def _texts_above(self, n: int, lowest: int, *, stops_at_price: bool = False) -> list[int]:
        """Return the lines above without a price, nearest first, up to a price with a name, past prices without one that follow no text."""
        result: list[int] = []
        for m in range(n - 1, lowest - 1, -1):
            if m in self._parts:
                has_name = any(part.name for part in self._parts[m])
                if result or has_name:
                    break
                continue
            if not says_condition(self._reads[m]):
                result.append(m)
        return result if not stops_at_price or result else []

    def _best(self, candidates: Sequence[int]) -> int | None:
        """Return which of the lines above a price names it: the labelled name, else the first that is no heading over several line_names."""
        for m in candidates:
            label = line_names.label_and_value(self._reads[m].text)
            if label and vocabulary.name_label().fullmatch(label["label"]):
                return m
        titles = [m for m in candidates if may_be_name(self._reads[m]) and not self.is_repeated(m) and not self._is_paragraph(m)]
        if len(titles) > 1 and self._is_over_names(titles[0]) and not self._reads[titles[1]].words.isupper():
            return titles[1]
        return titles[0] if titles else None

    def _is_over_names(self, n: int) -> bool:
        """Whether a line in capitals is the title of a section, not a name: few of the blocks begin with such a line."""
        if not self._reads[n].words.isupper():
            return False
        first = [self._reads[block.first].words for block in dict.fromkeys(self._block_of.values()) if block.first not in self._parts]
        return sum(map(str.isupper, first)) <= len(first) * MOST_SECTIONS


def _shape(read: ReadLine) -> str:
    return _DIGITS.sub("#", read.words)


def says_code(read: ReadLine) -> bool:
    """Whether a line says the code, the brand or the least order of an offer, whose bare numbers are no prices."""
    particular = _particular(read)
    return particular is not None and particular[0] in ("sku", "brand", "min_quantity")


def says_condition(read: ReadLine) -> bool:
    """Whether a line says a sum, a fee or another condition of sale with its amount."""
    return bool(read.amounts) and (
        line_names.is_condition(read.words) or line_names.is_condition(line_names.clean_name(read.text[: read.amounts[0].start]))
    )


def _particular(read: ReadLine) -> tuple[str, str] | None:
    """Return the role and the text of a line that says one particular of an offer: "Size: 500 g jar"."""
    label = line_names.label_and_value(read.text)
    if label is None:
        return None
    roles = (role for role, words in vocabulary.particular_labels().items() if words.fullmatch(label["label"]))
    return next(((role, line_names.clean_name(label["value"])) for role in roles), None)


def _is_labelled(read: ReadLine) -> bool:
    label = line_names.label_and_value(read.text)
    if label is None:
        return False
    return vocabulary.other_label().fullmatch(label["label"]) is not None or label["label"].casefold() in read.style.labels
