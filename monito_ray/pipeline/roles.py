"""Which column holds what: titles and the evidence of the cells are two independent voters."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.columns import Profile
from monito_ray.pipeline.titles import Title

TITLE_WEIGHT = 3.0
PRICE_FLOOR = 1.2
NAME_FLOOR = 0.8


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns (counted within their block) by what they hold; `prices` has the main price first."""

    name: int
    prices: tuple[int, ...]
    more_name: tuple[int, ...] = ()
    variants: tuple[int, ...] = ()
    number: int | None = None
    sku: int | None = None
    brand: int | None = None
    category: int | None = None
    unit: int | None = None
    size: int | None = None
    pack: int | None = None
    min_quantity: int | None = None
    currency: int | None = None
    note: int | None = None


def assign(titles: Sequence[Title], profiles: Sequence[Profile]) -> Roles | None:
    """The roles of a table's columns, None when no column can be its name or none its price.

    `titles` are empty ones where the table has no header. A title counts `TITLE_WEIGHT` times its fit, evidence between about
    -5 and +4; what neither supports stays without a role.
    """
    name_scores = [_name_score(title, profile) for title, profile in zip(titles, profiles, strict=True)]
    if not name_scores or max(name_scores) < NAME_FLOOR:
        return None
    name = max(range(len(name_scores)), key=lambda c: (name_scores[c], -c))
    prices = _price_columns(titles, profiles, name)
    if not prices:
        return None
    taken = {name, *prices}
    single: dict[str, int] = {}
    for role in ("number", "sku", "brand", "size", "pack", "unit", "category", "min_quantity", "currency", "note"):
        scores = {c: _role_score(role, titles[c], profiles[c]) for c in range(len(titles)) if c not in taken}
        best = max(scores, key=lambda c: (scores[c], -c), default=None)
        if best is not None and scores[best] >= 1.5:
            single[role] = best
            taken.add(best)
    more = _more_name(titles, profiles, name, taken)
    variants = tuple(c for c in range(len(titles)) if c not in taken and c not in more and _is_variant(titles[c], profiles[c]))
    return Roles(name, prices, more, variants, **single)


def _name_score(title: Title, p: Profile) -> float:
    if p.count == 0 or p.words < 0.3:
        return -9.0
    other = max((score for role, score in title.roles.items() if role != "name"), default=0.0)
    evidence = 1.5 * p.words + 1.2 * min(p.distinct, 1.0) + 0.8 * min(p.length, 30) / 30 + 0.7 * min(1.0, p.filled * 1.5)
    evidence -= 3.0 * (p.units + p.sizes) + 1.0 * p.codes + 2.0 * p.dated
    return TITLE_WEIGHT * title.roles.get("name", 0.0) - 2.0 * other + evidence - 1.0


def _price_columns(titles: Sequence[Title], profiles: Sequence[Profile], name: int) -> tuple[int, ...]:
    scores = {c: price_score(titles[c], profiles[c]) for c in range(len(titles)) if c != name}
    for a in scores:
        for b in scores:
            if a < b and _proportional(profiles[a], profiles[b]):
                scores[a] += 1.0
                scores[b] += 1.0
    titled = [c for c in scores if titles[c].roles.get("price", 0.0) >= 0.35 and titles[c].role in ("price", "") and scores[c] >= 0]
    found = titled or [c for c in scores if scores[c] >= PRICE_FLOOR and titles[c].role in ("", "price", "unit", "sum")]
    if not found:
        return ()
    if not titled:
        best = max(scores[c] for c in found)
        found = [c for c in found if scores[c] >= best - 1.0 and c > name] or [max(found, key=lambda c: scores[c])]
    return tuple(sorted(found, key=lambda c: _price_rank(c, titles[c], profiles, found)))


def _price_rank(column: int, title: Title, profiles: Sequence[Profile], all_prices: Sequence[int]) -> tuple[float, ...]:
    """Smaller comes first: the tier that its title names; unsaid, the piece before the carton; then the order in the list.

    Columns that are nearly empty come behind those that are not: a list is not priced in them.
    """
    p = profiles[column]
    sparse = p.filled * (1 - p.blank_amounts) < 0.1 * max(profiles[c].filled * (1 - profiles[c].blank_amounts) for c in all_prices)
    carton = any(_times(profiles[column], profiles[c]) > 1.9 for c in all_prices if c != column)
    return (sparse and title.tier >= 1, title.tier, carton and title.tier == 1, column)


def price_score(title: Title, p: Profile) -> float:
    """How much a column is one of prices, by title and by cells."""
    amounts = p.money + p.blank_amounts * (p.money > 0)
    if p.count == 0 or min(1.0, amounts) < 0.5 or not p.numbers:
        return -9.0
    says = TITLE_WEIGHT * title.roles.get("price", 0.0)
    other = max((score for role, score in title.roles.items() if role != "price"), default=0.0)
    return says - 2.5 * other * (says < 1.0) + _price_evidence(p)


