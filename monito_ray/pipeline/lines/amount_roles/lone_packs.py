"""Lines that begin with a word for a package and have no other name: "Упаковка 50 р" is a fee, a pack of the goods above, or goods."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from monito_ray.pipeline.lines import line_names, masks
from monito_ray.pipeline.lines.priced_line import Part, ReadLine
from monito_ray.pipeline.lines.wrapped_names import DRAWN_HEIGHT

Parts = Mapping[int, Sequence[Part]]
#: So many lines with the same word below goods say what a pack of each costs.
FEWEST_PACKS = 2


def lone_packs(reads: Sequence[ReadLine], parts: Parts) -> set[int]:
    """Return the lines of a text, right below goods that have a price of their own, whose words are a package's alone: nothing says what they are for."""
    words = {n: _package(part) for n, part in _packages_below(reads, parts).items()}
    times = Counter(words.values())
    return {n for n, word in words.items() if times[word] < FEWEST_PACKS}


def with_named_packs(reads: Sequence[ReadLine], parts: Parts) -> Parts:
    """Return the parts of each line, packages with their content as names ("Ember 10L") where what stands above is no pack of anything."""
    named = {
        n: [replace(part, name=part.label, label="", labels=("", *part.labels[1:]))]
        for n, part in _packages_below(reads, parts).items()
        if any(map(str.isdigit, part.label)) and not _is_packed(reads[n - 1], parts[n - 1][0])
    }
    return {**parts, **named}


def _packages_below(reads: Sequence[ReadLine], parts: Parts) -> dict[int, Part]:
    """Return the nameless prices of packages right below a line of a text with a name and a price."""
    below = {n: own[0] for n, own in parts.items() if len(own) == 1 and len(parts.get(n - 1, ())) == 1 and parts[n - 1][0].name}
    return {
        n: part
        for n, part in below.items()
        if not part.name and line_names.begins_with_package(part.label) and reads[n].line.bottom - reads[n].line.top <= DRAWN_HEIGHT
    }


def _package(part: Part) -> str:
    return part.label.split()[0].casefold()


def _is_packed(read: ReadLine, part: Part) -> bool:
    """Whether a line says how much is in a pack, or names one."""
    return masks.QUANTITY in read.masked or any(map(line_names.begins_with_package, part.name.split()))
