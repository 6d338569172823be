"""Blocks that are one thing each: its name on the first line, and below it what describes it, with a price at the end of that."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from monito_ray.pipeline.lines import line_names, vocabulary
from monito_ray.pipeline.lines.line_blocks import Block, blocks_of, is_heading_mark, line_gap, may_be_name
from monito_ray.pipeline.lines.priced_line import Part, ReadLine
from monito_ray.pipeline.lines.wrapped_names import DRAWN_HEIGHT, JoinedNames


@dataclass(frozen=True, slots=True)
class NamedBlockThresholds:
    """When blocks are one thing each. Set by trial on labelled menus and catalogues."""

    #: Blocks of a shape that a text needs, and their share of its blocks with prices.
    fewest: int = 3
    share: float = 0.3
    #: Lines of such a block.
    most_lines: int = 6
    #: A longer first line (characters) over one that goes on with a small letter begins a paragraph.
    longest_name: int = 60
    #: Prices that rise from the first to the second line of so many blocks, at this share, are those of two sizes.
    fewest_rising: int = 4
    rising_share: float = 0.7
    #: A description's letters are at most so high beside those of the name, in most blocks.
    smaller: float = 0.95
    smaller_share: float = 0.7
    #: A text that stands behind so many names describes them.
    fewest_repeats: int = 3
    #: A description is a list with so many commas; it begins at most so many lines above its price.
    fewest_commas: int = 2
    most_lines_above: int = 3
    #: A name over a description has at most so many words.
    most_words: int = 6
    #: Descriptions that need a name above, and their share of all lists of that kind.
    fewest_described: int = 2
    described_share: float = 0.6


BLOCK = NamedBlockThresholds()
#: A doubt about a row.
NAME_ABOVE = "its name is taken from the line above"
#: What is no index of a line.
NO_NAME = -1
_COMMA = re.compile(r"[,،、]\s|\s&\s")


def name_blocks(reads: Sequence[ReadLine], joined: JoinedNames) -> JoinedNames:
    """Return the parts of each line, those of descriptions named by the first line of their block; and the lines that names begin on."""
    parts = dict(joined.parts)
    blocks = [
        block
        for block in map(partial(_without_heading, reads), blocks_of(reads))
        if any(n in parts for n in range(block.first, block.last + 1))
    ]
    begins = set(joined.begins)
    below = _without_sections([block for block in blocks if _has_name_above(block, reads, joined)], reads, parts)
    if len(below) >= max(BLOCK.fewest, BLOCK.share * len(blocks)):
        for block in below:
            priced, *sizes = _priced(block, parts)
            begin = line_names.clean_name(reads[block.first].text.split("\t")[0])
            goes_on = parts[priced][0].name[:1].islower() and priced == block.first + 1 and len(begin) <= BLOCK.longest_name
            _give_name(parts, f"{begin} {parts[priced][0].name}" if goes_on else begin, [priced, *sizes])
            begins.add(block.first)
    doubled = [block for block in blocks if _has_two_prices(block, parts) and not _goes_on(block, reads, parts)]
    described, times = _described(doubled, reads, parts), _times(parts)
    for block in doubled:
        first, second = _priced(block, parts)
        if block not in described and times[parts[second][0].name] < BLOCK.fewest_repeats:
            continue
        if parts[second][0].size or parts[first][0].size:
            _give_name(parts, parts[first][0].name, [second])
        else:
            _merge_prices(parts, first, second)
    _name_sizes(reads, parts, blocks)
    return JoinedNames(parts, frozenset(begins))


def _without_heading(reads: Sequence[ReadLine], block: Block) -> Block:
    """Return a block without a first line that is drawn letter by letter."""
    is_heading = block.last > block.first and line_names.is_letter_spaced(reads[block.first].words)
    return Block(block.first + 1, block.last) if is_heading else block


def _without_sections(blocks: Sequence[Block], reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> list[Block]:
    """Return the blocks without a first line that is one more than others have above their price, and like the next: a section's title."""
    if not blocks:
        return []
    times = Counter(_priced(block, parts)[0] - block.first for block in blocks)
    usual = min((above for above, count in times.items() if count > 1), default=0)
    result = []
    for block in blocks:
        is_longer = _priced(block, parts)[0] - block.first == usual + 1
        first, second = reads[block.first].words, reads[block.first + 1].words
        has_title = is_longer and first.isupper() and second.isupper() and may_be_name(reads[block.first + 1])
        result.append(Block(block.first + 1, block.last) if has_title else block)
    return result


def _priced(block: Block, parts: Mapping[int, Sequence[Part]]) -> list[int]:
    return [n for n in range(block.first, block.last + 1) if n in parts]


def _has_name_above(block: Block, reads: Sequence[ReadLine], joined: JoinedNames) -> bool:
    """Whether a block has a name without a price on its first line, and below one priced line, or one and nameless prices of other sizes."""
    priced = _priced(block, joined.parts)
    named = [n for n in priced if any(part.name for part in joined.parts[n])]
    first = reads[block.first]
    if len(named) != 1 or priced[0] != named[0] or priced[0] == block.first:
        return False
    if block.last - block.first >= BLOCK.most_lines or block.first in joined.begins:
        return False
    part = joined.parts[priced[0]]
    is_paragraph = part[0].name[:1].islower() and len(first.text) > BLOCK.longest_name
    return len(part) == 1 and bool(part[0].name) and not is_paragraph and may_be_name(first) and not is_heading_mark(first)


def _has_two_prices(block: Block, parts: Mapping[int, Sequence[Part]]) -> bool:
    priced = _priced(block, parts)
    if len(priced) != 2 or priced[0] != block.first or block.last - block.first >= BLOCK.most_lines:
        return False
    return all(len(parts[n]) == 1 and parts[n][0].name for n in priced)


