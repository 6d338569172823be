"""Names that stand under one heading after the other: they are sizes or labels of what the headings name."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.lines import line_names, vocabulary
from monito_ray.pipeline.lines.amounts import Strength
from monito_ray.pipeline.lines.line_blocks import blocks_of, is_title, may_be_name, says_condition
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

#: Sizes and labels have at most so many words, and a text has at most so many different ones.
MOST_WORDS, MOST_SIZES = 2, 6
#: They stand under at least so many headings; under this share of all where a text has more different ones.
FEWEST_HEADINGS, HEADINGS_SHARE = 2, 0.25
#: Of several lines without a currency above a price that has one each has a price of its own, unless they are at most so many, each with "/case".
MOST_NAMES_ABOVE = 2
#: What stands before so many names, this share of all, is no part of them.
FEWEST_HEADS, HEADS_SHARE = 2, 0.6
_SPEAKER = re.compile(rf"{LETTER}[^:\d]{{1,24}}:\s+")
_HEAD = re.compile(rf"{_SPEAKER.pattern}|\d{{1,2}}[/.]\d{{1,2}}\s+(?={LETTER})")


@dataclass(frozen=True, slots=True)
class _Group:
    """Priced lines below one heading."""

    heading: int
    lines: tuple[int, ...]


def without_repeated_heads(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> Mapping[int, Sequence[Part]]:
    """Return the parts of each line without what most names begin with, which is no part of them: who says it in a chat, the day of each line.

    Somebody says it where others speak, too; then it is the section.
    """
    heads = {n: match for n, own in parts.items() if own[0].name and (match := _HEAD.match(own[0].name))}
    times = Counter(match.group() for match in heads.values())
    others = {match.group() for n, read in enumerate(reads) if n not in parts and (match := _SPEAKER.match(read.words))}
    common = {
        head
        for head, count in times.items()
        if count >= max(FEWEST_HEADS, HEADS_SHARE * len(parts)) and (not _SPEAKER.fullmatch(head) or others - {head})
    }
    cut = {n: match for n, match in heads.items() if match.group() in common}
    return {**parts, **{n: [_without_head(parts[n][0], match), *parts[n][1:]] for n, match in cut.items()}}


def _without_head(part: Part, head: re.Match[str]) -> Part:
    speaker = head.group().strip(" :") if _SPEAKER.fullmatch(head.group()) else ""
    return replace(part, name=part.name[head.end() :], section=part.section or speaker)


def without_repeated_names(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> dict[int, list[Part]]:
    """Return the parts of each line; those whose names only say a size or repeat a label under each heading are nameless."""
    result = {n: list(own) for n, own in parts.items()}
    groups = _groups(reads, parts)
    under = Counter(name for group in groups for name in {_name(parts[n]) for n in group.lines})
    fewest = FEWEST_HEADINGS if len(under) <= MOST_SIZES else max(FEWEST_HEADINGS, HEADINGS_SHARE * len(groups))
    for group in groups:
        own = [_name(parts[n]) for n in group.lines]
        if not all(own) or not (_are_sizes(own) or _are_repeated(own, under, fewest)):
            continue
        for n in group.lines:
            result[n] = [replace(parts[n][0], name="", label=_label(reads[n], parts[n][0], is_alone=len(own) == 1))]
    return result


def _label(read: ReadLine, part: Part, *, is_alone: bool) -> str:
    """Return what says which price of a thing one is: from how many on it holds, or its size; "" for a word that all lines have."""
    before = line_names.clean_name(read.text[: part.amounts[0].start])
    if line_names.is_order_threshold(before):
        return before
    return "" if is_alone and not vocabulary.size_words().fullmatch(part.name) else part.name


def _groups(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> list[_Group]:
    """Return the runs of lines with one offer each that follow a heading in its block."""
    groups = []
    for block in blocks_of(reads):
        heading, lines = None, list[int]()
        for n in range(block.first, block.last + 2):
            if n <= block.last and n in parts and len(parts[n]) == 1:
                lines.append(n)
                continue
            if n <= block.last and n not in parts and says_condition(reads[n]):
                continue
            if heading is not None and lines:
                groups.append(_Group(heading, tuple(lines)))
            if n <= block.last and (lines or heading is None):
                heading = n if is_title(reads[n]) or _begins_with_name(reads[n]) else None
            lines = []
    return groups


def _name(parts: Sequence[Part]) -> str:
    return parts[0].name.casefold()


def _are_sizes(own: Sequence[str]) -> bool:
    return all(vocabulary.size_words().fullmatch(name) for name in own)


def _begins_with_name(read: ReadLine) -> bool:
    """Whether a name stands in the first of several columns of a line."""
    return "\t" in read.text.strip() and may_be_name(read)


def _are_repeated(own: Sequence[str], under: Mapping[str, int], fewest: float) -> bool:
    return all(under[name] >= fewest and len(name.split()) <= MOST_WORDS for name in own)


def without_numbers_in_names(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> dict[int, Sequence[Part]]:
    """Return the parts of each line, without those of lines that are the names of the clearly marked, nameless prices below them.

    The number of such a line is how many pieces a case has: "Cups - 2500/case" above "$25.99". A number that is written as a price ("14.000") is
    that only where lines with names mostly stand so.
    """
    above = list(_unmarked_above(reads, parts))
    named = sum(any(part.name for part in own) for own in parts.values())
    are_usual = 2 * sum(map(len, above)) >= named
    names = {n for run in above if _may_be_one_name(run, parts, are_usual=are_usual) for n in run}
    return {n: own for n, own in parts.items() if n not in names}


def _unmarked_above(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> Iterator[list[int]]:
    """Yield the lines without a clearly marked amount that stand above each nameless price with one, in its block and below the last marked one."""
    for block in blocks_of(reads):
        above: list[int] = []
        for n in range(block.first, block.last + 1):
            if n not in parts:
                continue
            if not _is_marked(parts[n]):
                above.append(n)
                continue
            if above and not any(part.name for part in parts[n]):
                yield above
            above = []


def _may_be_one_name(run: Sequence[int], parts: Mapping[int, Sequence[Part]], *, are_usual: bool) -> bool:
    clearest = [max(amount.strength for part in parts[n] for amount in part.amounts) for n in run]
    if len(run) == 1:
        return are_usual or clearest[0] != Strength.SHAPED
    return len(run) <= MOST_NAMES_ABOVE and all(strength == Strength.PER for strength in clearest)


def _is_marked(parts: Sequence[Part]) -> bool:
    return any(amount.strength == Strength.MONEY for part in parts for amount in part.amounts)
