"""24 suppliers who send lists for a month, and what is planted in them: rises, falls, shrunk packs, articles that vanish, misprints.

Everything is of our own making and follows from a seed. Prices within a list are all different, so that a message can be told by them.
"""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

import xlsxwriter
from printed_albums import print_pages

#: Goods by kind: name, size ("" for loose goods), what the price is for, a usual price.
GOODS = {
    "vegetables": (
        "Bawang Merah||kg|38000 Bawang Putih Kating||kg|42000 Cabai Rawit Merah||kg|65000 Wortel Berastagi||kg|16000 Kentang Dieng||kg|19000 "
        "Tomat Sayur||kg|12000 Buncis||kg|18000 Kol Putih||kg|9000 Timun Lokal||kg|8500 Jahe Emprit||kg|35000 Daun Bawang||kg|15500 "
        "Brokoli||kg|46000 Selada Romaine||kg|39000 Paprika Merah||kg|72000 Jamur Kancing||kg|58000 Terong Ungu||kg|11000"
    ),
    "fruit": (
        "Alpukat Mentega||kg|32000 Pisang Cavendish||kg|22000 Nanas Madu||kg|14000 Mangga Harum Manis||kg|27000 Semangka Merah||kg|8000 "
        "Melon Hijau||kg|13000 Jeruk Nipis||kg|24000 Pepaya California||kg|10000 Apel Fuji||kg|45000 Anggur Hitam||kg|68000"
    ),
    "meat": (
        "Dada Ayam Fillet||kg|58000 Ayam Utuh||kg|37000 Daging Sapi Sirloin||kg|165000 Iga Sapi||kg|140000 Buntut Sapi||kg|145500 "
        "Sosis Ayam Bernardi Jaya|500 g|pcs|43500 Bakso Sapi Sumber Rejo|500 g|pcs|48500 Udang Vannamei||kg|98000 Ikan Kakap Merah||kg|88000 "
        "Cumi Segar||kg|79000 Ikan Tuna Loin||kg|92500"
    ),
    "dairy": (
        "Susu UHT Greenlembah|1 l|pcs|19000 Keju Cheddar Kraftindo|165 g|pcs|23500 Mentega Anchora|227 g|pcs|41500 "
        "Yogurt Plain Cimoria|500 ml|pcs|33500 Krim Kental Anchora|1 l|pcs|92000 Susu Bubuk Lembu Jaya|700 g|pcs|89500 "
        "Keju Mozzarella Kraftindo|250 g|pcs|36500"
    ),
    "groceries": (
        "Gula Pasir Putri Laut|1 kg|pcs|17500 Beras Pandan Wangi Lumbung|5 kg|pcs|76000 Minyak Goreng Sawita|2 l|pcs|38500 "
        "Tepung Terigu Rosela|1 kg|pcs|13500 Kecap Manis Angsa Mas|520 ml|pcs|24500 Saus Sambal Ibu Wati|335 ml|pcs|21000 "
        "Garam Meja Dolphino|500 g|pcs|6500 Mie Instan Sedaria|85 g|pcs|3200 Biskuit Marlina|300 g|pcs|14500 "
        "Kopi Bubuk Kapala|165 g|pcs|15200 Teh Celup Melatia|50 g|pcs|7200 Santan Kara Jaya|200 ml|pcs|9700 Sarden Kaleng Bahari|155 g|pcs|11700 "
        "Selai Kacang Morina|340 g|pcs|31500 Madu Hutan Sumbara|350 ml|pcs|62500 Cokelat Bubuk Vanhoute|165 g|pcs|29300"
    ),
    "drinks": (
        "Air Mineral Telaga|600 ml|pcs|3500 Teh Botol Sosria|350 ml|pcs|4700 Soda Jeruk Ceria|330 ml|pcs|6200 Sirup Merak|460 ml|pcs|22300 "
        "Jus Jambu Buavitas|1 l|pcs|27400 Air Kelapa Hijau Kokoma|330 ml|pcs|9100 Kopi Susu Kaleng Nesfaro|240 ml|pcs|8800"
    ),
    "household": (
        "Sabun Cuci Piring Sunlena|780 ml|pcs|16400 Deterjen Bubuk Rinsona|770 g|pcs|22900 Tisu Wajah Paseora|250 pcs|pcs|15900 "
        "Pewangi Lantai Supelo|770 ml|pcs|14900 Kantong Sampah Bagusa|30 pcs|pcs|18600 Pembersih Kaca Clira|500 ml|pcs|12800"
    ),
}
_NAMES = (
    "UD Kenanga Sari", "CV Lumo Abadi", "Toko Melati Jaya", "PT Samudra Lestari", "UD Tani Makmur", "CV Kebun Arwana", "Toko Roti Pelangi",
    "PT Gudang Lima", "UD Sari Ayu", "CV Tirta Niaga", "Pak Made Sudana", "Ibu Komang Ayu", "Pak Wayan Sukarta", "Bu Ketut Rahayu",
    "UD Dewata Raya", "CV Nusa Permai", "Toko Bali Segar", "PT Impor Kencana", "UD Mitra Dapur", "CV Puri Pangan", "Toko Sinar Pagi",
    "UD Rempah Wangi", "CV Laut Biru", "PT Boga Utama",
)  # fmt: skip
_TALK = ("harga minggu ini", "tolong dicek ya", "this week's prices", "новый прайс", "update terbaru", "cek dulu bos")
#: Those who print their lists, which somebody photographs; their names stand at the head.
_PRINTERS = (0, 15)
#: Sent every week until a month before the first day, and silent since: goods that nobody else has, at prices that never move.
SILENT = "UD Bambu Lestari"
_SILENT_GOODS = (
    "Keranjang Bambu Besar||pcs|85000 Tampah Bambu||pcs|37500 Kukusan Bambu||pcs|28500 Sendok Kayu Jati||pcs|12500 Talenan Kayu Jati||pcs|64000 "
    "Cobek Batu Merapi||pcs|71500 Ulekan Batu Merapi||pcs|33500 Tikar Pandan||pcs|96500"
)
_SILENT_SINCE, _WEEK = timedelta(days=30), timedelta(days=7)
#: What a price is told from, and what not: shares of the price.
_RISES = (0.08, 0.12, 0.17, 0.25, -0.07, -0.1, -0.15)
_RIPPLES = (0.01, 0.02, -0.01, -0.02, 0.03)
_LEAST_MOVE, _MOST_RIPPLE = 0.055, 0.045
_PLACE = 10


