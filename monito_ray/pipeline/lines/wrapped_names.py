"""Names that go over two or three lines, the price on the last of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monito_ray.pipeline.lines.line_blocks import line_gap, may_be_name, usual_gap
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

#: A name goes over at most so many lines above the one with its price, each of at most so many characters.
MOST_LINES_ABOVE, LONGEST_LINE_ABOVE = 2, 60
#: Lines of one name stand nearer than the names of a list by this share of a line's height, and are equally high within that share.
NEARER, EQUALLY_HIGH = 0.3, 0.15
#: Lines of a page are higher (points); those of a text have no places to speak of.
DRAWN_HEIGHT = 3
#: Where so many of the names begin with a small letter, such a letter says nothing.
SMALL_LETTERS_SHARE = 0.4
_GOES_ON = re.compile(r"[,&/(–-]$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-$")


@dataclass(frozen=True, slots=True)
class JoinedNames:
    """The parts of each line with their whole names, and the lines that these began on."""

    parts: Mapping[int, Sequence[Part]]
    begins: frozenset[int]


def join_names(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> JoinedNames:
    """Return the names of all lines put together with the lines above that they go on from."""
    usual = usual_gap(reads)
    own = [part.name for n, each in parts.items() for part in each if part.name and not _is_below_text(n, reads, parts, usual)]
    says_small = sum(map(_begins_small, own)) <= SMALL_LETTERS_SHARE * len(own)
    result = dict(parts)
    begins: set[int] = set()
    for n in parts:
        first = parts[n][0]
        above = _lines_above(n, reads, parts, usual, says_small=says_small) if first.name else []
        if above:
            begins.update(above)
            result[n] = [replace(first, name=_joined([reads[m].words for m in above], first.name)), *parts[n][1:]]
    return JoinedNames(result, frozenset(begins))


def rest_of_name(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]], heading: int, priced: int) -> list[int]:
    """Return the lines below the one that names the price of line `priced` on which its name goes on.

    They are in its type, and the text below them is in another one or farther away. What stands right above a price may as well describe
    the goods.
    """
    rest: list[int] = []
    for m in range(heading + 1, min(priced - 1, heading + 1 + MOST_LINES_ABOVE)):
        if m in parts or len(reads[m].text) > LONGEST_LINE_ABOVE or not are_of_one_type(reads[m - 1], reads[m]):
            break
        gap, below = line_gap(reads[m - 1], reads[m]), line_gap(reads[m], reads[m + 1])
        height = reads[m].line.bottom - reads[m].line.top
        if gap is None or below is None or (are_of_one_type(reads[m], reads[m + 1]) and below < gap + NEARER * height):
            break
        rest.append(m)
    return rest


def _is_below_text(n: int, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]], usual: float) -> bool:
    """Whether a line without a price stands closely above: what begins small there may go on from it."""
    gap = line_gap(reads[n - 1], reads[n]) if n else None
    return gap is not None and gap <= usual and n - 1 not in parts


def _lines_above(n: int, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]], usual: float, *, says_small: bool) -> list[int]:
    """Return the lines above that the name of line `n` goes on from, from the top."""
    above: list[int] = []
    name = parts[n][0].name
    for m in range(n - 1, max(-1, n - 1 - MOST_LINES_ABOVE), -1):
        if (
            m in parts
            or not _goes_on(reads[m], reads[m + 1], name, _around(m, n, reads, usual), says_small=says_small)
            or _describes(m, reads, parts)
        ):
            break
        above.insert(0, m)
        name = reads[m].words
    return above


def _around(m: int, n: int, reads: Sequence[ReadLine], usual: float) -> float:
    """Return the gap around the lines `m` to `n`: the smaller of those above and below, at least the usual one."""
    above = line_gap(reads[m - 1], reads[m]) if m else None
    below = line_gap(reads[n], reads[n + 1]) if n + 1 < len(reads) else None
    around = [gap for gap in (above, below) if gap is not None]
    return max(usual, min(around)) if around else usual


def _goes_on(above: ReadLine, read: ReadLine, name: str, usual: float, *, says_small: bool) -> bool:
    """Whether a name that begins on the line `above` goes on with `name` on the line below."""
    gap = line_gap(above, read)
    if gap is None or len(above.text) > LONGEST_LINE_ABOVE or not may_be_name(above) or above.text.rstrip().endswith((":", ".")):
        return False
    high = min(above.line.bottom - above.line.top, read.line.bottom - read.line.top)
    is_near = gap < usual - NEARER * high and are_of_one_type(above, read) and above.words.isupper() == name.isupper()
    return is_near or (gap <= max(usual, 0) and ((says_small and _begins_small(name)) or _GOES_ON.search(above.text.rstrip()) is not None))


def are_of_one_type(above: ReadLine, read: ReadLine) -> bool:
    """Whether two lines are drawn in one font of one size."""
    high, low = sorted((above.line.bottom - above.line.top, read.line.bottom - read.line.top))
    return high > DRAWN_HEIGHT and low - high <= EQUALLY_HIGH * low and above.line.font == read.line.font


def _describes(m: int, reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> bool:
    """Whether a line begins small right below an offer: then it describes that."""
    return m - 1 in parts and _begins_small(reads[m].words)


def _begins_small(name: str) -> bool:
    return name[:1].islower()


def _joined(above: Sequence[str], name: str) -> str:
    whole = ""
    for text in (*above, name):
        whole = _HYPHEN.sub("", whole) + text if _HYPHEN.search(whole) and _begins_small(text) else f"{whole} {text}".strip()
    return whole
