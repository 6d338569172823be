"""Columns of counts under the name of a package: "Case" over 6, 8, 12 beside prices with cents is what a case holds, and no price of one."""

from collections.abc import Sequence
from dataclasses import replace

from monito_ray.pipeline.currencies import currency_named
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.titles import CLEAR_FIT, PRICE_TIERS, Title

#: What cases usually hold; prices are other numbers as often as not.
_USUAL = frozenset({1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 48, 50, 60, 72, 96, 100, 120, 144})
#: Share of a column's numbers that are so, and of another column's prices that are not whole.
_USUAL_SHARE, _CENTS_SHARE = 0.9, 0.5
#: A column of fewer numbers proves nothing.
_FEWEST = 3


def counts_as_packs(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> list[Title]:
    """Return the titles of a table's columns, those of packages over counts as titles of packs; as they are where no other column has prices with cents."""
    counts = {c for c, title in enumerate(titles) if _may_be_of_counts(title) and _are_usual_counts(profiles[c])}
    if not counts or not any(title.role == "price" and _have_cents(p) for title, p in zip(titles, profiles, strict=True)):
        return list(titles)
    return [replace(title, roles={"pack": 1.0}) if c in counts else title for c, title in enumerate(titles)]


def _may_be_of_counts(title: Title) -> bool:
    """Whether a title names a package, and neither a word for prices nor a currency beside it."""
    return (
        not currency_named(title.text)
        and title.tier == PRICE_TIERS["carton"]
        and title.role in ("", "price")
        and title.strength < CLEAR_FIT
    )


def _have_cents(p: ColumnProfile) -> bool:
    return bool(p.numbers) and sum(number != int(number) for number in p.numbers) >= _CENTS_SHARE * len(p.numbers)


def _are_usual_counts(p: ColumnProfile) -> bool:
    return len(p.numbers) >= _FEWEST and not p.marked and sum(number in _USUAL for number in p.numbers) >= _USUAL_SHARE * len(p.numbers)
