"""Which column holds what: titles and cells are two independent kinds of evidence."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline.tables.choice.case_counts import counts_as_packs
from monito_ray.pipeline.tables.choice.name_comparison import compare_names
from monito_ray.pipeline.tables.name_columns import group_column, is_variant, more_name_columns, wordiest_first
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_columns import choose_prices
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.role_evidence import ROLE, SINGLE_ROLES, role_score
from monito_ray.pipeline.tables.scores import Score
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class DoubtMargins:
    """The lead in points over the next column below which a choice is in doubt, where no title names the chosen one.

    Set on labelled lists without their titles, with costs and taxes added (`benchmarks/columns.py`): two thirds of the wrong prices and a third
    of the wrong names lead by less, a tenth of the right ones.
    """

    name: float = 0.3
    price: float = 0.6
    #: Titles of which none says name or price, and the share of numbers with a currency beside them that says it all the same.
    titles: int = 3
    marked: float = 0.5
    #: Under a title of wholesale, carton or old prices, over a column in unknown words.
    tier: float = 1.6


DOUBT = DoubtMargins()


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of a table, as indexes within it, by what they hold; None or none where no column holds it."""

    name: int
    #: The main price first.
    prices: tuple[int, ...]
    #: Columns beside the name that go on with it.
    more_name: tuple[int, ...] = ()
    #: Columns that tell rows of one name apart.
    variants: tuple[int, ...] = ()
    #: The running number of the row.
    number: int | None = None
    #: The article number or bar code.
    sku: int | None = None
    brand: int | None = None
    category: int | None = None
    unit: int | None = None
    size: int | None = None
    pack: int | None = None
    min_quantity: int | None = None
    currency: int | None = None
    note: int | None = None
    #: The main price, where its title says that it is what the goods cost the seller, and no other column is a price.
    cost_price: int | None = None
    #: The main price, where titles stand over the table, none of them says name or price, and no currency stands beside the numbers.
    unsaid_price: int | None = None
    #: Another column that is nearly as likely the name, where no title tells.
    rival_name: int | None = None
    #: Another column that is nearly as likely the main price, where no title tells.
    rival_price: int | None = None
    #: By how many points the main price leads the next column that may be it, whatever titles say.
    price_lead: float = field(default=math.inf, compare=False)


def assign_columns(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> Roles | None:
    """Return the roles of a table's columns, None when no column can be its name, or none its price.

    `titles` are empty ones where the table has no header. What neither title nor cells support stays without a role.
    """
    titles = counts_as_packs(titles, profiles)
    names = choose_names(titles, profiles)
    if not names:
        return None
    name = min(names, key=lambda c: (-names[c].points, c))
    choice = choose_prices(titles, profiles, name)
    prices = choice.columns
    if not prices:
        return None
    single = _single_roles(titles, profiles, {name, *prices})
    taken = {name, *prices, *single.values()}
    more = more_name_columns(titles, profiles, name, taken)
    group = group_column(titles, profiles, name, taken)
    name, more = wordiest_first(profiles, name, more) if group is None else (group, (name, *more))
    variants = tuple(c for c in range(len(titles)) if c not in taken and c not in more and is_variant(titles[c], profiles[c]))
    rival_name = _rival(names, name, {*more, *prices}, DOUBT.name) if titles[name].role != "name" and name in names else None
    return Roles(
        name,
        prices,
        more,
        variants,
        **single,
        cost_price=prices[0] if titles[prices[0]].role == "cost" else None,
        unsaid_price=prices[0] if _says_nothing(titles) and profiles[prices[0]].marked < DOUBT.marked else None,
        rival_name=rival_name,
        rival_price=choice.rival if choice.lead < _least_lead(titles[prices[0]]) else None,
        price_lead=choice.lead,
    )


def _single_roles(titles: Sequence[Title], profiles: Sequence[ColumnProfile], taken: set[int]) -> dict[str, int]:
    """Return the column of each of `SINGLE_ROLES`: the best column that is still free, if it has enough points."""
    single: dict[str, int] = {}
    free = [c for c in range(len(titles)) if c not in taken]
    for role in SINGLE_ROLES:
        points = {c: role_score(role, titles[c], profiles[c]).points for c in free}
        best = max(free, key=lambda c: (points[c], -c), default=None)
        if best is not None and points[best] >= ROLE.floor:
            single[role] = best
            free.remove(best)
    return single


def choose_names(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> dict[int, Score]:
    """Return how much speaks for each column that may be the one of names, weighed against the others; none where no column may."""
    scores = {c: name_score(title, p) for c, (title, p) in enumerate(zip(titles, profiles, strict=True))}
    likely = {c: score for c, score in scores.items() if score.points >= NAME.floor}
    return compare_names(titles, profiles, likely) if likely else {}


def _says_nothing(titles: Sequence[Title]) -> bool:
    """Return whether the titles of a table leave open whether it is a price list: a league table has names and numbers, too."""
    texts = sum(bool(title.text) for title in titles)
    return texts >= DOUBT.titles and not any(title.role in ("name", "price", "cost") for title in titles)


def _least_lead(title: Title) -> float:
    """Return the lead that makes a main price under `title` sure: none is needed where that names a price of one piece today."""
    if title.role != "price":
        return DOUBT.price
    return DOUBT.tier if title.tier > 1 else -math.inf


def _rival(scores: Mapping[int, Score], chosen: int, taken: Container[int], margin: float) -> int | None:
    """Return the best other column, if it is nearly as good as the chosen one."""
    others = [c for c in scores if c != chosen and c not in taken]
    best = max(others, key=lambda c: scores[c].points, default=None)
    return best if best is not None and scores[chosen].points - scores[best].points < margin else None
