"""The offers of tables and of lines on one page against each other: which of both have prices, and whole names."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from monito_ray.pipeline import prices
from monito_ray.pipeline.currencies import find_marks
from monito_ray.pipeline.lines.line_assembly import LineOffer
from monito_ray.pipeline.rows.offer_line import OfferLine


@dataclass(frozen=True, slots=True)
class ContrastThresholds:
    """When one reading is surely the better one. Set by trial on labelled lists and on lists of our own."""

    #: Offers of a reading that tells anything.
    fewest_offers: int = 3
    #: Share of the prices that are money, or that both readings have; share that is money where a reading took other figures.
    most_prices: float = 0.8
    few_prices: float = 0.5
    #: Share of the names that one reading has whole and the other one not; a section's title before a name counts as two names cut short.
    faulty_names: float = 0.05
    for_glued_title: int = 2
    #: Share of the names behind which one reading has more: what stands there describes the goods.
    described_names: float = 0.5


CONTRAST = ContrastThresholds()
_NUMBER = re.compile(r"\d[\d.,]*")
_CENTS = re.compile(r"[.,]\d\d(?!\d)(?![.,]\d)")
#: What stands between a title and a name.
_AROUND = " :-"


def lines_have_money(of_tables: Sequence[OfferLine], of_lines: Sequence[LineOffer], *, is_titled: bool) -> bool | None:
    """Whether the prices of lines are money, and those of tables bare figures beside them; None where that does not tell."""
    if min(len(of_tables), len(of_lines)) < CONTRAST.fewest_offers or _agree(of_tables, of_lines):
        return None
    in_tables, in_lines = _share_of_money(of_tables), _share_of_money(of_lines)
    if in_tables >= CONTRAST.most_prices and in_lines <= CONTRAST.few_prices:
        return False
    return True if in_lines >= CONTRAST.most_prices and in_tables <= CONTRAST.few_prices and not is_titled else None


def lines_have_fewer_faults(of_tables: Sequence[OfferLine], of_lines: Sequence[LineOffer]) -> bool | None:
    """Whether more names of tables than of lines are halves of the other's, or have a section's title before them; None where it does not tell."""
    if min(len(of_tables), len(of_lines)) < CONTRAST.fewest_offers or not _agree(of_tables, of_lines):
        return None
    pairs = [(line, offer) for line, offer in _pairs(of_tables, of_lines) if line.name != offer.name]
    titles = {title.casefold() for pair in pairs for title in (pair[0].section, pair[1].section)}
    named = [(_folded(line.name), _folded(offer.name)) for line, offer in pairs]
    titles |= _shared_beginnings([*named, *((in_line, in_table) for in_table, in_line in named)])
    behind = sum(shorter not in {"", longer} and longer.startswith(shorter) for both in named for shorter, longer in (both, both[::-1]))
    if behind > CONTRAST.described_names * len(of_tables):
        return None
    fewer = sum(_says_more(in_line, in_table, titles) - _says_more(in_table, in_line, titles) for in_table, in_line in named)
    return fewer > 0 if abs(fewer) >= CONTRAST.faulty_names * len(of_tables) else None


def without_numbers_of_names(of_lines: Sequence[LineOffer], of_tables: Sequence[OfferLine]) -> Iterator[LineOffer]:
    """Yield the offers of lines, but for those whose price is a number in a name of a table: the cell wraps, and the number ends its line."""
    numbers = {number for line in of_tables for number in _NUMBER.findall(line.name)}
    prices_of_tables = {line.price for line in of_tables}
    for offer in of_lines:
        if prices.rounded(offer.price) in prices_of_tables or offer.price_text not in numbers:
            yield offer


def _share_of_money(offers: Sequence[OfferLine] | Sequence[LineOffer]) -> float:
    """Return the share of prices with a currency or with cents; on a line a currency may stand at another amount."""
    return sum(_is_money(offer) for offer in offers) / len(offers)


def _is_money(offer: OfferLine | LineOffer) -> bool:
    is_marked = bool(offer.currency) and (isinstance(offer, OfferLine) or any(find_marks(offer.price_text)))
    return is_marked or bool(_CENTS.search(offer.price_text))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _shared_beginnings(names: Sequence[tuple[str, str]]) -> set[str]:
    """Return what stands before several of the second names where the first ones have nothing: the title of a section."""
    before = Counter(longer.removesuffix(shorter).strip(_AROUND) for shorter, longer in names if longer.endswith(shorter))
    return {text for text, times in before.items() if times > 1 and text}


def _agree(of_tables: Sequence[OfferLine], of_lines: Sequence[LineOffer]) -> bool:
    """Whether both readings have the same prices, but for a few."""
    return sum(1 for _ in _pairs(of_tables, of_lines)) >= CONTRAST.most_prices * max(len(of_tables), len(of_lines))


def _pairs(of_tables: Sequence[OfferLine], of_lines: Sequence[LineOffer]) -> Iterator[tuple[OfferLine, LineOffer]]:
    """Yield the offers of both readings that have the same price, in their order."""
    by_price = defaultdict[object, list[LineOffer]](list)
    for offer in reversed(of_lines):
        by_price[prices.rounded(offer.price)].append(offer)
    for line in of_tables:
        if by_price[line.price]:
            yield line, by_price[line.price].pop()


def _says_more(longer: str, shorter: str, titles: Collection[str]) -> int:
    """Return 1 where a name goes on from the other one with words of its own, less than 0 where with the title of a section, else 0."""
    if longer == shorter or not (longer.startswith(shorter) or longer.endswith(shorter)):
        return 0
    added = longer.removesuffix(shorter) if longer.endswith(shorter) else longer.removeprefix(shorter)
    return -CONTRAST.for_glued_title if added.strip(_AROUND) in titles else 1
