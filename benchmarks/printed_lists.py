"""Price lists of our own on paper: pages drawn at the resolution of a printer, with the offers that stand on them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

import generated
import matplotlib as mpl
import numpy as np
from camera import PRINTED_DPI
from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
#: Typefaces that come with matplotlib and have Cyrillic.
_FACES = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "STIXGeneral")
LAYOUTS = ("ruled", "plain", "menu", "two columns")
#: An order form, whose sums prove its prices; by name alone, so that pages of a seed stay what they were.
INVOICE = "invoice"
_TITLES = {
    "id": ("No", "Nama Barang", "Satuan", "Harga"),
    "en": ("No", "Item", "Unit", "Price"),
    "ru": ("№", "Наименование", "Ед.", "Цена"),
}
_INVOICE_TITLES = {
    "id": ("No", "Nama Barang", "Qty", "Harga", "Jumlah"),
    "en": ("No", "Item", "Qty", "Price", "Amount"),
    "ru": ("№", "Наименование", "Кол-во", "Цена", "Сумма"),
}
_SHOPS = {"id": "UD Kestrel Jaya - Daftar Harga", "en": "Kestrel & Sons - Price List", "ru": "ООО Кестрел - Прайс-лист"}
_UNITS = {"id": ("kg", "pcs", "dus", "btl"), "en": ("kg", "pcs", "box", "btl"), "ru": ("кг", "шт", "кор", "уп")}
#: Sizes of paper in millimetres.
_A4, _RECEIPT = (210, 297), (80, 200)
_LINE = 1.25
#: Of an order form, the first column that is set to the right.
_NUMBERS_FROM = 2


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A page and what it offers."""

    pixels: np.ndarray
    offers: list[tuple[str, Decimal]]
    language: str
    layout: str


