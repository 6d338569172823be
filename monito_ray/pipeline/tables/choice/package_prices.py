"""Columns of prices whose titles are nothing but what is bought: "Pcs | Dozen | Carton"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from monito_ray.pipeline.spellings import canonical_unit, count_spellings
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.titles import PRICE_TIERS, Title
from monito_ray.pipeline.units import outer_packages

#: What a package holds, behind its name: "Case (24)", "Pallet (60 cs)".
_COUNT = re.compile(r"\s*\(\d[^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class PackagePriceThresholds:
    """When columns under packages are prices. Set on lists of our own; none of the labelled ones is read otherwise."""

    #: Share of amounts in such a column, and rows with both prices.
    amounts: float = 0.9
    fewest_rows: int = 3
    #: A package costs at least so many times a piece in that share of the rows; of counts in stock it is the other way round.
    dearer: float = 1.5
    dearer_share: float = 0.9


PACKAGE_PRICES = PackagePriceThresholds()


def packages_as_prices(titles: Sequence[Title], profiles: Sequence[ColumnProfile]) -> list[Title]:
    """Return the titles of a table; where none names a price, those of pieces and of packages over dearer amounts do."""
    units = {c: unit for c, title in enumerate(titles) if (unit := _counted_unit(title)) and profiles[c].money >= PACKAGE_PRICES.amounts}
    if len(set(units.values())) < max(2, len(units)) or any(title.role in ("price", "cost") and title.is_clear for title in titles):
        return list(titles)
    base = min(units, key=lambda c: profiles[c].median)
    others = [c for c in units if c != base]
    if units[base] in outer_packages() or not all(_is_dearer(profiles[c], profiles[base]) for c in others):
        return list(titles)
    tiers = {base: PRICE_TIERS["retail"], **dict.fromkeys(others, PRICE_TIERS["carton"])}
    return [replace(title, roles={"price": 1.0}, tier=tiers[c]) if c in tiers else title for c, title in enumerate(titles)]


def _counted_unit(title: Title) -> str:
    unit = canonical_unit(_COUNT.sub("", title.text)) if title.text else ""
    return unit if unit in count_spellings().values() else ""


def _is_dearer(package: ColumnProfile, piece: ColumnProfile) -> bool:
    pairs = [(x, y) for x, y in zip(package.by_row, piece.by_row, strict=False) if x and y and y > 0]
    dearer = sum(x >= PACKAGE_PRICES.dearer * y for x, y in pairs)
    return len(pairs) >= PACKAGE_PRICES.fewest_rows and dearer >= PACKAGE_PRICES.dearer_share * len(pairs)
