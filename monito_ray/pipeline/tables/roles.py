"""Which column holds what: titles and the evidence of the cells are two independent voters."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.titles import Title

TITLE_WEIGHT = 3.0
PRICE_FLOOR = 0.9
IMPOSSIBLE = -9.0
# A list without a header has a price somewhere; one with titles that are understood may have none.
HEADLESS_FLOOR = 0.1
NAME_FLOOR = 0.8
FEWEST_AMOUNTS = 4
MOST_COMPARED = 60
MOST_PIECES = 500
RIVAL_NAME, RIVAL_PRICE = 0.02, 0.3
WORDS_TITLED, WORDS_UNTITLED = 0.5, 0.3
SURE_PRICE = 0.7


@dataclass(frozen=True, slots=True)
class Roles:
    """Columns (counted within their block) by what they hold; `prices` has the main price first.

    Rivals are columns that are nearly as likely to be the name, or the price, where no title says which is.
    """

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
    rival_name: int | None = None
    rival_price: int | None = None


def assign_columns(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> Roles | None:
    """The roles of a table's columns, None when no column can be its name or none its price.

    `titles` are empty ones where the table has no header. A title counts `TITLE_WEIGHT` times its fit, evidence between about
    -5 and +4; what neither supports stays without a role.
    """
    name_scores = [name_score(title, profile) for title, profile in zip(titles, profiles, strict=True)]
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
    name, more = _wordy_first(profiles, name, more)
    variants = tuple(c for c in range(len(titles)) if c not in taken and c not in more and _is_variant(titles[c], profiles[c]))
    rivals = (
        _rival(name_scores, name, {*more, *prices}, RIVAL_NAME, titles[name].role == "name"),
        _rival_price(titles, profiles, prices, name),
    )
    return Roles(name, prices, more, variants, **single, rival_name=rivals[0], rival_price=rivals[1])


def _rival_price(titles: Sequence[Title], profiles: Sequence[ColumnProfile], prices: Sequence[int], name: int) -> int | None:
    """The other column that may be the price; prices of one thing that move together are no rivals."""
    scores = [price_score(title, p) for title, p in zip(titles, profiles, strict=True)]
    taken = {name, *prices}
    for _ in range(MOST_COMPARED):
        rival = _rival(scores, prices[0], taken, RIVAL_PRICE, titles[prices[0]].role == "price")
        if rival is None or not factors_of(rival, profiles):
            return rival
        taken.add(rival)  # a sum is no price, so the next is looked at
    return None


def _rival(scores: Sequence[float], chosen: int, taken: set[int], margin: float, is_titled: bool) -> int | None:
    others = [c for c in range(len(scores)) if c != chosen and c not in taken and scores[c] > 0]
    best = max(others, key=lambda c: scores[c], default=None)
    return best if best is not None and not is_titled and scores[chosen] - scores[best] < margin else None


def name_score(title: Title, p: ColumnProfile) -> float:
    """How much a column is the one of names, by title and by cells."""
    if p.count == 0 or p.words < 0.3:
        return IMPOSSIBLE
    other = max((score for role, score in title.roles.items() if role != "name"), default=0.0)
    evidence = 1.5 * p.words + 1.2 * min(p.distinct, 1.0) + 0.8 * min(p.length, 30) / 30 + 0.7 * min(1.0, p.filled * 1.5)
    evidence -= 3.0 * (p.units + p.sizes) + 1.0 * p.codes + 2.0 * p.dated
    return TITLE_WEIGHT * title.roles.get("name", 0.0) - 2.0 * other + evidence - 1.0


def _price_columns(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int) -> tuple[int, ...]:
    scores = {c: price_score(titles[c], profiles[c]) for c in range(len(titles)) if c != name}
    compared = sorted((c for c in scores if scores[c] > -3), key=lambda c: -scores[c])[:MOST_COMPARED]
    pairs = {(a, b) for a in compared for b in compared if a != b and move_together(profiles[a], profiles[b])}
    for c in compared:
        scores[c] += any((c, other) in pairs for other in compared)
    titled = [c for c in scores if titles[c].roles.get("price", 0.0) >= 0.35 and titles[c].role == "price" and scores[c] > -3]
    titled = sorted(titled, key=lambda c: -scores[c])[:MOST_COMPARED]
    if titled and all(titles[c].tier > 1 for c in titled):
        titled += _prices_of_one(titles, profiles, titled, [c for c in compared if scores[c] >= PRICE_FLOOR], pairs)
    if any(scores[c] >= 0 for c in titled):
        return tuple(sorted(titled, key=lambda c: _price_rank(c, titles[c], profiles, titled)))
    floor = PRICE_FLOOR if any(title.roles for title in titles) else HEADLESS_FLOOR
    found = [c for c in compared if scores[c] >= floor and titles[c].role in ("", "price", "unit", "sum") and profiles[c].filled >= 0.3]
    multiplied = {c: factors for c in found if (factors := factors_of(c, profiles))}
    quantities = {_quantity(factors, profiles) for factors in multiplied.values()}
    found = [c for c in found if c not in multiplied and c not in quantities]
    if not found:
        return ()
    best = max(found, key=lambda c: (int(scores[c] / 0.4), c > name, -c))
    sparse = profiles[best].blank_amounts > 0.5
    also = [c for c in found if c == best or (c, best) in pairs]
    # Several lists in one, each thing priced in some of the columns and zero in the others.
    also += [c for c in compared if sparse and c not in also and profiles[c].blank_amounts > 0.5 and scores[c] > -2 and not titles[c].role]
    return tuple(sorted(also, key=lambda c: _price_rank(c, titles[c], profiles, also)))


def _prices_of_one(
    titles: Sequence[Title], profiles: Sequence[ColumnProfile], titled: Sequence[int], likely: Sequence[int], pairs: set[tuple[int, int]]
) -> list[int]:
    """Columns without a title beside prices that all are a carton's, old or wholesale ones.

    What moves along with one of them is a price, and so is what a carton's price is the product of.
    """
    found = {c for c in likely if any((c, other) in pairs for other in titled)}
    for factors in filter(None, (factors_of(c, profiles) for c in titled)):
        found |= {*factors} - {_quantity(factors, profiles)}
    return sorted(c for c in found if not titles[c].roles)


def _price_rank(column: int, title: Title, profiles: Sequence[ColumnProfile], all_prices: Sequence[int]) -> tuple[float, ...]:
    """Smaller comes first: the tier that its title names; unsaid, the piece before the carton; the newest of a history; the order.

    More times than a carton has pieces is the rate of a currency: then the dollars come behind the money of the country, which are more.

    Columns that are nearly empty come behind those that are not: a list is not priced in them.
    """
    p = profiles[column]
    sparse = p.filled * (1 - p.blank_amounts) < 0.1 * max(profiles[c].filled * (1 - profiles[c].blank_amounts) for c in all_prices)
    times = [_times(profiles[column], profiles[c]) for c in all_prices if c != column]
    carton = any(1.9 < ratio <= MOST_PIECES for ratio in times)
    foreign = any(0 < ratio < 1 / MOST_PIECES for ratio in times)
    day = date_in(title.text)
    return (sparse and title.tier >= 1, title.tier, foreign, carton and title.tier == 1, -day.toordinal() if day else 0, column)


def price_score(title: Title, p: ColumnProfile) -> float:
    """How much a column is one of prices, by title and by cells."""
    amounts = p.money + p.blank_amounts * (p.money > 0)
    # Under a title that says so, a short list may have as many remarks as that.
    most_words = WORDS_TITLED if title.roles.get("price", 0.0) >= SURE_PRICE else WORDS_UNTITLED
    if p.count == 0 or min(1.0, amounts) < 0.5 or p.words > most_words or not p.numbers:
        return IMPOSSIBLE
    says = TITLE_WEIGHT * title.roles.get("price", 0.0)
    other = max((score for role, score in title.roles.items() if role != "price"), default=0.0)
    # "Unit" may stand over the unit as over the price of one.
    weight = 0.8 if title.role in ("unit", "sum") else 2.5
    return says - weight * other * (says < 1.0) + _price_evidence(p)


@lru_cache(maxsize=64)
def _price_evidence(p: ColumnProfile) -> float:
    """What cells alone say: prices differ, spread over orders of magnitude, repeat now and then, and end in round digits or cents.

    Running numbers, years, article numbers, quantities and columns of few values do not.
    """
    values = [abs(number) for number in p.numbers if number]
    if not values:
        return -1.0
    n, middle = len(values), statistics.median(values)
    whole = sum(value == int(value) for value in values) > 0.98 * n
    spread = _deviation([math.log(value) for value in values])
    different = p.distinct_numbers / n
    few = p.distinct_numbers <= max(2, 0.03 * n) and n >= 8
    score = 2.0 * (p.marked > 0.5) - 3.0 * p.running - 2.0 * few - 2.5 * are_article_numbers(values)
    score -= 2.5 * (whole and sum(1900 <= value <= 2040 for value in values) > 0.9 * n)
    score -= 1.0 * (not few and p.distinct_numbers < 15 and different < 0.27 and n >= 30)
    score += 1.0 * (not whole and not few and sum(value != int(value) for value in values) > 0.25 * n)
    score += 0.8 * (whole and middle >= 20 and sum(int(value) % 10 in (0, 5, 9) for value in values) > 0.55 * n)
    score -= 1.2 * (whole and middle < 20)
    score += 0.6 * (different >= 0.3) + 0.6 * (spread > 0.5) - 0.8 * (spread < 0.12 and n >= 10) + 0.4 * (p.filled > 0.7)
    return score - 1.0 * (p.filled < 0.25) - 0.5 * (n < FEWEST_AMOUNTS)


def _deviation(values: Sequence[float]) -> float:
    """The standard deviation; that of the library is exact and takes twenty times as long."""
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def are_article_numbers(values: Sequence[float]) -> bool:
    """Whether numbers are article numbers: whole, long, nearly all different, of one magnitude, without the round ends of prices."""
    if len(values) < 5 or any(value != int(value) for value in values):
        return False
    long = sum(value >= 10_000 for value in values) >= 0.9 * len(values)
    rounds = sum(int(value) % 10 in (0, 5) for value in values) / len(values)
    different = len(set(values)) > 0.9 * len(values)
    return (long and different and rounds < 0.45) or sum(value >= 1e10 for value in values) > 0.9 * len(values)


def _pairs(a: ColumnProfile, b: ColumnProfile) -> list[tuple[float, float]]:
    return [(x, y) for x, y in zip(a.numbers, b.numbers, strict=False) if x > 0 and y > 0] if len(a.numbers) == len(b.numbers) else []


def move_together(a: ColumnProfile, b: ColumnProfile) -> bool:
    """Whether two columns move together as two prices of one thing do."""
    pairs = _pairs(a, b)
    if len(pairs) < 8 or a.distinct_numbers < 5 or a.running or b.running:
        return False
    logs = [math.log(y / x) for x, y in pairs]
    spread = _deviation([math.log(x) for x, _ in pairs])
    return _deviation(logs) < 0.25 * spread and spread > 0.1


def factors_of(column: int, profiles: Sequence[ColumnProfile]) -> tuple[int, int] | None:
    """The two columns that a column is the product of, as the sum of a quantity and a price is."""
    whole = profiles[column].numbers
    if len(set(whole)) < 5:
        return None
    others = [c for c, p in enumerate(profiles) if c != column and len(p.numbers) == len(whole)][:MOST_COMPARED]
    for a, b in combinations(others, 2):
        rows = zip(profiles[a].numbers, profiles[b].numbers, whole, strict=True)
        right = sum(abs(x * y - z) <= 0.005 * abs(z) and x not in (0, 1) and y not in (0, 1) for x, y, z in rows)
        if right >= 0.6 * len(whole):
            return a, b
    return None


def _quantity(factors: tuple[int, int], profiles: Sequence[ColumnProfile]) -> int:
    """Which of two factors of a sum is the quantity: the one without cents, else the smaller in the middle."""
    return min(factors, key=lambda c: (any(number != int(number) for number in profiles[c].numbers), profiles[c].median))


def _times(a: ColumnProfile, b: ColumnProfile) -> float:
    """How many times `b` column `a` is, in the middle."""
    pairs = _pairs(a, b)
    return statistics.median(x / y for x, y in pairs) if len(pairs) >= 3 else 0.0


def _role_score(role: str, title: Title, p: ColumnProfile) -> float:
    says = TITLE_WEIGHT * title.roles.get(role, 0.0)
    if title.role and title.role != role:
        says *= 0.5
    if not p.count:
        return IMPOSSIBLE
    match role:
        case "number":
            return says + 2.5 * p.running - 3.0 * (p.words > 0.3) - 3.0 * (title.role in ("sku", "barcode"))
        case "sku":
            return (
                says
                + title.roles.get("barcode", 0.0) * 2
                + 1.0 * p.codes
                + (1.6 * are_article_numbers([n for n in p.numbers if n]) if p.money > 0.8 else 0)
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


def _more_name(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int, taken: set[int]) -> tuple[int, ...]:
    """Untitled columns beside the name that go on with it: names cut in two, sizes under a header merged over several columns.

    Behind the name they count under a header, and on either side where the name stands on the first row of a group alone.
    """
    grouped = profiles[name].filled < 0.6
    more = _untitled_run(titles, profiles, range(name + 1, len(titles)), taken) if grouped or any(title.text for title in titles) else []
    if not grouped:  # a number beside each name is something of its own
        more = [column for column in more if profiles[column].money < 0.6]
    if grouped and not more:
        more = _untitled_run(titles, profiles, range(name - 1, -1, -1), taken)
    return tuple(sorted(more))


def _wordy_first(profiles: Sequence[ColumnProfile], name: int, more: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Of columns under one title the name is that of words, also where the title stands over the sizes beside it."""
    plain = {c: profiles[c].words - profiles[c].sizes - profiles[c].units - profiles[c].codes for c in (name, *more)}
    best = max(plain, key=lambda c: (plain[c], c == name))
    if plain[name] >= 0.8 or plain[best] < 0.9:
        return name, more
    return best, tuple(sorted({name, *more} - {best}))


def _untitled_run(titles: Sequence[Title], profiles: Sequence[ColumnProfile], columns: range, taken: set[int]) -> list[int]:
    more = []
    for column in columns:
        p = profiles[column]
        if titles[column].text or column in taken:
            break
        if p.filled >= 0.2 and not p.units and not p.running and p.length < 40:
            more.append(column)
    return more


def _is_variant(title: Title, p: ColumnProfile) -> bool:
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
