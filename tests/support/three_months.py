"""Three months of lists of six suppliers, with changes that are planted and written down; everything else stays as it is.

Each supplier is a `Diary`: it sets prices and packs, and writes lists of what it sells. A change is expected of the list that shows it first,
once, whatever else that list and the later ones say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.pipeline.products.measuring.measures import base_price
from monito_ray.records import Method, ProductRow

FIRST_MONDAY = date(2026, 3, 30)
TODAY = date(2026, 6, 29)


@dataclass(frozen=True, slots=True)
class SentList:
    """A list, and when it came."""

    task_id: str
    supplier: str
    rows: tuple[ProductRow, ...]
    came_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A change that people have to see once."""

    supplier: str
    kind: str
    #: The article's number.
    sku: str
    #: The task of the list that shows it.
    task_id: str
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass
class Diary:
    """A supplier with what it sells now and what it has sent."""

    supplier: str
    currency: str = "IDR"
    #: Whether its lists say their date.
    is_dated: bool = True
    has_numbers: bool = True
    goods: dict[str, ProductRow] = field(default_factory=dict)
    lists: list[SentList] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    _pending: dict[str, Expected] = field(default_factory=dict)
    _every_row: list[ProductRow] = field(default_factory=list)

    @property
    def every_row(self) -> list[ProductRow]:
        """What it ever sold, in all words, with the article numbers that lists without numbers do not say."""
        return self._every_row

    def sells(self, *articles: str) -> None:
        """Add articles, each "number|name as written|standardized name|brand|size unit|pack|price unit|price"; they are not expected."""
        for number, text in enumerate(articles, start=len(self.goods) + 1):
            row = _row(text, self.currency)
            self.goods[row.sku] = replace(row, supplier=self.supplier, source_row=number + 4)

    def adds(self, article: str) -> None:
        """Sell an article that no list had."""
        self.sells(article)
        sku = article.split("|", maxsplit=1)[0]
        self._expect(ChangeKind.NEW, sku, None, self.goods[sku].price)

    def prices(self, sku: str, price: int) -> None:
        """Change a price."""
        before = self.goods[sku].price
        self.goods[sku] = _priced(self.goods[sku], Decimal(price))
        self._expect(ChangeKind.UP if price > before else ChangeKind.DOWN, sku, before, Decimal(price))

    def packs(self, sku: str, size: str, price: int, kind: ChangeKind, name: str) -> None:
        """Sell an article in another size."""
        row, (amount, unit) = self.goods[sku], size.split()
        changed = replace(row, size=Decimal(amount), unit=unit, original_name=name)
        self.goods[sku] = _priced(changed, Decimal(price))
        self._expect(kind, sku, row.price, Decimal(price))

    def rewords(self, sku: str, name: str, standardized_name: str = "") -> None:
        """Write an article in other words; nothing is expected."""
        row = self.goods[sku]
        self.goods[sku] = replace(row, original_name=name, standardized_name=standardized_name or row.standardized_name)

    def drops(self, sku: str) -> ProductRow:
        """Stop selling an article; return what it was."""
        row = self.goods.pop(sku)
        self._expect(ChangeKind.GONE, sku, row.price, None)
        return row

    def returns(self, row: ProductRow, price: int) -> None:
        """Sell an article again that was gone."""
        self.goods[row.sku] = _priced(row, Decimal(price))
        self._expect(ChangeKind.BACK, row.sku, row.price, Decimal(price))

    def sends(self, listed_on: date, only: str = "", came_on: date | None = None) -> None:
        """Send the list of a day: all goods, or those whose number begins with `only`. It comes in the morning of that day or `came_on`."""
        task_id = f"{self.supplier[:4].lower()}{len(self.lists) + 1:02}"
        own = [row for sku, row in self.goods.items() if sku.startswith(only)]
        file = f"{self.supplier} {only} {listed_on:%d%m%y}.xlsx"
        day = listed_on if self.is_dated else None
        rows = [replace(row, list_date=day, source_file=file, sku=row.sku if self.has_numbers else "") for row in own]
        came_at = datetime.combine(came_on or listed_on, time(8), UTC) + timedelta(minutes=len(self.lists))
        self._every_row += own
        self.lists.append(SentList(task_id, self.supplier, tuple(rows), came_at))
        for sku in [sku for sku in self._pending if sku.startswith(only)]:
            self.expected.append(replace(self._pending.pop(sku), task_id=task_id))

    def _expect(self, kind: ChangeKind, sku: str, before: Decimal | None, after: Decimal | None) -> None:
        self._pending[sku] = Expected(self.supplier, kind, sku, "", before, after)


def three_months() -> list[Diary]:
    """Return the six suppliers, each with the lists that it sent and the changes that people have to see."""
    return [_vegetables(), _two_kinds(), _groceries(), _drinks(), _bakery(), _stale()]


def _weeks() -> Iterator[date]:
    return iter(FIRST_MONDAY + timedelta(weeks=number) for number in range(13))


