"""Running heads and feet: lines that stand in one place on most pages say nothing new on the second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from monito_ray.pipeline.cells import TextLine

#: A running line stands on at least this share of the pages, within this many points of one height.
_PAGES_SHARE, _SAME_PLACE_PT = 0.6, 3.0
#: Heads and feet have at most so many lines each.
_MOST_LINES = 6

_Place = tuple[str, int, int]


def without_repeated_heads(pages: Sequence[Sequence[TextLine]]) -> list[list[TextLine]]:
    """Return the lines of each page without those that most pages repeat, but for the first page that has them."""
    if len(pages) == 1:
        return [list(lines) for lines in pages]
    places = [[_place(line, number) for line in lines] for number, lines in enumerate(pages, start=1)]
    counts = Counter(place for lines, of_page in zip(pages, places, strict=True) for place in _outer(lines, of_page))
    running = {place for place, count in counts.items() if count >= max(2, _PAGES_SHARE * len(pages))}
    seen: set[_Place] = set()
    result = []
    for lines, of_page in zip(pages, places, strict=True):
        result.append(_renumbered([line for line, place in zip(lines, of_page, strict=True) if place not in seen]))
        seen |= running & set(of_page)
    return result


def _outer(lines: Sequence[TextLine], places: Sequence[_Place]) -> set[_Place]:
    """Return the places of the first and the last lines of a page."""
    ordered = sorted(range(len(lines)), key=lambda i: lines[i].top)
    return {places[i] for i in (*ordered[:_MOST_LINES], *ordered[-_MOST_LINES:])}


def _place(line: TextLine, page_number: int) -> _Place:
    """Return the line's words without the number of its page at their beginning or end, and where they stand."""
    words = line.text.split()
    if words and words[-1].strip("-–—.()") == str(page_number):
        words.pop()
    elif words and words[0].strip("-–—.()") == str(page_number):
        words.pop(0)
    return " ".join(words), round(line.top / _SAME_PLACE_PT), round(line.left / _SAME_PLACE_PT) if words else 0


def _renumbered(lines: Sequence[TextLine]) -> list[TextLine]:
    return [line if line.number == number else replace(line, number=number) for number, line in enumerate(lines, start=1)]
