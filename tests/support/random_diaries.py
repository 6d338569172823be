"""Twelve weekly lists of a supplier with changes at random that are written down: families of goods in several sizes, under many brands."""

import random
from datetime import timedelta
from itertools import product

from three_months import FIRST_MONDAY, Diary

from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.records import ProductRow

_GOODS = "Susu:Milk Teh:Tea Kopi:Coffee Sabun:Soap Keju:Cheese Saus:Sauce Biskuit:Biscuit Sirup:Syrup Selai:Jam Kerupuk:Cracker"
_VARIANTS = "melati:jasmine hitam:black hijau:green jeruk:orange stroberi:strawberry pedas:spicy manis:sweet jahe:ginger vanila:vanilla"
_BRANDS = ("Kapala", "Marlina", "Telaga", "Rosela", "Sawita", "Angsa", "")
_SIZES = {"g": (100, 250, 500, 750), "ml": (200, 330, 600, 1000)}
_FIRST_GOODS, _WEEKS = 150, 12


class RandomDiary:
    """A supplier that changes prices, packs, words and goods each week by the dice of `seed`."""

    def __init__(self, seed: int, *, has_numbers: bool) -> None:
        self._dice = random.Random(seed)  # noqa: S311  the same lists each time
        self.diary = Diary(f"Toko {seed}", has_numbers=has_numbers)
        self._things = list(product(_GOODS.split(), _VARIANTS.split(), _BRANDS))
        self._dice.shuffle(self._things)
        self._count = 0
        while len(self.diary.goods) < _FIRST_GOODS:
            self.diary.sells(*self._family())
        self._gone: list[ProductRow] = []
        for week in range(_WEEKS):
            if week:
                self._change()
            self.diary.sends(FIRST_MONDAY + timedelta(weeks=week))

    def _family(self) -> list[str]:
        """Return a thing that nobody sold before in one to three sizes."""
        (goods, english), (variant, translated), brand = (part.split(":") if ":" in part else part for part in self._things.pop())
        unit = self._dice.choice(list(_SIZES))
        articles = []
        for size in self._dice.sample(_SIZES[unit], self._dice.randint(1, 3)):
            self._count += 1
            names = f"{goods} {variant} {brand} {size}{unit}|{english} {translated}"
            articles.append(f"n{self._count:04}|{names}|{brand}|{size} {unit}|1||{self._dice.randint(20, 900) * 100}")
        return articles

    def _change(self) -> None:
        diary, dice = self.diary, self._dice
        free = list(diary.goods)
        dice.shuffle(free)
        gone_before = len(self._gone)
        for sku in self._some(free, 20):
            price = int(diary.goods[sku].price)
            moved = max(100, round(price * dice.lognormvariate(0, 0.12) / 50) * 50)
            if moved != price:
                diary.prices(sku, moved)
        self._gone += [diary.drops(sku) for sku in self._some(free, 4)]
        for sku in self._some(free, 6):
            self._reword(sku)
        for sku in self._some(free, 2):
            self._shrink(sku)
        if gone_before and dice.random() < 0.4:
            row = self._gone.pop(dice.randrange(gone_before))
            diary.returns(row, int(row.price) + dice.choice((0, 500, -100)))
        if dice.random() < 0.6:
            for article in self._family():
                diary.adds(article)

    def _some(self, free: list[str], most: int) -> list[str]:
        return [free.pop() for _ in range(min(len(free), self._dice.randint(0, most)))]

    def _reword(self, sku: str) -> None:
        row = self.diary.goods[sku]
        words, size = row.original_name.rsplit(" ", 1)
        shuffled = words.split()
        self._dice.shuffle(shuffled)
        name, standardized = self._dice.choice(
            [
                (row.original_name.upper(), ""),
                (f"{words}  {size}*", ""),
                (f"{' '.join(shuffled)} {size}", " ".join(reversed(row.standardized_name.split()))),
            ]
        )
        self.diary.rewords(sku, name, standardized)

    def _shrink(self, sku: str) -> None:
        row = self.diary.goods[sku]
        size = int((row.size or 1) * self._dice.choice((80, 85, 90, 95)) / 100)
        name = f"{row.original_name.rsplit(' ', 1)[0]} {size}{row.unit}"
        self.diary.packs(sku, f"{size} {row.unit}", int(row.price) + self._dice.choice((0, 0, 100, 500)), ChangeKind.SMALLER_PACK, name)