def _vegetables() -> Diary:
    """A list a week, with ups and downs, seasons, a list twice and one that comes two weeks late."""
    diary = Diary("Kebun Arwana", has_numbers=False)
    diary.sells(
        "k01|Bawang merah Brebes|Shallot Brebes||||kg|38000",
        "k02|Bawang putih kating|Garlic kating||||kg|42000",
        "k03|Cabai rawit merah|Bird's eye chili red||||kg|65000",
        "k04|Cabai merah keriting|Curly chili red||||kg|48000",
        "k05|Wortel Berastagi|Carrot Berastagi||||kg|16000",
        "k06|Kentang Dieng AB|Potato Dieng AB||||kg|19000",
        "k07|Tomat sayur|Tomato||||kg|12000",
        "k08|Buncis|Green bean||||kg|18000",
        "k09|Kol bulat|Cabbage||||kg|9000",
        "k10|Timun lokal|Cucumber local||||kg|8500",
        "k11|Jahe emprit|Ginger emprit||||kg|35000",
        "k12|Daun bawang|Spring onion||||kg|15000",
    )
    weeks = _weeks()
    diary.sends(next(weeks))
    diary.prices("k03", 78_000)
    diary.prices("k07", 11_000)
    diary.sends(next(weeks))
    diary.sends(next(weeks))  # the same content with a new date
    diary.prices("k03", 92_000)
    ginger = diary.drops("k11")
    late = next(weeks)
    diary.sends(late, came_on=late + timedelta(days=15))
    diary.prices("k03", 70_000)
    diary.adds("k13|Alpukat mentega|Avocado butter||||kg|32000")
    diary.sends(next(weeks))
    diary.rewords("k05", "WORTEL  BERASTAGI (lokal)")
    diary.sends(next(weeks))
    diary.returns(ginger, 41_000)
    diary.prices("k01", 36_500)
    diary.sends(next(weeks))
    diary.drops("k10")
    diary.sends(next(weeks))
    for day in weeks:
        diary.sends(day)
    return diary


def _two_kinds() -> Diary:
    """A supplier of vegetables and of meat, each in lists of their own."""
    diary = Diary("Samudra Lestari")
    diary.sells(
        "v1|Brokoli impor|Broccoli imported||||kg|46000",
        "v2|Selada romaine|Romaine lettuce||||kg|38000",
        "v3|Paprika merah|Bell pepper red||||kg|72000",
        "v4|Jamur kancing|Button mushroom||||kg|58000",
        "m1|Sirloin AUS chilled|Beef sirloin Australian chilled||||kg|265000",
        "m2|Dada ayam fillet|Chicken breast fillet||||kg|58000",
        "m3|Iga kambing|Lamb rib||||kg|175000",
        "m4|Udang vannamei 40/50|Vannamei shrimp 40/50||||kg|98000",
        "m5|Buntut sapi|Oxtail||||kg|145000",
    )
    weeks = list(_weeks())
    diary.sends(weeks[0], "v")
    diary.sends(weeks[1], "m")
    diary.prices("v3", 79_000)
    diary.sends(weeks[2], "v")
    diary.prices("m4", 91_000)
    diary.drops("m5")
    diary.sends(weeks[3], "m")
    diary.adds("m6|Salmon trim|Salmon trim||||kg|120000")
    diary.sends(weeks[5], "m")
    diary.sends(weeks[6], "v")
    diary.drops("v2")
    diary.sends(weeks[9], "v")
    diary.sends(weeks[10], "m")
    return diary


def _groceries() -> Diary:
    """A list a month with article numbers: packs become smaller, one larger, another size comes beside the first, one is sold by two names."""
    diary = Diary("Gudang Lima")
    diary.sells(
        "g01|Biskuit Marlina 300g|Marie biscuit|Marlina|300 g|1||14500",
        "g02|Kopi bubuk Kapala 165 gr|Ground coffee|Kapala|165 g|1||15200",
        "g03|Susu bubuk Lembu 700g|Milk powder|Lembu|700 g|1||89000",
        "g04|Mi instan Sedaap Jaya x40|Instant noodles|Sedaap Jaya|85 g|40|carton|112000",
        "g05|Gula pasir Putri 1kg|Sugar|Putri|1 kg|1||17500",
        "g06|Minyak goreng Sawita 2L|Cooking oil|Sawita|2 l|1||36000",
        "g07|Minyak goreng Sawita 1L|Cooking oil|Sawita|1 l|1||18900",
        "g08|Tepung terigu Rosela 1 kg|Wheat flour|Rosela|1 kg|1||13500",
        "g09|Kecap manis Angsa 520 ml|Sweet soy sauce|Angsa|520 ml|1||24500",
        "g10|Sambal Ibu Wati 335 ml|Chili sauce|Ibu Wati|335 ml|1||21000",
    )
    diary.sends(date(2026, 4, 1))
    diary.packs("g01", "270 g", 14_500, ChangeKind.SMALLER_PACK, "Biskuit Marlina 270g")
    diary.packs("g03", "660 g", 91_000, ChangeKind.SMALLER_PACK, "Susu bubuk Lembu 660g")
    diary.prices("g05", 18_000)
    diary.rewords("g08", "Terigu Rosela tepung 1kg", "Flour wheat")
    diary.adds("g11|Minyak goreng Sawita 5L|Cooking oil|Sawita|5 l|1||86000")
    diary.sends(date(2026, 5, 1))
    diary.sends(date(2026, 5, 1), came_on=date(2026, 5, 3))  # sent again
    diary.packs("g09", "600 ml", 24_500, ChangeKind.LARGER_PACK, "Kecap manis Angsa 600 ml")
    diary.drops("g07")
    diary.rewords("g10", "SAMBAL IBU WATI 335ML")
    diary.sends(date(2026, 6, 1))
    return diary


