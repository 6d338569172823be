"""Which columns hold prices, and which of them is the main one: that of one piece, for one buyer, today."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline.tables.choice.price_comparison import ComparedPrices
from monito_ray.pipeline.tables.column_relations import RELATIONS, factors_of, is_sold_above, move_together, quantity_of
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import Score, Term, add_up
from monito_ray.pipeline.tables.titles import CLEAR_FIT, Title, costs_as_prices


@dataclass(frozen=True, slots=True)
class PriceColumnThresholds:
    """The points that columns of prices need, and what ranks them. Set by trial on labelled lists where nothing else is written."""

    #: Points that a column needs under a title of prices.
    titled_floor: float = 0.0
    #: How well "price" has to fit such a title (0 to 1).
    titled_fit: float = 0.35
    #: Points that a column needs in a table with titles that are understood, where its own title is empty or does not name a price. Such a
    #: table may have no prices at all, as stock lists have none.
    untitled_floor: float = 0.9
    #: Points that a column needs in a list without titles: it has a price somewhere.
    headless_floor: float = 0.1
    #: Columns with more points are compared with each other.
    compared_floor: float = -3.0
    #: Points for a column that moves together with another one.
    moves_together: float = 1.0
    #: Share of filled rows that a column without a title of prices needs.
    least_filled: float = 0.3

    #: Above this share of blank amounts and zeros a price column is sparse. Such a table is several lists merged: each product has a price
    #: in some columns and zero in the others. Other equally sparse columns above `sparse_floor` then count as prices too.
    sparse_blank_share: float = 0.5
    sparse_floor: float = -2.0
    #: A title of quantities that stands over so many columns is that of counts day by day: what columns in unknown words hold is counted, too.
    counts: int = 3


PRICE_COLUMNS = PriceColumnThresholds()
#: Roles of amounts that are never asked for goods, whatever else their titles say.
_OTHER_MONEY = ("cost", "tax", "margin", "discount")


@dataclass(frozen=True, slots=True)
class PriceCandidates:
    """All columns of a table except the name column, scored as prices and compared with each other."""

    titles: Sequence[Title]
    profiles: Sequence[ColumnProfile]
    name: int
    scores: dict[int, Score]
    #: The likely ones, best first; at most `RELATIONS.most_columns`.
    likely: list[int]
    #: Pairs of likely columns that move together, either way round.
    pairs: frozenset[tuple[int, int]]

    def points(self, column: int) -> float:
        """Return the points of a column as one of prices."""
        return self.scores[column].points


@dataclass(frozen=True, slots=True)
class PriceChoice:
    """The columns of prices of a table, and how sure the first of them is the main one."""

    #: The main price first, then its tiers; none where no column can hold prices.
    columns: tuple[int, ...] = ()
    #: How much speaks for each column that was weighed against the others.
    scores: Mapping[int, Score] = field(default_factory=dict)
    #: The best of the others that may be the main price, and the lead over it in points; None where there is no other.
    rival: int | None = None
    lead: float = math.inf


def compare_candidates(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int) -> PriceCandidates:
    """Score each column but `name` as one of prices; a column that moves together with another one has more points."""
    scores = {c: price_score(titles[c], profiles[c]) for c in range(len(titles)) if c != name}
    likely = [c for c in scores if scores[c].points > PRICE_COLUMNS.compared_floor]
    likely = sorted(likely, key=lambda c: -scores[c].points)[: RELATIONS.most_columns]
    pairs = frozenset((a, b) for a in likely for b in likely if a != b and move_together(profiles[a], profiles[b]))
    for column in likely:
        if any((column, other) in pairs for other in likely):
            scores[column] += add_up([Term("moves together with another column", PRICE_COLUMNS.moves_together)])
    return PriceCandidates(titles, profiles, name, scores, likely, pairs)


def choose_prices(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int) -> PriceChoice:
    """Return the columns of prices.

    Titles decide where one of them names a price; else the cells do. Then all that may be the main price are weighed against each other.
    """
    titled, by_cells, candidates = _likely_prices(titles, profiles, name)
    compared = dict.fromkeys((*titled, *by_cells))
    if not compared:
        return PriceChoice()
    points = {c: candidates.points(c) for c in compared}
    titles = candidates.titles
    scores = ComparedPrices(titles, profiles, name, points, candidates.pairs).scores()
    main, *others = sorted(compared, key=lambda c: (-scores[c].points, c))
    tiers = titled or _tiers_by_cells(candidates, main, by_cells)
    rivals = [c for c in others if not (_names_price(titles[main]) and _names_price(titles[c]))]
    columns = (main, *(c for c in (*others, *tiers) if c in tiers and c != main))
    lead = scores[main].points - scores[rivals[0]].points if rivals else math.inf
    return PriceChoice(tuple(dict.fromkeys(columns)), scores, rivals[0] if rivals else None, lead)


def _likely_prices(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int) -> tuple[list[int], list[int], PriceCandidates]:
    """Return the columns that may be prices by their titles, and by their cells; what goods cost is a price only where nothing else is."""
    candidates = compare_candidates(titles, profiles, name)
    titled, by_cells = _by_titles(candidates), _by_cells(candidates)
    costs = [c for c, title in enumerate(titles) if title.role == "cost"]
    if not costs or any(is_sold_above(profiles[c], profiles[cost]) for c in by_cells for cost in costs):
        return titled, by_cells, candidates
    retitled = costs_as_prices(titles)
    if retitled == list(titles):
        return titled, by_cells, candidates
    candidates = compare_candidates(retitled, profiles, name)
    return _by_titles(candidates), _by_cells(candidates), candidates


def floor_for(title: Title, titles: Sequence[Title]) -> float:
    """Return the points that a column under `title` needs to hold prices, in a table with these titles."""
    return PRICE_COLUMNS.titled_floor if _names_price(title) else _untitled_floor(titles)


def _untitled_floor(titles: Sequence[Title]) -> float:
    """Return the points that a column whose title names no price needs, in a table with these titles."""
    return PRICE_COLUMNS.untitled_floor if any(title.roles for title in titles) else PRICE_COLUMNS.headless_floor


def _names_price(title: Title) -> bool:
    return title.roles.get("price", 0.0) >= PRICE_COLUMNS.titled_fit and title.role == "price"


def _by_titles(candidates: PriceCandidates) -> list[int]:
    """Return the columns whose titles name a price; empty if none of them has enough points."""
    titles = candidates.titles
    titled = [c for c in candidates.scores if _names_price(titles[c]) and candidates.points(c) > PRICE_COLUMNS.compared_floor]
    titled = sorted(titled, key=lambda c: -candidates.points(c))[: RELATIONS.most_columns]
    if titled and all(titles[c].tier > 1 for c in titled):
        titled += _untitled_prices(candidates, titled)
    return titled if any(candidates.points(c) >= PRICE_COLUMNS.titled_floor for c in titled) else []


def _untitled_prices(candidates: PriceCandidates, titled: Sequence[int]) -> list[int]:
    """Return untitled price columns, where every titled one is a carton, old or wholesale price.

    They are those that move with a titled column, and the factor that gives the carton price.
    """
    prices = {
        c
        for c in candidates.likely
        if candidates.points(c) >= PRICE_COLUMNS.untitled_floor and any((c, other) in candidates.pairs for other in titled)
    }
    for column in titled:
        factors = factors_of(column, candidates.profiles)
        if factors:
            prices |= {*factors} - {quantity_of(factors, candidates.profiles)}
    return sorted(c for c in prices if not candidates.titles[c].roles)


def _by_cells(candidates: PriceCandidates) -> list[int]:
    """Return the columns that may be prices by their cells, without order totals and quantities."""
    return _without_sums([c for c in candidates.likely if _may_be_price(candidates, c)], candidates.profiles)


def _tiers_by_cells(candidates: PriceCandidates, main: int, by_cells: Sequence[int]) -> list[int]:
    """Return the columns that move together with the main price, and, where that is sparse, the other sparse ones."""
    chosen = [c for c in by_cells if (c, main) in candidates.pairs]
    if not _is_sparse(candidates.profiles[main]):
        return chosen
    sparse = [c for c in candidates.likely if c not in chosen and _is_sparse(candidates.profiles[c]) and not candidates.titles[c].role]
    return chosen + [c for c in sparse if candidates.points(c) > PRICE_COLUMNS.sparse_floor]


def _may_be_price(candidates: PriceCandidates, column: int) -> bool:
    has_points = candidates.points(column) >= _untitled_floor(candidates.titles)
    title = candidates.titles[column]
    if title.role != "price" and max(title.roles.get(role, 0.0) for role in _OTHER_MONEY) >= CLEAR_FIT:
        return False  # "Unit margin"
    quantities = [title.text for title in candidates.titles if title.role == "quantity" and title.is_clear]
    if title.role != "price" and any(quantities.count(text) >= PRICE_COLUMNS.counts for text in quantities):
        return False
    is_allowed = title.role in ("", "price", "unit") or (
        title.role == "sum" and not quantities
    )  # beside a quantity it is that times a price
    return has_points and is_allowed and candidates.profiles[column].filled >= PRICE_COLUMNS.least_filled


def _without_sums(columns: Sequence[int], profiles: Sequence[ColumnProfile]) -> list[int]:
    """Return `columns` without columns that are the product of two others, and without the quantity columns among those factors."""
    sums = {}
    for column in columns:
        factors = factors_of(column, profiles)
        if factors:
            sums[column] = factors
    quantities = {quantity_of(factors, profiles) for factors in sums.values()}
    return [c for c in columns if c not in sums and c not in quantities]


def _is_sparse(p: ColumnProfile) -> bool:
    return p.blank_amounts > PRICE_COLUMNS.sparse_blank_share