class _Page:
    """A sheet that is drawn on; lengths are points."""

    def __init__(self, size: tuple[int, int], face: str, points: float) -> None:
        self.width, self.height = (side / 25.4 * 72 for side in size)
        self.dots = PRINTED_DPI / 72
        self.picture = Image.new("RGB", (round(self.width * self.dots), round(self.height * self.dots)), "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.points = points
        self.face = face

    def font(self, scale: float = 1.0) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(_FONTS / f"{self.face}.ttf", round(self.points * scale * self.dots))

    def text(self, x: float, y: float, text: str, anchor: str = "ls", scale: float = 1.0) -> None:
        self.pen.text((x * self.dots, y * self.dots), text, fill="black", font=self.font(scale), anchor=anchor)

    def length(self, text: str) -> float:
        return self.font().getlength(text) / self.dots

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pen.line([x0 * self.dots, y0 * self.dots, x1 * self.dots, y1 * self.dots], fill=(60, 60, 60), width=3)


def amount(price: Decimal, language: str, style: int) -> str:
    """Return a price as shops of that language write it."""
    if language == "id":
        whole = f"{price:,.0f}".replace(",", ".")
        return (whole, f"Rp {whole}", f"Rp{whole}", whole.replace(".", ","))[style]
    if language == "ru":
        text = f"{price:,.2f}".replace(",", " ").replace(".", ",")
        return (text, f"{text} ₽", text.replace(" ", ""), f"{text} руб.")[style]
    text = f"{price:,.2f}"
    return (text, f"${text}", text.replace(",", ""), f"$ {text}")[style]


def _price(language: str, dice: Random) -> Decimal:
    if language == "id":
        return Decimal(dice.choice([dice.randrange(4, 60) * 500, dice.randrange(30, 400) * 1000, dice.randrange(40, 4000) * 250]))
    high = dice.choice([30, 200, 2500])
    return Decimal(dice.randrange(90, high * 100)).scaleb(-2)


def print_list(number: int, seed: str, *, layout: str, language: str) -> PrintedList:
    """Return the list of this number and seed."""
    dice = Random(f"{seed} {number} {layout} {language}")
    face, points = dice.choice(_FACES), dice.choice([8.5, 9.5, 10.5, 12.0])
    goods = generated.goods(language, 120, dice)
    names = list(dict.fromkeys(one.name for one in goods))
    style = dice.randrange(4)
    if layout == "receipt":
        page = _Page(_RECEIPT, "DejaVuSansMono", 8.0)
        return _receipt(page, names, language, dice)
    page = _Page(_A4, face, points)
    page.text(50, 50, _SHOPS[language], scale=1.5)
    page.text(50, 72, "12.05.2026", scale=0.9)
    draw = {"ruled": _table, "plain": _table, "menu": _menu, "two columns": _two_columns, INVOICE: _invoice}[layout]
    offers = draw(page, names, language, style, dice, layout)
    return PrintedList(np.array(page.picture), offers, language, layout)


def _table(page: _Page, names: list[str], language: str, style: int, dice: Random, layout: str) -> list[tuple[str, Decimal]]:
    pitch = page.points * (_LINE + dice.uniform(0.25, 0.6))
    widest = max(map(page.length, names))
    xs = [40.0, 72.0, min(72 + widest + 14, 400.0), 0.0, 0.0]
    xs[3] = xs[2] + 48
    xs[4] = min(xs[3] + max(90.0, page.points * 9), page.width - 20)
    names = [name for name in names if page.length(name) < xs[2] - xs[1] - 6]
    y, top, offers = 110.0, 110.0 - pitch * 0.75, []
    count = min(int((page.height - 150) / pitch), len(names), dice.randrange(14, 60))
    rows = [_TITLES[language]]
    for n, name in enumerate(names[:count], start=1):
        price = _price(language, dice)
        offers.append((name, price))
        rows.append((str(n), name, dice.choice(_UNITS[language]), amount(price, language, style)))
    for row in rows:
        page.text(xs[0] + 3, y, row[0])
        page.text(xs[1] + 3, y, row[1])
        page.text(xs[2] + 3, y, row[2])
        page.text(xs[4] - 3, y, row[3], "rs")
        y += pitch
    if layout == "ruled":
        bottom = top + pitch * len(rows)
        for n in range(len(rows) + 1):
            page.line(xs[0], top + n * pitch, xs[4], top + n * pitch)
        for x in xs:
            page.line(x, top, x, bottom)
    return offers


def _menu(page: _Page, names: list[str], language: str, style: int, dice: Random, _: str) -> list[tuple[str, Decimal]]:
    pitch = page.points * (_LINE + dice.uniform(0.3, 0.7))
    right, has_dots = dice.uniform(380, 500), dice.random() < 0.6
    y, offers = 105.0, []
    count = min(int((page.height - 140) / pitch), dice.randrange(14, 45))
    for name in names[:count]:
        price = _price(language, dice)
        shown = amount(price, language, style)
        offers.append((name, price))
        page.text(60, y, name)
        page.text(right, y, shown, "rs")
        start, end = 60 + page.length(name) + 6, right - page.length(shown) - 6
        if has_dots and end > start:
            page.text(start, y, "." * int((end - start) / page.length(".")))
        y += pitch
    return offers


def _two_columns(page: _Page, names: list[str], language: str, style: int, dice: Random, _: str) -> list[tuple[str, Decimal]]:
    page.points = min(page.points, 9.5)
    pitch = page.points * (_LINE + dice.uniform(0.3, 0.6))
    names = [name for name in names if page.length(name) < 165]
    count = min(int((page.height - 140) / pitch), len(names) // 2, dice.randrange(14, 40))
    offers = []
    for side, left in enumerate((40.0, 312.0)):
        y = 105.0
        for name in names[side * count : (side + 1) * count]:
            price = _price(language, dice)
            offers.append((name, price))
            page.text(left, y, name)
            page.text(left + 245, y, amount(price, language, style), "rs")
            y += pitch
    return offers


def _invoice(page: _Page, names: list[str], language: str, style: int, dice: Random, _: str) -> list[tuple[str, Decimal]]:
    page.points = min(page.points, 9.5)
    pitch, xs = page.points * (_LINE + dice.uniform(0.25, 0.6)), (40.0, 72.0, 330.0, 420.0, 540.0)
    names = [name for name in names if page.length(name) < xs[2] - xs[1] - 60]
    offers, rows = [], [_INVOICE_TITLES[language]]
    for n, name in enumerate(names[: min(int((page.height - 150) / pitch), dice.randrange(14, 40))], start=1):
        price, quantity = _price(language, dice), dice.choice([1, 2, 3, 4, 5, 6, 10, 12, 20, 24])
        offers.append((name, price))
        rows.append((str(n), name, str(quantity), amount(price, language, style), amount(price * quantity, language, style)))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            page.text(xs[column], 110 + place * pitch, text, "ls" if column < _NUMBERS_FROM else "rs")
    return offers


def _receipt(page: _Page, names: list[str], language: str, dice: Random) -> PrintedList:
    pitch = page.points * _LINE * 1.1
    names = [name for name in names if page.length(name) < 150]
    y, offers = 50.0, []
    page.text(20, 26, _SHOPS[language][:24])
    for name in names[: dice.randrange(12, 36)]:
        price = _price(language, dice)
        offers.append((name, price))
        page.text(12, y, name)
        page.text(page.width - 10, y, amount(price, language, 0), "rs")
        y += pitch
    cut = page.picture.crop((0, 0, page.picture.width, min(page.picture.height, round((y + 20) * page.dots))))
    return PrintedList(np.array(cut), offers, language, "receipt")
