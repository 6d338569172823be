"""Which of several prices of a thing is which: by an arrow between them, by a line that names them all, by the quantities that they are for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from monito_ray.pipeline.lines import vocabulary
from monito_ray.pipeline.lines.line_blocks import blocks_of
from monito_ray.pipeline.lines.priced_line import Part, ReadLine

Parts = Mapping[int, Sequence[Part]]
#: The label of the price before an arrow, which holds no more: a word for that in the lexicon.
OLD = "old"
_ARROW = re.compile(r"\s*(?:(?:[-–—=~]+\s?)?[>»]+|[→➡➔➜⇒⟶▶►])\ufe0f?\s*")
#: What a price is for in steps: "1-4 kg", "10+ kg", "> 10".
_STEP = re.compile(r"\W*(?P<first>\d{1,5})\s*(?:[-–—]\s*(?P<last>\d{1,5})|(?P<open>\+))?(?![\d.,]*\d)\D*")
_LONE_STEP = re.compile(r"\d{1,5}(?:\s?[-–—]\s?\d{1,5}|\s?\+)?")
_STEP_BEHIND = re.compile(rf"(?<![\s:,(])[\s:,(]++(?P<step>{_LONE_STEP.pattern})$")
#: Two prices of one thing under other conditions are nearer than this; those of a glass and a bottle are farther apart.
_NEAR = Decimal("1.4")


def with_kinds(reads: Sequence[ReadLine], parts: Parts) -> dict[int, Sequence[Part]]:
    """Return the parts of each line, their prices labelled where an arrow or a line above says which is which, and quantities in steps as such."""
    above = _named_kinds(reads, parts)
    result: dict[int, Sequence[Part]] = {
        n: [_with_labels(reads[n], _without_step(part), above.get(n, ())) for part in own] for n, own in parts.items()
    }
    for n in (*_steps(reads, parts), *_wholesale_below(reads, parts)):
        result[n] = [replace(parts[n][0], is_threshold=True)]
    return result


def is_unclear(part: Part) -> bool:
    """Whether two prices stand with a stroke between them, the lower one second, and nothing says which one everybody pays."""
    if len(part.amounts) != 2 or any(part.labels) or part.amounts[0].unit != part.amounts[1].unit:
        return False
    first, second = (amount.value for amount in part.amounts)
    return second < first < second * _NEAR


def _without_step(part: Part) -> Part:
    """Return a part without the quantity at the end of its name, where those of its other prices go on from it: "Masker: 1-9 = 22rb, 10+ = 20rb"."""
    match = _STEP_BEHIND.search(part.name)
    if match is None or len(part.amounts) < 2 or not all(_LONE_STEP.fullmatch(label) for label in part.labels[1:]):
        return part
    return replace(part, name=part.name[: match.start()], labels=(match["step"], *part.labels[1:]))


def _with_labels(read: ReadLine, part: Part, kinds: Sequence[str]) -> Part:
    gaps = [read.text[left.end : right.start] for left, right in pairwise(part.amounts)]
    if gaps and _ARROW.fullmatch(gaps[-1]):
        return replace(part, labels=tuple(label or OLD for label in part.labels[:-1]) + part.labels[-1:])
    return replace(part, labels=tuple(kinds)) if len(part.amounts) == len(kinds) and not any(part.labels) else part


def _named_kinds(reads: Sequence[ReadLine], parts: Parts) -> dict[int, Sequence[str]]:
    """Return for each line with prices the kinds that a line above names ("ecer / grosir"); the first such line is for what is above it, too."""
    named = {n: kinds for n, read in enumerate(reads) if n not in parts and (kinds := _kinds_in(read))}
    if not named:
        return {}
    current, result = named[min(named)], dict[int, Sequence[str]]()
    for n in range(len(reads)):
        current = named.get(n, current)
        result[n] = current
    return result


def _kinds_in(read: ReadLine) -> list[str]:
    match = vocabulary.kinds_in_row().search(read.text)
    return [kind.strip() for kind in re.split(r"[/|]", match.group())] if match else []


def _steps(reads: Sequence[ReadLine], parts: Parts) -> Iterator[int]:
    """Yield the nameless prices for quantities that go on from those of the line above, at no higher prices: "5-9 kg: 175k" below "1-4 kg: 185k"."""
    for block in blocks_of(reads):
        run: list[int] = []
        for n in range(block.first, block.last + 1):
            is_step = len(parts.get(n, ())) == 1 and _step(parts[n][0]) is not None
            if is_step and (not run or _goes_on(parts[run[-1]][0], parts[n][0])):
                run.append(n)
                continue
            yield from run if len(run) > 1 else ()
            run = [n] if is_step else []
        yield from run if len(run) > 1 else ()


def _wholesale_below(reads: Sequence[ReadLine], parts: Parts) -> Iterator[int]:
    """Yield the nameless retail prices that a wholesale price stands right below, and these: "ecer 85rb", "grosir 70rb"."""
    for n in range(1, len(reads)):
        above, own = parts.get(n - 1, ()), parts.get(n, ())
        if len(above) != 1 or len(own) != 1 or above[0].name or own[0].name:
            continue
        if vocabulary.retail_words().fullmatch(above[0].label) and vocabulary.wholesale_words().fullmatch(own[0].label):
            yield from (n - 1, n)


def _step(part: Part) -> re.Match[str] | None:
    match = _STEP.fullmatch(part.label) if not part.name and len(part.amounts) == 1 else None
    return match if match and (match["last"] or match["open"]) else None


def _goes_on(above: Part, part: Part) -> bool:
    before, here = _step(above), _step(part)
    if before is None or here is None or before["last"] is None:
        return False
    is_next = int(here["first"]) in (int(before["last"]), int(before["last"]) + 1)
    return is_next and part.amounts[0].value <= above.amounts[0].value