def _price_evidence(p: Profile) -> float:
    values = [abs(number) for number in p.numbers if number]
    if not values:
        return -1.0
    whole = all(value == int(value) for value in values)
    score = 2.0 * (p.marked > 0.5)
    score -= 3.0 * p.running
    score -= 2.5 * (whole and sum(1900 <= value <= 2040 for value in values) > 0.9 * len(values))
    score -= 2.0 * (p.distinct_numbers <= max(1, 0.03 * len(values)) and len(values) >= 12)
    score -= 2.5 * _are_codes(values, whole)
    cents = sum(abs(value - round(value, 2)) < 1e-9 and value != int(value) for value in values) / len(values)
    rounds = sum(int(value) % 10 in (0, 5, 9) for value in values) / len(values)
    score += 1.2 * (whole and rounds > 0.55 and statistics.median(values) >= 20) + 1.0 * (cents > 0.25)
    score -= 1.2 * (whole and statistics.median(values) < 20)
    score += 0.6 * (p.distinct_numbers >= 0.3 * len(values)) + 0.4 * (p.filled > 0.7)
    return score


def _are_codes(values: list[float], whole: bool) -> bool:
    """Whether whole numbers are article numbers: long, nearly all different, without the round ends that prices have."""
    if not whole or len(values) < 5:
        return False
    lengths = {len(str(int(value))) for value in values}
    rounds = sum(int(value) % 10 in (0, 5) for value in values) / len(values)
    return min(lengths) >= 5 and len(set(values)) > 0.9 * len(values) and rounds < 0.45 or min(lengths) >= 11


def _pairs(a: Profile, b: Profile) -> list[tuple[float, float]]:
    return [(x, y) for x, y in zip(a.numbers, b.numbers, strict=False) if x > 0 and y > 0] if len(a.numbers) == len(b.numbers) else []


def _proportional(a: Profile, b: Profile) -> bool:
    """Whether two columns move together as two prices of one thing do."""
    pairs = _pairs(a, b)
    if len(pairs) < 8 or a.distinct_numbers < 5 or a.running or b.running:
        return False
    logs = [math.log(y / x) for x, y in pairs]
    spread = statistics.pstdev(math.log(x) for x, _ in pairs)
    return statistics.pstdev(logs) < 0.25 * spread and spread > 0.1


def _times(a: Profile, b: Profile) -> float:
    """How many times `b` column `a` is, in the middle."""
    pairs = _pairs(a, b)
    return statistics.median(x / y for x, y in pairs) if len(pairs) >= 3 else 0.0


def _role_score(role: str, title: Title, p: Profile) -> float:
    says = TITLE_WEIGHT * title.roles.get(role, 0.0)
    if title.role and title.role != role:
        says *= 0.5
    if not p.count:
        return -9.0
    match role:
        case "number":
            return says + 2.5 * p.running - 3.0 * (p.words > 0.3)
        case "sku":
            return (
                says
                + title.roles.get("barcode", 0.0) * 2
                + 1.0 * p.codes
                + (1.6 * _are_codes([n for n in p.numbers if n], whole=True) if p.money > 0.8 else 0)
            )
        case "brand":
            return says + 0.5 * (p.words > 0.8) - 1.5 * (p.units + p.money)
        case "size":
            return says + 2.0 * p.sizes - 2.0 * (p.words > 0.9 and p.sizes < 0.2 and p.length > 25)
        case "pack":
            return says + 0.3 * (p.money > 0.7) - 1.0 * p.units
        case "unit":
            return says + 2.5 * p.units - 2.0 * (p.money > 0.6) - 1.0 * p.sizes
        case "category":
            return says + 0.3 * (p.words > 0.8 and p.distinct < 0.3) - 1.5 * p.money
        case _:
            return says


def _more_name(titles: Sequence[Title], profiles: Sequence[Profile], name: int, taken: set[int]) -> tuple[int, ...]:
    """Untitled columns right behind the name that go on with it (a header over several columns, names cut in two)."""
    more = []
    for column in range(name + 1, len(titles)):
        if titles[column].text or column in taken:
            break
        p = profiles[column]
        if p.filled >= 0.2 and not p.units and p.count:
            more.append(column)
    has_titles = any(title.text for title in titles)
    return tuple(more) if has_titles else ()


def _is_variant(title: Title, p: Profile) -> bool:
    """A column without a role that tells things of one name apart: short, not constant."""
    return (
        p.count > 0
        and title.role in ("", "name", "size")
        and bool(title.text)
        and p.length < 30
        and p.distinct > 0.02
        and not p.running
        and p.filled > 0.3
    )