class Names(StrEnum):
    """What says whose a list is."""

    HEAD = "letterhead"
    FILE = "file name"
    CAPTION = "caption"
    ORIGIN = "forwarded from"
    NOTHING = "nothing but columns and rows"


class Form(StrEnum):
    """How a list comes."""

    CSV = "csv"
    XLSX = "xlsx"
    ALBUM = "album"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Good:
    """An article as a supplier sells it."""

    name: str
    size: str
    unit: str
    price: int
    kind: str

    @property
    def written(self) -> str:
        """The name as the list has it."""
        return f"{self.name} {self.size}".strip()


@dataclass(frozen=True, slots=True)
class Planted:
    """A change that whoever follows it has to read once, in the alarm about one list: `mark` stands in its line."""

    supplier: str
    listed_on: date
    kind: str
    mark: str
    good: Good


@dataclass(frozen=True, slots=True)
class SentList:
    """One list: a file, one or several texts, or the photos of an album, whose name stands for that of a file."""

    supplier: str
    day: int
    listed_on: date
    form: Form
    names: Names
    file_name: str
    parts: tuple[bytes, ...]
    #: What it says.
    goods: tuple[Good, ...]
    caption: str = ""
    #: Whether it was the supplier's first.
    is_first: bool = False


@dataclass
class Supplier:
    """One supplier: what it sells now, and how it sends lists."""

    number: int
    name: str
    names: Names
    form: Form
    every: int
    first: int
    last: int
    goods: dict[str, Good]
    dice: random.Random
    gone: list[Good] = field(default_factory=list)
    sent: int = 0
    #: Articles whose price was printed wrong, with the right one.
    wrong: dict[str, int] = field(default_factory=dict)

    def days(self, days: int) -> Iterator[int]:
        """The days on which it sends a list."""
        return iter(range(self.first, min(self.last, days), self.every))

    def prices_taken(self) -> set[int]:
        """Prices that are in use or were just now: another change to them could not be told apart."""
        return {good.price for good in self.goods.values()} | {good.price for good in self.gone}

    def change(self, today: date) -> list[Planted]:
        """Let the goods change, and return what has to be told of the next list."""
        planted: list[Planted] = []
        touched: set[str] = set()
        for key, price in self.wrong.items():
            if key in self.goods:
                planted.append(self._reprice(key, price, today, "put right"))
                touched.add(key)
        self.wrong = {}
        moves = [(self._untouched(touched), share) for share in self.dice.sample(_RISES, self.dice.randint(1, 3))]
        planted += [self._reprice(key, self._moved_price(self.goods[key].price, share), today, "moved") for key, share in moves if key]
        for share in self.dice.sample(_RIPPLES, 2):
            if key := self._untouched(touched):
                price = self._free_price(self.goods[key].price * (1 + share))
                if abs(price / self.goods[key].price - 1) <= _MOST_RIPPLE:
                    self.goods[key] = _priced(self.goods[key], price)
        if self.dice.random() < 0.2 and (key := self._untouched(touched, sized=True)):
            planted.append(self._shrink(key, today))
        if self.dice.random() < 0.2 and len(self.goods) > 8 and (key := self._untouched(touched)):
            self.gone.append(self.goods.pop(key))
            planted.append(Planted(self.name, today, "vanished", str(self.gone[-1].price), self.gone[-1]))
        if self.dice.random() < 0.02 and (key := self._untouched(touched)):
            right = self.goods[key].price
            planted.append(self._reprice(key, right * _PLACE, today, "misprint"))
            self.wrong[key] = right
        return planted

    def _untouched(self, touched: set[str], *, sized: bool = False) -> str:
        choices = [key for key, good in self.goods.items() if key not in touched and (good.size.endswith((" g", " ml")) or not sized)]
        if not choices:
            return ""
        key = self.dice.choice(choices)
        touched.add(key)
        return key

    def _reprice(self, key: str, price: int, today: date, kind: str) -> Planted:
        before, self.goods[key] = self.goods[key], _priced(self.goods[key], price)
        return Planted(self.name, today, kind, f"{before.price} → {price}", self.goods[key])

    def _shrink(self, key: str, today: date) -> Planted:
        before = self.goods[key]
        amount, unit = before.size.split()
        size = f"{int(int(amount) * 0.9)} {unit}"
        self.goods[key] = Good(before.name, size, before.unit, before.price, before.kind)
        return Planted(self.name, today, "shrunk", f"{before.size} → {size}", self.goods[key])

    def _moved_price(self, before: int, share: float) -> int:
        """Return a price that moved by a share or more, and that no other article of the supplier has."""
        step, taken = 100 if share > 0 else -100, self.prices_taken()
        price = round(before * (1 + share) / 100) * 100
        while price in taken or abs(price / before - 1) < _LEAST_MOVE:
            price += step
        return max(price, 100)

    def _free_price(self, wanted: float) -> int:
        """Return a price near the wanted one that no other article of the supplier has."""
        price, taken = max(round(wanted / 100) * 100, 100), self.prices_taken()
        while price in taken:
            price += 100
        return price

    def writes(self, day: int, today: date) -> SentList:
        """Return the list of a day."""
        self.sent += 1
        stem = f"{self.name} {today:%d-%m-%Y}" if self.names is Names.FILE else f"harga {today:%d-%m-%Y} ({self.number})"
        goods = list(self.goods.values())
        caption = self.name if self.names is Names.CAPTION else self.dice.choice(("", "", *_TALK))
        own = self.name, day, today, self.form, self.names
        if self.form is Form.TEXT:
            return SentList(*own, f"text {self.name} {day}", tuple(_texts(goods, today, self.dice)), tuple(goods), is_first=self.sent == 1)
        head = self._head(today)
        if self.form is Form.ALBUM:
            pages = tuple(print_pages(head, [(good.written, good.unit, good.price) for good in goods]))
            return SentList(*own, f"album {self.name} {day}", pages, tuple(goods), caption, self.sent == 1)
        data = _csv(head, goods) if self.form is Form.CSV else _xlsx(head, goods)
        return SentList(*own, f"{stem}.{self.form}", (data,), tuple(goods), caption, self.sent == 1)

    def _head(self, today: date) -> list[list[str | int]]:
        lines: list[list[str | int]] = [[self.name]] if self.names is Names.HEAD else []
        # Every supplier has columns of its own order.
        titles: list[str | int] = ["Nama Barang", "Satuan", "Harga"] if self.first % 2 else ["Item", "Unit", "Price (IDR)"]
        return [*lines, [f"Daftar harga {today:%d-%m-%Y}"], [], titles]


