"""Thirty pictures that are no price lists: drawn here, and seen by the same camera."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import camera
import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
_SIZE = (1240, 1754)


class _Canvas:
    def __init__(self, ground: str = "white") -> None:
        self.picture = Image.new("RGB", _SIZE, ground)
        self.pen = ImageDraw.Draw(self.picture)

    def text(self, x: float, y: float, text: str, size: int = 30, ink: str = "black", face: str = "DejaVuSans") -> None:
        self.pen.text((x, y), text, fill=ink, font=ImageFont.truetype(_FONTS / f"{face}.ttf", size))

    def lines(self, texts: list[str], x: float = 120, y: float = 160, size: int = 30, pitch: float = 1.7) -> None:
        for n, text in enumerate(texts):
            self.text(x, y + n * size * pitch, text, size)

    def rows(self, rows: list[tuple[str, ...]], xs: tuple[float, ...], y: float = 260, size: int = 28) -> None:
        for n, row in enumerate(rows):
            for x, text in zip(xs, row, strict=True):
                self.text(x, y + n * size * 1.8, text, size)


def _dish(dice: Random) -> _Canvas:
    canvas = _Canvas(dice.choice(["#8a5a3a", "#d9d2c5", "#3c5a4a"]))
    canvas.pen.ellipse((140, 400, 1100, 1360), fill="#f4f2ee", outline="#cccccc", width=8)
    for _ in range(60):
        x, y, r = dice.uniform(350, 890), dice.uniform(620, 1150), dice.uniform(20, 90)
        canvas.pen.ellipse((x - r, y - r, x + r, y + r), fill=dice.choice(["#7a9c3b", "#b8442c", "#e0b34a", "#5a3b24"]))
    return canvas


def _person(dice: Random) -> _Canvas:
    canvas = _Canvas(dice.choice(["#bcd3e8", "#e8dcc0"]))
    skin = dice.choice(["#8d5a3b", "#e2b48c", "#c68e63"])
    canvas.pen.ellipse((420, 300, 820, 800), fill=skin)
    canvas.pen.rectangle((320, 800, 920, 1700), fill=dice.choice(["#324a80", "#803238"]))
    canvas.pen.ellipse((520, 500, 570, 540), fill="black")
    canvas.pen.ellipse((670, 500, 720, 540), fill="black")
    canvas.pen.arc((540, 600, 700, 720), 20, 160, fill="black", width=8)
    return canvas


def _landscape(_: Random) -> _Canvas:
    canvas = _Canvas("#9cc4e8")
    canvas.pen.polygon([(0, 900), (400, 500), (800, 900)], fill="#607060")
    canvas.pen.polygon([(500, 900), (900, 400), (1240, 900)], fill="#506050")
    canvas.pen.rectangle((0, 900, 1240, 1754), fill="#4a7a3a")
    return canvas


def _map(dice: Random) -> _Canvas:
    canvas = _Canvas("#efe9dc")
    names = ["Jl. Raya Ubud", "Jl. Monkey Forest", "Jl. Hanoman", "Jl. Dewi Sita", "Jl. Bisma", "Sungai Wos", "Pasar Ubud", "Lapangan"]
    for n, name in enumerate(names):
        y = 200 + n * 180
        canvas.pen.line([(0, y), (1240, y + dice.uniform(-90, 90))], fill="#ffffff", width=26)
        canvas.text(dice.uniform(80, 700), y - 18, name, 26)
        canvas.text(dice.uniform(80, 1100), y + 60, str(dice.randrange(1, 120)), 20)
    return canvas


def _delivery_note(dice: Random) -> _Canvas:
    canvas = _Canvas()
    canvas.text(120, 120, "SURAT JALAN  No. 0452/SJ/2026", 36)
    goods = ["Beras premium", "Minyak goreng", "Gula pasir", "Kecap manis", "Tepung terigu", "Kopi bubuk"]
    rows = [("No", "Nama barang", "Jumlah", "Satuan")]
    rows += [(str(n), name, str(dice.randrange(1, 40)), dice.choice(["kg", "dus", "pcs"])) for n, name in enumerate(goods, 1)]
    canvas.rows(rows, (120, 200, 720, 900))
    canvas.text(120, 900, "Diterima oleh:                 Pengirim:", 28)
    return canvas


def _receipt_without_prices(dice: Random) -> _Canvas:
    canvas = _Canvas()
    goods = ["Nasi goreng", "Mie goreng", "Es teh", "Ayam bakar", "Kopi hitam"]
    canvas.lines(["WARUNG SARI", "Pesanan dapur  Meja 12", "14:32"] + [f"{dice.randrange(1, 4)} x {name}" for name in goods], size=40)
    return canvas


_TEXTS: dict[str, list[str]] = {
    "letter": [
        "Dear Mr. Wayan,",
        "thank you for your visit to our office last week. We were glad to hear",
        "that the first delivery came on time. As agreed, our driver will come",
        "again on Tuesday at nine. Please let us know whether the gate will be",
        "open, since the truck is 3.5 metres high.",
        "Yours sincerely,",
        "Sorrel Trading",
    ],
    "book": [
        "Chapter 7",
        "The rain had stopped by the time they reached the village. Nobody was",
        "in the street but an old man with two dogs, who looked at them as if",
        "they had come from another world. It was the 14th of May, and the first",
        "warm day of that year. He counted the houses: there were 23 of them,",
        "and only in one of them did a light burn.",
        "187",
    ],
    "business card": ["KESTREL & SONS", "Made Sorrel, Manager", "Jl. Raya 45, Ubud 80571", "+62 361 555 0100", "made@kestrel.example"],
    "opening hours": [
        "BUKA / OPEN",
        "Senin - Jumat   08.00 - 21.00",
        "Sabtu           09.00 - 22.00",
        "Minggu          10.00 - 18.00",
        "Tutup hari raya",
    ],
    "poster": ["JAZZ BY THE BEACH", "Saturday 12 June 2026", "Doors open 18.30", "Sanur, Bali", "Bring your friends!"],
    "chat": ["Wayan  09:12", "Pagi, sudah sampai?", "Made  09:14", "Belum, 10 menit lagi", "Wayan  09:15", "Ok, saya tunggu di depan"],
    "russian letter": [
        "Уважаемые коллеги!",
        "Напоминаем, что собрание состоится 14 мая в 10:30 в зале 205.",
        "Просим всех прийти вовремя и взять с собой отчёты за 2025 год.",
        "С уважением, администрация",
    ],
    "sign": ["PARKIR", "Maks. 2 jam", "Tinggi maks. 2,1 m"],
    "recipe": [
        "Nasi goreng",
        "300 g nasi putih",
        "2 butir telur",
        "1 sdm kecap manis",
        "3 siung bawang putih",
        "50 g udang",
        "Tumis bawang 2 menit, masukkan nasi.",
    ],
    "to do": ["Besok:", "1. telepon pak Ketut", "2. ambil 3 dus air", "3. bayar listrik", "4. servis mobil jam 14"],
}
_TABLES: dict[str, tuple[list[tuple[str, ...]], tuple[float, ...]]] = {
    "bus times": (
        [
            ("Ubud", "07:10", "09:40", "12:15"),
            ("Sukawati", "07:35", "10:05", "12:40"),
            ("Batubulan", "07:55", "10:25", "13:00"),
            ("Denpasar", "08:20", "10:50", "13:25"),
        ],
        (120, 480, 680, 880),
    ),
    "league": (
        [
            ("1", "Bali United", "34", "71"),
            ("2", "Persib", "34", "66"),
            ("3", "Arema", "34", "60"),
            ("4", "PSM", "34", "58"),
            ("5", "Borneo", "34", "55"),
        ],
        (120, 220, 700, 860),
    ),
    "nutrition": ([("Energy", "1 520 kJ"), ("Fat", "12 g"), ("Sugars", "24 g"), ("Protein", "6.1 g"), ("Salt", "0.8 g")], (120, 700)),
    "marks": (
        [("Ayu", "Matematika", "87"), ("Budi", "Matematika", "91"), ("Citra", "Fisika", "78"), ("Dewi", "Kimia", "84")],
        (120, 420, 900),
    ),
    "stock count": (
        [("Beras 5 kg", "rak 3", "14"), ("Minyak 2 l", "rak 1", "22"), ("Gula 1 kg", "rak 3", "9"), ("Kopi 200 g", "rak 2", "31")],
        (120, 600, 900),
    ),
    "telephones": (
        [("Made", "0361 555 0101"), ("Ketut", "0361 555 0102"), ("Wayan", "0361 555 0103"), ("Nyoman", "0361 555 0104")],
        (120, 600),
    ),
    "temperatures": ([("Jan", "27,1", "345"), ("Feb", "27,0", "274"), ("Mar", "27,3", "234"), ("Apr", "27,6", "88")], (120, 400, 700)),
    "distances": ([("Ubud", "23 km"), ("Kuta", "9 km"), ("Bedugul", "51 km"), ("Lovina", "84 km")], (120, 600)),
}


def _of_lines(texts: list[str]) -> Callable[[Random], _Canvas]:
    def draw(dice: Random) -> _Canvas:
        canvas = _Canvas()
        canvas.lines(texts, size=dice.choice([28, 32, 36]) if max(map(len, texts)) < 50 else 27)
        return canvas

    return draw


def _of_rows(rows: list[tuple[str, ...]], xs: tuple[float, ...]) -> Callable[[Random], _Canvas]:
    def draw(_: Random) -> _Canvas:
        canvas = _Canvas()
        canvas.rows(rows, xs, size=34)
        return canvas

    return draw


def _blank(_: Random) -> _Canvas:
    return _Canvas()


def _calendar(_: Random) -> _Canvas:
    canvas = _Canvas()
    canvas.text(480, 140, "MEI 2026", 48)
    for day in range(31):
        canvas.text(140 + (day + 4) % 7 * 140, 300 + (day + 4) // 7 * 120, str(day + 1), 40)
    return canvas


def _chart(dice: Random) -> _Canvas:
    canvas = _Canvas()
    for n in range(6):
        height = dice.uniform(100, 800)
        canvas.pen.rectangle((160 + n * 170, 1300 - height, 280 + n * 170, 1300), fill="#4a74b0")
        canvas.text(180 + n * 170, 1320, str(2020 + n), 30)
        canvas.text(180 + n * 170, 1260 - height, str(int(height)), 30)
    return canvas


def _crossword(dice: Random) -> _Canvas:
    canvas = _Canvas()
    for row in range(10):
        for column in range(10):
            x, y = 120 + column * 100, 300 + row * 100
            canvas.pen.rectangle((x, y, x + 100, y + 100), outline="black", width=4, fill="black" if dice.random() < 0.2 else "white")
            if dice.random() < 0.3:
                canvas.text(x + 8, y + 6, str(dice.randrange(1, 40)), 24)
    return canvas


_DRAWN: dict[str, Callable[[Random], _Canvas]] = {
    "dish": _dish, "dish again": _dish, "person": _person, "person again": _person, "landscape": _landscape, "blank": _blank, "map": _map,
    "map again": _map, "delivery note": _delivery_note, "kitchen order": _receipt_without_prices, "calendar": _calendar, "chart": _chart,
    "crossword": _crossword,
    **{name: _of_lines(texts) for name, texts in _TEXTS.items()},
    **{name: _of_rows(*table) for name, table in _TABLES.items()},
}  # fmt: skip


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield the pictures with their names: every second one as a photo, the others as scans."""
    for n, (name, draw) in enumerate(_DRAWN.items()):
        dice = Random(f"other {name}")
        page = np.array(draw(dice).picture)
        yield name, (camera.photo if n % 2 else camera.scan)(page, dice).picture
