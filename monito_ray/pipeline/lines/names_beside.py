"""Prices whose names stand elsewhere than before them or above: at the same height in the column to the left, or below."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from monito_ray.pipeline.lines.line_blocks import blocks_of, may_be_name
from monito_ray.pipeline.lines.priced_line import Part, ReadLine
from monito_ray.pipeline.lines.wrapped_names import DRAWN_HEIGHT, JoinedNames

#: Lines of a block: a price without a name (P), a name (N).
_PRICES_FIRST, _NAMES_AROUND = re.compile(r"(?:PN){2,}"), re.compile(r"(?:NP){2,}N")
BELOW_OR_ABOVE = "its price may be that of the line below"
#: Nameless prices of a column that need a name beside them, and their share of its nameless prices.
FEWEST_BESIDE, BESIDE_SHARE = 3, 0.6
#: The middles of a name and its price differ by at most this share of a line's height.
SAME_HEIGHT = 0.6


def name_beside(reads: Sequence[ReadLine], joined: JoinedNames) -> JoinedNames:
    """Return the parts of each line, nameless prices with the names that stand left of them, and the lines of such names with those begun."""
    parts = dict(joined.parts)
    begins = set(joined.begins)
    by_column: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    page = 0
    for n, read in enumerate(reads):
        page += bool(n) and read.line.column == 0 and read.line.number <= reads[n - 1].line.number
        if n in parts and _is_nameless(parts[n]):
            by_column[page, read.line.column].append(n)
    for (_, column), nameless in by_column.items():
        beside = {n: name for n in nameless if column and (name := _left_of(n, reads, parts)) is not None}
        if len(beside) < max(FEWEST_BESIDE, BESIDE_SHARE * len(nameless)):
            continue
        for n, name in beside.items():
            parts[n] = [replace(parts[n][0], name=reads[name].words, label=""), *parts[n][1:]]
            begins.add(name)
    return JoinedNames(parts, frozenset(begins))


def _is_nameless(parts: Sequence[Part]) -> bool:
    return len(parts) == 1 and not parts[0].name and not parts[0].label


def _left_of(n: int, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> int | None:
    """Return the line without a price that stands at the same height as line `n` in the column to its left."""
    price = reads[n].line
    for m in range(n - 1, -1, -1):
        line = reads[m].line
        if line.column < price.column - 1 or line.column > price.column:
            return None
        is_beside = abs(line.top + line.bottom - price.top - price.bottom) / 2 <= SAME_HEIGHT * (line.bottom - line.top)
        if line.column == price.column - 1 and m not in parts and is_beside and may_be_name(reads[m]):
            return m
    return None


def name_below(reads: Sequence[ReadLine], joined: JoinedNames) -> JoinedNames:
    """Return the parts of each line of a text, nameless prices named by the line below where a block begins with a price, ends with a name, and they alternate.

    A block that has a name at both ends leaves open which names its prices: that is a doubt.
    """
    parts, result, begins = joined.parts, dict(joined.parts), set(joined.begins)
    for block in blocks_of(reads):
        if reads[block.first].line.bottom - reads[block.first].line.top > DRAWN_HEIGHT:
            continue
        lines = range(block.first, block.last + 1)
        kinds = "".join("P" if _is_nameless(parts.get(n, ())) else "N" if n not in parts and may_be_name(reads[n]) else "-" for n in lines)
        if _PRICES_FIRST.fullmatch(kinds):
            result.update({n: [replace(parts[n][0], name=reads[n + 1].words)] for n in lines[::2]})
            begins.update(lines[1::2])
        elif _NAMES_AROUND.fullmatch(kinds):
            result.update({n: [replace(parts[n][0], doubt=BELOW_OR_ABOVE)] for n in lines[1::2]})
    return JoinedNames(result, frozenset(begins))
