"""What speaks for one column of prices before the others: the tiers of their titles, ratios, products, and where they stand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from monito_ray.pipeline.currencies import currency_named
from monito_ray.pipeline.dates import date_in
from monito_ray.pipeline.tables.choice.number_titles import are_years, number_of_title
from monito_ray.pipeline.tables.choice.price_ratios import (
    PRICE_RATIOS,
    are_hundreds,
    is_fixed_part,
    is_foreign,
    is_marked_up,
    is_of_carton,
    is_steady,
)
from monito_ray.pipeline.tables.column_relations import Ratio, factors_of, is_added, is_sold_above, is_taxed, price_ratio, quantity_of
from monito_ray.pipeline.tables.number_series import significant_digits
from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.scores import Score, Term, add_up
from monito_ray.pipeline.tables.title_kinds import least_quantity
from monito_ray.pipeline.tables.titles import PRICE_TIERS, Title, is_for_comparison, tax_wording


@dataclass(frozen=True, slots=True)
class ComparisonWeights:
    """Points for and against a column as the main one of several prices, and the thresholds beside them.

    What titles say of tiers comes before what ratios say, and that before cells. Set by trial on labelled lists and on the same lists bent
    (`benchmarks/columns.py`).
    """

    #: Points for each tier that a title is nearer to the price of one piece for one buyer today.
    tier: float = 5.0
    #: Points lost where the list is hardly priced in a column: its share of prices is below `nearly_empty_part` of that of the fullest one.
    nearly_empty: float = 25.0
    nearly_empty_part: float = 0.1
    #: Points lost by a price in a foreign currency, and by that of a carton.
    foreign: float = 4.5
    carton: float = 4.0
    #: Points lost by a price for comparison ("Literpreis") beside a titled one of a piece or a carton: more than the carton's tier and ratio cost that.
    for_comparison: float = 18.0
    #: What counts of that where the other price may be the tax on this one.
    doubtful_carton: float = 0.4
    #: Points for the dearer of two prices with a markup between them: what a buyer pays is more than what the seller paid.
    dearer: float = 2.0
    #: Points for the lower of two prices whose titles name that of one piece today ("Price a bottle", "Sale price a bottle").
    reduced: float = 1.0
    #: Points for what is left of another price after the discount between the two: it is what the buyer pays.
    net: float = 12.0
    #: Points for a price that is rounder than another one of the same things, by that many digits on average: asked prices are rounder than reckoned ones.
    rounder: float = 1.5
    fewer_digits: float = 0.6
    #: Points lost by bare numbers beside a column that has a currency in that share of its cells, where neither title names a price.
    unmarked: float = 3.0
    marked_share: float = 0.5
    #: Points lost by an older price of a history, and by each further one that is newer.
    older: float = 3.0
    still_older: float = 0.5
    #: Points lost by the price of a larger quantity than the smallest that titles name, and by each one between: more than cells count for.
    larger_quantity: float = 6.0
    still_larger: float = 0.5
    #: Points for the price with the tax beside that without it: a buyer pays it, whatever the cells look like.
    with_tax: float = 4.0
    #: Points lost by numbers that are the same small part of another column all the way down, as amounts of tax are.
    fixed_part: float = 3.5
    #: Points lost by what is added to one price to make another: a deposit, an amount of tax.
    added: float = 20.0
    #: Points lost by products of two other columns, and by the quantity among their factors; points for the price among them.
    product: float = 6.0
    quantity: float = 3.0
    factor: float = 1.0
    #: Points lost by a column whose title names no price where that of another one does.
    untitled: float = 8.0
    #: ... and fewer, beside those that the tier costs, where all of those are wholesale, or of cartons or old: then its own title may be that of
    #: the price, in unknown words.
    beside_wholesale: float = 2.8
    beside_carton_and_old: float = 0.5
    #: Points lost by a column whose title names a price over cells that speak against it, as numbers of rows do.
    unlike_prices: float = 9.0
    #: What the cells say counts this much of itself where the title names a price.
    cells_titled: float = 0.25
    #: Points for whole hundreds.
    hundreds: float = 0.8
    #: Points for a column right of the name, and points lost by each candidate between the two, up to `most_between`.
    right_of_name: float = 0.5
    between: float = 0.12
    most_between: int = 5
    #: Points for the share of the rows that have a price in the column.
    priced_rows: float = 1.5


COMPARISON = ComparisonWeights()
_PAIR = 2


@dataclass(frozen=True, slots=True)
class ComparedPrices:
    """The columns of a table that may be its main price, and what each is by itself."""

    titles: Sequence[Title]
    profiles: Sequence[ColumnProfile]
    name: int
    #: Points by titles and cells, of the columns that are compared.
    alone: Mapping[int, float]
    #: Pairs of columns that move together.
    pairs: Collection[tuple[int, int]]

    def scores(self) -> dict[int, Score]:
        """Return how much speaks for each column before the others."""
        products = {column: factors for column in self.alone if (factors := factors_of(column, self.profiles))}
        return {
            column: add_up(
                (
                    *self._terms_alone(column),
                    *self._terms_of_ratios(column, self._ratios(column)),
                    *self._terms_of_products(column, products),
                    *self._terms_of_place(column),
                )
            )
            for column in self.alone
        }

    def _ratios(self, column: int, *, in_one_money: bool = False) -> list[Ratio]:
        """Return how many times the others a column is, of those that are prices of the same things: by their titles, or as they move together.

        With `in_one_money`, only those are compared whose titles name no other currency.
        """
        others = [c for c in self.alone if c != column and not (in_one_money and self._are_in_two_moneys(column, c))]
        ratios = {other: price_ratio(self.profiles[column], self.profiles[other]) for other in others}
        return [
            ratio
            for other, ratio in ratios.items()
            if (column, other) in self.pairs
            or (self._names_price(column) and self._names_price(other))
            or is_steady(ratio, self.profiles[column].numbers)
        ]

    def _are_in_two_moneys(self, column: int, other: int) -> bool:
        first, second = (currency_named(self.titles[c].text) for c in (column, other))
        return bool(first and second) and first != second

    def _is_in_dearer_money(self, column: int) -> bool:
        """Return whether titles name two currencies, and this column has the smaller amounts: mostly those of a foreign one."""
        others = [c for c in self.alone if self._names_price(c) and self._are_in_two_moneys(column, c)]
        own = self.profiles[column]
        return self._names_price(column) and any(price_ratio(self.profiles[c], own).typical >= PRICE_RATIOS.dearer_money for c in others)

    def _names_price(self, column: int) -> bool:
        return self.titles[column].role == "price"

    def _terms_alone(self, column: int) -> Iterator[Term]:
        title, p = self.titles[column], self.profiles[column]
        names_price = self._names_price(column)
        yield Term("titles and cells", self.alone[column] * (COMPARISON.cells_titled if names_price else 1.0))
        titled_tiers = [self.titles[c].tier for c in self.alone if self._names_price(c)]
        if not names_price and titled_tiers:
            yield Term("another title names a price", -self._points_of_untitled(title, min(titled_tiers)))
        if names_price and (self.alone[column] < 0 or p.running):
            yield Term("titled, but no prices by its cells", -COMPARISON.unlike_prices)
        if names_price:
            yield Term("tier of the title", COMPARISON.tier * (1 - title.tier))
        if names_price and self._is_for_comparison(column):
            yield Term("for comparison with other packs", -COMPARISON.for_comparison)
        fullest = max(priced_share(self.profiles[c]) for c in self.alone)
        if title.tier >= 1 and priced_share(p) < COMPARISON.nearly_empty_part * fullest:
            yield Term("hardly any row is priced in it", -COMPARISON.nearly_empty)
        yield Term("priced rows", COMPARISON.priced_rows * priced_share(p))
        if are_hundreds(p.numbers):
            yield Term("whole hundreds", COMPARISON.hundreds)
        if not names_price and p.marked < COMPARISON.marked_share and self._is_beside_marked(column):
            yield Term("a currency stands in another column", -COMPARISON.unmarked)
        newer = self._newer_prices(column)
        if newer:
            yield Term("an older price", -COMPARISON.older - COMPARISON.still_older * (newer - 1))
        smaller = self._smaller_quantities(column)
        if smaller:
            yield Term("of a larger quantity", -COMPARISON.larger_quantity - COMPARISON.still_larger * (smaller - 1))

    def _is_for_comparison(self, column: int) -> bool:
        """Return whether a column has the price of a litre beside that of what is sold."""
        sold = [c for c in self.alone if c != column and self._names_price(c) and self.titles[c].tier <= PRICE_TIERS["carton"]]
        return is_for_comparison(self.titles[column].text) and any(not is_for_comparison(self.titles[c].text) for c in sold)

    def _is_beside_marked(self, column: int) -> bool:
        return any(c != column and not self._names_price(c) and self.profiles[c].marked > COMPARISON.marked_share for c in self.alone)

    def _points_of_untitled(self, title: Title, best_tier: int) -> float:
        """Return what a column without a title of prices loses beside one with a title of that tier; a clear title has no unknown words."""
        if best_tier <= 1 or title.is_clear:
            return COMPARISON.untitled + COMPARISON.tier * max(0, best_tier - 1)
        beside = COMPARISON.beside_wholesale if best_tier == PRICE_TIERS["wholesale"] else COMPARISON.beside_carton_and_old
        return beside + COMPARISON.tier * (best_tier - 1)

    def _newer_prices(self, column: int) -> int:
        """Return how many columns of a history by dates are newer."""
        numbers = self._number_titles()
        if column in numbers and are_years(list(numbers.values())):
            return sum(year > numbers[column] for year in numbers.values())
        day = date_in(self.titles[column].text)
        return sum(other > day for c in self.alone if (other := date_in(self.titles[c].text))) if day else 0

    def _number_titles(self) -> dict[int, int]:
        """Return the numbers of titles of prices that are nothing else."""
        numbers = {c: number_of_title(self.titles[c].text) for c in self.alone if self._names_price(c)}
        return {c: number for c, number in numbers.items() if number is not None}

    def _smaller_quantities(self, column: int) -> int:
        """Return how many columns hold prices of smaller quantities, as titles of one tier say."""
        title, numbers = self.titles[column], self._number_titles()
        if column in numbers:
            return 0 if are_years(list(numbers.values())) else sum(number < numbers[column] for number in numbers.values())
        own = least_quantity(title.text)
        others = [least_quantity(self.titles[c].text) for c in self.alone if self.titles[c].tier == title.tier]
        return sum(other is not None and other < own for other in others) if own is not None else 0

    def _is_with_tax(self, column: int) -> bool:
        """Return whether a column has the price with the tax, beside one without it: titles differ in what they say of it, and this one is dearer by a rate."""
        title = self.titles[column]
        alike = [c for c in self.alone if c != column and self._names_price(c) and self.titles[c].tier == title.tier]
        taxed = [c for c in alike if tax_wording(title.text) != tax_wording(self.titles[c].text)]
        return self._names_price(column) and any(is_taxed(self.profiles[column], self.profiles[c]) for c in taxed)

    def _terms_of_ratios(self, column: int, ratios: Sequence[Ratio]) -> Iterator[Term]:
        if any(map(is_foreign, ratios)) or self._is_in_dearer_money(column):
            yield Term("foreign money", -COMPARISON.foreign)
        of_cartons = [ratio for ratio in self._ratios(column, in_one_money=True) if is_of_carton(ratio)]
        if self.titles[column].tier == 1 and of_cartons:
            is_sure = any(not is_fixed_part(ratio.reverse()) for ratio in of_cartons)
            yield Term("a carton's by its ratio", -COMPARISON.carton * (1.0 if is_sure else COMPARISON.doubtful_carton))
        if not self._names_price(column) and any(map(is_marked_up, ratios)):
            yield Term("dearer by a markup", COMPARISON.dearer)
        if not self._names_price(column) and any(map(is_fixed_part, ratios)):
            yield Term("a fixed small part of another column", -COMPARISON.fixed_part)
        if self._is_with_tax(column):
            yield Term("with the tax", COMPARISON.with_tax)
        if self._is_reduced(column):
            yield Term("the lower of two prices of today", COMPARISON.reduced)
        if self._is_net(column):
            yield Term("what a discount leaves", COMPARISON.net)
        if not self._names_price(column) and self._is_rounder(column):
            yield Term("rounder than others", COMPARISON.rounder)

    def _is_reduced(self, column: int) -> bool:
        """Return whether a title names the price of one piece today, and another one does so over somewhat higher prices."""
        today = [c for c in self.alone if self._names_price(c) and self.titles[c].tier == PRICE_TIERS["retail"]]
        if len(today) != _PAIR or column not in today or any(any(map(str.isdigit, self.titles[c].text)) for c in today):
            return False  # several are those of quantities and sizes
        ratio = price_ratio(self.profiles[sum(today) - column], self.profiles[column]).typical
        return PRICE_RATIOS.smallest_markup <= ratio < PRICE_RATIOS.carton

    def _is_net(self, column: int) -> bool:
        """Return whether the title of a price of one piece today, or of a net one, stands behind that of a discount, and lower prices under it than before the discount."""
        title, p = self.titles[column], self.profiles[column]
        discounts = [c for c in range(column) if self.titles[c].role == "discount" and self.titles[c].is_clear]
        if not discounts or title.role != "price" or title.tier > PRICE_TIERS["wholesale"]:
            return False
        listed = [c for c in self.alone if c < discounts[-1] and self._names_price(c)]
        return any(is_sold_above(self.profiles[c], p) and price_ratio(self.profiles[c], p).typical > 1 for c in listed)

    def _is_rounder(self, column: int) -> bool:
        p, profiles = self.profiles[column], self.profiles
        others = [c for c in self.alone if c != column and ((column, c) in self.pairs or is_sold_above(p, profiles[c]))]
        digits = [significant_digits(profiles[c].numbers) for c in others]
        return bool(digits) and max(digits) - significant_digits(p.numbers) >= COMPARISON.fewer_digits

    def _terms_of_products(self, column: int, products: dict[int, tuple[int, int]]) -> Iterator[Term]:
        if not self._names_price(column) and self._is_added(column):
            yield Term("added to another price", -COMPARISON.added)
        if column in products and not self._names_price(column):
            yield Term("product of two other columns", -COMPARISON.product)
        for factors in products.values():
            if column in factors:
                is_quantity = quantity_of(factors, self.profiles) == column
                yield Term("quantity of a product", -COMPARISON.quantity) if is_quantity else Term("price of a product", COMPARISON.factor)
                return

    def _is_added(self, column: int) -> bool:
        """Return whether a column is the difference of two columns whose titles name prices."""
        titled = [other for other in self.alone if self._names_price(other)]
        profiles = self.profiles
        return any(is_added(profiles[column], profiles[base], profiles[whole]) for base, whole in permutations(titled, 2))

    def _terms_of_place(self, column: int) -> Iterator[Term]:
        if column > self.name:
            yield Term("right of the name", COMPARISON.right_of_name)
        first, last = sorted((column, self.name))
        between = sum(first < other < last for other in self.alone)
        yield Term("candidates between it and the name", -COMPARISON.between * min(between, COMPARISON.most_between))


def priced_share(p: ColumnProfile) -> float:
    """Return the share of rows with a price in a column."""
    return p.filled * (1 - p.blank_amounts)