def suppliers(seed: int, days: int) -> list[Supplier]:
    """Return the 24 suppliers; over 30 days they send about 200 lists."""
    dice = random.Random(seed)
    kinds = list(GOODS)
    made = []
    for number, name in enumerate(_NAMES):
        text = name.startswith(("Pak ", "Ibu ", "Bu "))
        names = Names.ORIGIN if text else list(Names)[[0, 1, 2, 0, 4][number % 5]]
        form = Form.TEXT if text else Form.ALBUM if number in _PRINTERS else (Form.CSV, Form.XLSX)[number % 2]
        every = 2 if number % 6 == 0 else 7 if number % 2 else 3
        last = days // 3 if number == len(_NAMES) - 1 else days
        own = (kinds[number % len(kinds)], *(() if text else (kinds[(number // 2 + 3) % len(kinds)],)))
        made.append(
            Supplier(number, name, names, form, every, number % every if every < 7 else number % 7, last, {}, random.Random(dice.random()))
        )
        _stock(made[-1], own)
    return made


def _stock(supplier: Supplier, kinds: Sequence[str]) -> None:
    """Let a supplier sell most goods of its kinds, at prices of its own."""
    for kind in dict.fromkeys(kinds):
        for text in _split(GOODS[kind]):
            name, size, unit, price = text
            if supplier.dice.random() < 0.85:
                own = supplier._free_price(int(price) * supplier.dice.uniform(0.9, 1.12))  # noqa: SLF001
                supplier.goods[name] = Good(name, size, unit, own, kind)


def _split(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, size, unit and price of goods that are written one after another."""
    words, parts = text.split(" "), []
    for word in words:
        parts.append(word)
        joined = " ".join(parts)
        if joined.count("|") == 3 and joined.rpartition("|")[2].isdecimal():
            name, size, unit, price = joined.split("|")
            parts = []
            yield name, size, unit, price


def _priced(good: Good, price: int) -> Good:
    return Good(good.name, good.size, good.unit, price, good.kind)


def _csv(head: Sequence[Sequence[str | int]], goods: Sequence[Good]) -> bytes:
    lines = [";".join(map(str, line)) for line in head]
    return "\n".join([*lines, *(f"{good.written};{good.unit};{good.price}" for good in goods)]).encode()


def _xlsx(head: Sequence[Sequence[str | int]], goods: Sequence[Good]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Harga")
        for number, line in enumerate([*head, *([good.written, good.unit, good.price] for good in goods)]):
            sheet.write_row(number, 0, line)
    return file.getvalue()


def _texts(goods: Sequence[Good], today: date, dice: random.Random) -> Iterator[bytes]:
    """Yield the messages of a list that is written in a chat, one or two."""
    lines = [f"{good.written} {good.price // 1000}.{good.price % 1000:03}/{good.unit}" for good in goods]
    cut = len(lines) // 2 if dice.random() < 0.5 and len(lines) > 8 else len(lines)
    yield "\n".join([f"Harga {today:%d-%m-%Y}", *lines[:cut]]).encode()
    if cut < len(lines):
        yield "\n".join(lines[cut:]).encode()


def calendar(made: Sequence[Supplier], days: int, first_day: date) -> list[list[tuple[SentList, list[Planted]]]]:
    """Return for each day the lists that are sent, each with what is planted in it."""
    plan: list[list[tuple[SentList, list[Planted]]]] = [[] for _ in range(days)]
    due = {supplier.name: set(supplier.days(days)) for supplier in made}
    for day in range(days):
        today = first_day + timedelta(days=day)
        for supplier in made:
            if day in due[supplier.name]:
                planted = supplier.change(today) if supplier.sent else []
                plan[day].append((supplier.writes(day, today), planted))
    return plan


def silent_lists(first_day: date) -> list[SentList]:
    """Return the lists of the supplier who fell silent, the oldest first."""
    goods = [Good(name, size, unit, int(price), "household") for name, size, unit, price in _split(_SILENT_GOODS)]
    made = []
    for weeks in (2, 1, 0):
        day = first_day - _SILENT_SINCE - weeks * _WEEK
        head: list[list[str | int]] = [[SILENT], [f"Daftar harga {day:%d-%m-%Y}"], [], ["Nama Barang", "Satuan", "Harga"]]
        name = f"{SILENT} {day:%d-%m-%Y}.csv"
        made.append(SentList(SILENT, 0, day, Form.CSV, Names.HEAD, name, (_csv(head, goods),), tuple(goods), is_first=True))
    return made