def _drinks() -> Diary:
    """Cartons: a price with a place too many that the next list puts right, and a carton with fewer bottles."""
    diary = Diary("Tirta Niaga")
    diary.sells(
        "d1|Air mineral Telaga 600ml x24|Mineral water|Telaga|600 ml|24|carton|46000",
        "d2|Teh botol Melati 350ml x12|Jasmine tea|Melati|350 ml|12|carton|39000",
        "d3|Soda jeruk Ceria 330ml x24|Orange soda|Ceria|330 ml|24|carton|108000",
        "d4|Sirup Merak 460 ml|Syrup|Merak|460 ml|1|bottle|21500",
        "d5|Bir Cendana 620 ml x12|Beer|Cendana|620 ml|12|carton|412000",
    )
    diary.sends(date(2026, 4, 6))
    diary.prices("d2", 390_000)
    diary.sends(date(2026, 4, 27))
    diary.prices("d2", 39_500)
    diary.prices("d5", 425_000)
    diary.sends(date(2026, 5, 18))
    diary.goods["d3"] = replace(diary.goods["d3"], pack_count=20)
    diary.packs("d3", "330 ml", 108_000, ChangeKind.SMALLER_PACK, "Soda jeruk Ceria 330ml x20")
    diary.sends(date(2026, 6, 8))
    return diary


def _bakery() -> Diary:
    """Lists without dates and numbers, in other words each time."""
    diary = Diary("Roti Pelangi", is_dated=False, has_numbers=False)
    diary.sells(
        "r1|Roti tawar gandum 400 gr|Whole wheat bread||400 g|1||22000",
        "r2|Croissant mentega|Butter croissant||||pcs|14000",
        "r3|Donat kentang|Potato doughnut||||pcs|7000",
        "r4|Roti sobek cokelat|Chocolate pull-apart bread||||pcs|18000",
        "r5|Baguette 250gr|Baguette||250 g|1||19000",
    )
    diary.sends(date(2026, 4, 2))
    diary.rewords("r1", "ROTI TAWAR GANDUM 400GR")
    diary.rewords("r2", "Croissant  Mentega", "Croissant butter")
    diary.prices("r3", 7500)
    diary.sends(date(2026, 4, 30))
    diary.rewords("r2", "croissant mentega", "Butter croissant")
    diary.packs("r5", "220 g", 19_000, ChangeKind.SMALLER_PACK, "Baguette 220gr")
    diary.sends(date(2026, 5, 28))
    return diary


def _stale() -> Diary:
    """One list that is three years old when it comes, dearer things in it cheap."""
    diary = Diary("Impor Kencana")
    diary.sells(
        "i1|Pasta penne Bellano 500g|Penne|Bellano|500 g|1||21000",
        "i2|Olive oil Bellano 1L|Olive oil|Bellano|1 l|1||118000",
        "i3|Tuna kaleng Bahari 170g|Canned tuna|Bahari|170 g|1||19500",
    )
    diary.sends(date(2023, 7, 3), came_on=date(2026, 5, 20))
    return diary


def _row(text: str, currency: str) -> ProductRow:
    sku, original, name, brand, size, pack, price_unit, price = text.split("|")
    amount, unit = size.split() if size else ("", "")
    row = ProductRow(
        original_name=original, standardized_name=name, brand=brand, size=Decimal(amount) if amount else None, unit=unit,
        pack_count=int(pack or 1), price_unit=price_unit, category="", price=Decimal(price), price_tiers="", currency=currency,
        base_price=None, base_unit="", min_quantity=None, supplier="", sku=sku, list_date=None, tax_note="", source_file="",
        source_sheet="Sheet1", source_row=1, confidence=0.9, method=Method.RULES,
    )  # fmt: skip
    return _priced(row, row.price)


def _priced(row: ProductRow, price: Decimal) -> ProductRow:
    base, unit = base_price(price, row.size, row.unit, row.pack_count, row.price_unit)
    return replace(row, price=price, base_price=None if base is None else round(base, 6), base_unit=unit)