def _goes_on(block: Block, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> bool:
    """Whether the second price of a block stands in a paragraph: the line above it is long and has none."""
    second = _priced(block, parts)[1]
    return second - 1 not in parts and len(reads[second - 1].text) > BLOCK.longest_name


def _described(blocks: Sequence[Block], reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> list[Block]:
    """Return the blocks whose second price stands behind a description: in smaller letters, or for a larger size in nearly all blocks."""
    smaller = [block for block in blocks if _height(reads[_priced(block, parts)[1]]) <= BLOCK.smaller * _height(reads[block.first])]
    if len(smaller) >= max(BLOCK.fewest, BLOCK.smaller_share * len(blocks)):
        return smaller
    sized = [block for block in blocks if all(parts[n][0].size for n in _priced(block, parts))]
    rising = [block for block in sized if _main(parts, block, 0) < _main(parts, block, 1)]
    return rising if len(rising) >= max(BLOCK.fewest_rising, BLOCK.rising_share * len(sized)) else []


def _height(read: ReadLine) -> float:
    return read.line.bottom - read.line.top


def _main(parts: Mapping[int, Sequence[Part]], block: Block, n: int) -> float:
    return float(parts[_priced(block, parts)[n]][0].amounts[0].value)


def _times(parts: Mapping[int, Sequence[Part]]) -> Counter[str]:
    return Counter(part.name for own in parts.values() for part in own)


def _give_name(parts: dict[int, Sequence[Part]], name: str, lines: Sequence[int]) -> None:
    for n in lines:
        parts[n] = [replace(parts[n][0], name=name, label="")]


def _merge_prices(parts: dict[int, Sequence[Part]], first: int, second: int) -> None:
    """Make two prices of one thing one offer: a lower one below holds, one in brackets above is for another quantity."""
    above, below = parts[first][0], parts[second][0]
    is_below = below.amounts[0].value < above.amounts[0].value or above.size.startswith("(") or above.behind.startswith(")")
    main, other, at = (below, above, second) if is_below else (above, below, first)
    labels = (
        *main.labels,
        *(label or amount.unit or f"price {n}" for n, (amount, label) in enumerate(zip(other.amounts, other.labels, strict=True), start=2)),
    )
    del parts[first], parts[second]
    parts[at] = [replace(main, name=above.name, label="", amounts=(*main.amounts, *other.amounts), labels=labels)]


def _name_sizes(reads: Sequence[ReadLine], parts: dict[int, Sequence[Part]], blocks: Sequence[Block]) -> None:
    """Give nameless prices of a size the name of the priced line right above; in a text, where no place shows that they belong together, that is a doubt."""
    for block in blocks:
        for n in _priced(block, parts):
            if (
                n - 1 in parts
                and n > block.first
                and not parts[n][0].name
                and parts[n][0].label
                and len(parts[n - 1]) == 1
                and parts[n - 1][0].name
            ):
                own = parts[n][0]
                doubt = "" if reads[n].line.bottom - reads[n].line.top > DRAWN_HEIGHT else NAME_ABOVE
                parts[n] = [replace(own, name=parts[n - 1][0].name, size=own.label, label="", doubt=doubt), *parts[n][1:]]


def name_described(reads: Sequence[ReadLine], joined: JoinedNames) -> JoinedNames:
    """Return the parts of each line, those whose words list what is in a dish named by the short line above that; and the lines that names begin on."""
    above = {n: name for n, own in joined.parts.items() if _is_one_name(own) and (name := _above_description(n, reads, joined)) is not None}
    named = {n: name for n, name in above.items() if name >= 0 and above.get(n + 1) != NO_NAME}
    if len(set(named.values())) < BLOCK.fewest_described or len(named) < BLOCK.described_share * len(above):
        return joined
    parts = dict(joined.parts)
    for n, name in named.items():
        _give_name(parts, f"{reads[name].words} {_only_size(parts[n][0])}".strip(), [n])
    return JoinedNames(parts, joined.begins | frozenset(named.values()))


def _only_size(part: Part) -> str:
    """Return the size that a nameless price is for; "" where several prices name their own, and for a word for prices."""
    is_size = len(part.amounts) == 1 and not part.name and not vocabulary.price_label().fullmatch(part.label)
    return part.label if is_size else ""


def _is_one_name(own: Sequence[Part]) -> bool:
    """Whether a line has one name that may be a description, or none but a size or the prices of several."""
    return len(own) == 1 and (line_names.is_name(own[0].name) if own[0].name else bool(own[0].label) or len(own[0].amounts) > 1)


def _above_description(n: int, reads: Sequence[ReadLine], joined: JoinedNames) -> int | None:
    """Return the line that names what line `n` describes, NO_NAME where none does; None where the line is no description."""
    text = joined.parts[n][0].name
    for m in range(n - 1, max(-1, n - 2 - BLOCK.most_lines_above), -1):
        is_list = len(_COMMA.findall(text)) >= BLOCK.fewest_commas
        is_other_size = not text and m in joined.parts and not joined.parts[m][0].name
        if (m in joined.parts and not is_other_size) or line_gap(reads[m], reads[m + 1]) is None:
            break
        if is_other_size:
            continue
        if _is_short_name(reads[m]):
            return m if is_list else None
        text = f"{reads[m].words} {text}" if m not in joined.begins else text
    return NO_NAME if len(_COMMA.findall(text)) >= BLOCK.fewest_commas else None


def _is_short_name(read: ReadLine) -> bool:
    """Whether a line is a name and no list: a few words that begin with a capital."""
    words = read.words
    is_short = len(words.split()) <= BLOCK.most_words and not words[:1].islower() and not _COMMA.search(words)
    return is_short and may_be_name(read) and not read.text.rstrip().endswith((":", ".", ","))
