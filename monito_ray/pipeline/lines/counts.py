"""Lines of counts below a line of titles: "Food, Protein, kcal", "Item In Out Balance". Their numbers are no prices."""

import re
from collections.abc import Collection, Sequence

from monito_ray.pipeline.characters import SPACE_BEFORE
from monito_ray.pipeline.currencies import find_marks
from monito_ray.pipeline.lines.amounts import Strength
from monito_ray.pipeline.lines.priced_line import ReadLine
from monito_ray.pipeline.title_words import find_matches, split_words

#: The titles stand at most so many lines above the first number.
_REACH = 2
#: Fewer titles than that name a count only by a word that names nothing else, this strong.
_FEWEST_TITLES, _SURE = 3, 0.5
#: The share of the lines whose numbers are as many as the titles behind the first.
_SHARE = 0.7
_BETWEEN_CELLS = (
    re.compile(r"(?<!\s)[^\S\t]*+\t\s*"),
    *(re.compile(rf"{SPACE_BEFORE}{mark}\s*") for mark in (";", r"\|", ",")),
    re.compile(r"\s{2,}"),
)
_WORD_END = re.compile(r"\s+")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?%?")


def are_counts(reads: Sequence[ReadLine], offers: Collection[int]) -> bool:
    """Whether a line right above the first of the offers names what they count: titles of counts, none of prices, and as many numbers below."""
    if not offers or any(amount.strength > Strength.SHAPED for n in offers for amount in reads[n].amounts):
        return False
    first = min(offers)
    above = [n for n in range(max(0, first - _REACH), first) if reads[n].text.strip()]
    if not above or any(map(str.isdigit, reads[above[-1]].text)):
        return False
    text = reads[above[-1]].line.text.strip()
    between = next((pattern for pattern in _BETWEEN_CELLS if pattern.search(text)), _WORD_END)
    titles = between.split(text.strip(" |"))
    numbers = [_numbers_at_end(between.split(reads[n].line.text.strip(" |"))) for n in offers]
    fit = sum(count == len(titles) - 1 for count in numbers)
    return fit >= _SHARE * len(numbers) and _name_counts(titles)


def _numbers_at_end(cells: Sequence[str]) -> int:
    return next((n for n, cell in enumerate(reversed(cells)) if not _NUMBER.fullmatch(cell)), len(cells))


def _name_counts(titles: Sequence[str]) -> bool:
    """Whether one of several titles is that of a count, and none that of a price."""
    strengths = [dict(_roles(title)) for title in titles[1:]]
    if (
        len(titles) < 2
        or any("price" in roles or "cost" in roles for roles in strengths)
        or any(any(find_marks(title)) for title in titles)
    ):
        return False
    counts = [roles.get("quantity", 0.0) for roles in strengths]
    return max(counts) >= _SURE or (len(titles) >= _FEWEST_TITLES and max(counts) > 0)


def _roles(title: str) -> list[tuple[str, float]]:
    """Return what a title says as a whole, with how strongly."""
    words = split_words(title)
    return [(match.role, match.strength) for match in find_matches(words) if match.length == len(words)]
