"""Makes the two example price lists: June and July of a grocery distributor in Bali that does not exist.

Company, people, telephone numbers and prices are invented; names like "Bukit Manis" are brands of our own. The lists have what
makes real ones hard: a letterhead, a header over two rows, brand sections, two languages, prices as numbers and as text, packs in
every spelling, blanks, "call", repeats, and a footer with numbers that are no prices.

    python examples/make_lists.py            # writes bali_grocery_june.xlsx and bali_grocery_july.xlsx beside this file
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
CREATED_AT = datetime(2026, 6, 1, 8, 0, 0)  # noqa: DTZ001 - xlsx knows no time zones, and equal input shall give equal bytes
CALL = "call"

# Section, then its lines: name | packing | unit | price each | price a carton. "-" stands for a blank cell.
GROCERY = """
# BUKIT MANIS
Sirup Markisa 460 ml | 12 x 460 ml | botol | 27500 | 318000
Sirup Jeruk Purut 460 ml | 12 x 460 ml | botol | 28500 | 330000
Sirup Cocopandan 460 ml | 12 x 460 ml | botol | 24500 | 282000
Sirup Melon 460 ml | 12 x 460 ml | botol | 24500 | 282000
Passion Fruit Puree 1 kg | 6 x 1 kg | btl | 96000 | 558000
Mango Puree 1 kg | 6 x 1 kg | btl | 89000 | 516000
Strawberry Puree 1 kg | 6 x 1 kg | btl | 102500 | 597000
Gula Aren Cair 350 ml | 24 x 350 ml | btl | 31500 | 726000
Gula Semut Organik 250 gr | 1 dus isi 40 | pack | 18500 | 714000
Madu Hutan 650 ml | 12 x 650 ml | btl | 118000 | 1380000
Selai Nanas 320 gr | 24 x 320 gr | jar | 22750 | 528000
Selai Kacang Crunchy 320 gr | 24 x 320 gr | jar | 33250 | 780000
Coconut Nectar 250 ml | 12 x 250 ml | btl | 47000 | 546000
# DAPUR NUSA
Kecap Manis 135 ml | 48 x 135 ml | btl | 8900 | 414000
Kecap Manis 600 ml | 12 x 600 ml | btl | 25500 | 297000
Kecap Manis Refill 1,5 L | 6 x 1,5 L | pouch | 54500 | 318000
Kecap Asin 135 ml | 48 x 135 ml | btl | 7800 | 362000
Kecap Asin 600 ml | 12 x 600 ml | btl | 21500 | 249000
Kecap Inggris 300 ml | 24 x 300 ml | btl | 19250 | 450000
Saus Tiram 275 ml | 24 x 275 ml | btl | 26750 | 630000
Saus Tiram 2 kg | 6 x 2 kg | jerigen | 92500 | 546000
Saus Sambal Ekstra Pedas 335 ml | 24 x 335 ml | btl | 15250 | 354000
Saus Sambal 5,7 kg | 3 x 5,7 kg | jerigen | 148500 | 438000
Saus Tomat 335 ml | 24 x 335 ml | btl | 13750 | 318000
Saus Tomat 5,7 kg | 3 x 5,7 kg | jerigen | 132500 | 390000
Saus Tomat Sachet 9 gr | 24 pack @ 20 sachet | pack | 6250 | 147000
Sambal Bajak 190 gr | 24 x 190 gr | jar | 21000 | 492000
Sambal Matah 180 gr | 24 x 180 gr | jar | 29500 | 690000
Bumbu Rendang 250 gr | 24 x 250 gr | pouch | 32500 | 762000
Bumbu Nasi Goreng 250 gr | 24 x 250 gr | pouch | 28500 | 666000
Bumbu Base Genep 500 gr | 12 x 500 gr | pouch | 57500 | 672000
Kaldu Ayam Bubuk 1 kg | 12 x 1 kg | pack | 68500 | 804000
Kaldu Sapi Bubuk 1 kg | 12 x 1 kg | pack | 69500 | 816000
Kaldu Jamur 200 gr | 24 x 200 gr | pack | 27500 | 648000
Terasi Udang 500 gr | 20 x 500 gr | pack | 34000 | 660000
Cuka Makan 650 ml | 12 x 650 ml | btl | 9750 | 114000
# LUMBUNG SARI
Beras Putih Premium 5 kg | 5 kg | sak | 78500 | -
Beras Putih Premium 25 kg | 25 kg | sak | 372500 | -
Beras Merah Organik 1 kg | 20 x 1 kg | pack | 29500 | 578000
Beras Ketan Putih 1 kg | 20 x 1 kg | pack | 26500 | 518000
Beras Basmati 5 kg | 4 x 5 kg | sak | 189500 | 746000
Tepung Terigu Serbaguna 1 kg | 12 x 1 kg | pack | 12750 | 150000
Tepung Terigu Serbaguna 25 kg | 25 kg | sak | 248500 | -
Tepung Terigu Protein Tinggi 25 kg | 25 kg | sak | 262500 | -
Tepung Beras 500 gr | 20 x 500 gr | pack | 9750 | 189000
Tepung Tapioka 500 gr | 20 x 500 gr | pack | 8500 | 164000
Tepung Maizena 1 kg | 12 x 1 kg | pack | 21500 | 252000
Tepung Panir Putih 1 kg | 10 x 1 kg | pack | 28500 | 279000
Gula Pasir 1 kg | 20 x 1 kg | pack | 17750 | 348000
Gula Pasir 50 kg | 50 kg | sak | 842500 | -
Gula Halus 500 gr | 20 x 500 gr | pack | 15250 | 298000
Brown Sugar 1 kg | 12 x 1 kg | pack | 31500 | 372000
Garam Laut Halus 250 gr | 60 x 250 gr | pack | 3250 | 189000
Garam Kasar Amed 1 kg | 12 x 1 kg | pack | 24500 | 288000
Kacang Hijau 1 kg | 20 x 1 kg | pack | 27500 | 540000
Kacang Tanah Kupas 1 kg | 20 x 1 kg | pack | 33500 | 660000
Oatmeal Rolled 800 gr | 12 pcs @ 800 gr | pack | 46500 | 546000
# TELUK BIRU
Ikan Sarden Saus Tomat 155 gr | 48 x 155 gr | klg | 11250 | 528000
Ikan Sarden Saus Tomat 425 gr | 24 x 425 gr | klg | 26250 | 618000
Tuna Chunk in Oil 170 gr | 48 x 170 gr | klg | 24750 | 1164000
Tuna Chunk in Water 170 gr | 48 x 170 gr | klg | 24250 | 1140000
Tuna Chunk in Oil 1,7 kg | 6 x 1,7 kg | klg | 187500 | 1104000
Makarel Kaleng 155 gr | 48 x 155 gr | klg | 13750 | 642000
Ikan Teri Medan 500 gr | 20 x 500 gr | pack | 78500 | 1530000
Ebi Kering 250 gr | 20 x 250 gr | pack | 64500 | call
Rumput Laut Kering 100 gr | 40 x 100 gr | pack | 22500 | 876000
Nori Panggang 10 lembar | 50 x 10 lembar | pack | 31250 | 1530000
Fish Sauce 700 ml | 12 x 700 ml | btl | 34500 | 402000
# KOPI GUNUNG AGUNG
Kopi Robusta Bubuk 200 gr | 30 x 200 gr | pack | 27500 | 810000
Kopi Robusta Biji 1 kg | 10 x 1 kg | pack | 142500 | 1400000
Kopi Arabika Kintamani Biji 1 kg | 10 x 1 kg | pack | 248500 | 2450000
Kopi Arabika Kintamani Biji 250 gr | 24 x 250 gr | pack | 72500 | 1710000
Kopi Luwak Biji 100 gr | 20 x 100 gr | box | call | call
Drip Bag Arabika 10 gr | 1 dus isi 40 | box | 58500 | 2300000
Cold Brew Coffee 250 ml | 24 x 250 ml | btl | 21500 | 504000
Teh Hitam Celup 25 | 48 box @ 25 bags | box | 9250 | 438000
Teh Hijau Melati 50 gr | 40 x 50 gr | pack | 12750 | 498000
Teh Rosella Kering 100 gr | 40 x 100 gr | pack | 24500 | 960000
Creamer Nabati 1 kg | 12 x 1 kg | pack | 52500 | 618000
Cokelat Bubuk Premium 1 kg | 12 x 1 kg | pack | 112500 | 1326000
# SEGARA DRINKS
Air Mineral 330 ml | 24 x 330 ml | dus | - | 42500
Air Mineral 600 ml | 24 x 600 ml | dus | - | 46500
Air Mineral 1,5 L | 12 x 1,5 L | dus | - | 54500
Air Mineral Galon 19 L | 19 L | galon | 21500 | -
Sparkling Water 330 ml Botol Kaca | 24 x 330 ml | btl | 14500 | 342000
Sparkling Water 750 ml Botol Kaca | 12 x 750 ml | btl | 23500 | 276000
Cola 330 ml Can | 24 x 330 ml | can | 6850 | 160000
Cola Zero 330 ml Can | 24 x 330 ml | can | 6850 | 160000
Lemon Lime 330 ml Can | 24 x 330 ml | can | 6850 | 160000
Tonic Water 250 ml Can | 24 x 250 ml | can | 8250 | 194000
Ginger Ale 250 ml Can | 24 x 250 ml | can | 8250 | 194000
Soda Water 330 ml Can | 24 x 330 ml | can | 6250 | 146000
Teh Kotak 300 ml | 24 x 300 ml | ktk | 4150 | 96000
Coconut Water 330 ml | 12 x 330 ml | can | 12250 | 144000
Coconut Water 1 L | 12 x 1 L | ktk | 33500 | 396000
Jus Jeruk 1 L | 12 x 1 L | ktk | 29500 | 348000
Jus Jambu 1 L | 12 x 1 L | ktk | 28500 | 336000
Jus Apel 250 ml | 24 x 250 ml | ktk | 8750 | 204000
Isotonic 500 ml | 24 x 500 ml | btl | 6950 | 162000
# PADANG SUSU
Susu UHT Full Cream 1 L | 12 x 1 L | ktk | 19750 | 234000
Susu UHT Low Fat 1 L | 12 x 1 L | ktk | 20250 | 240000
Susu UHT Cokelat 200 ml | 24 x 200 ml | ktk | 6250 | 147000
Susu Kental Manis 370 gr | 48 x 370 gr | klg | 12250 | 576000
Susu Evaporasi 380 gr | 48 x 380 gr | klg | 17500 | 828000
Susu Bubuk Full Cream 1 kg | 12 x 1 kg | pack | 98500 | 1170000
Whipping Cream 1 L | 12 x 1 L | ktk | 76500 | 906000
Cooking Cream 1 L | 12 x 1 L | ktk | 68500 | 810000
Mentega Tawar 227 gr | 40 x 227 gr | pcs | 42500 | 1680000
Mentega Asin 227 gr | 40 x 227 gr | pcs | 41500 | 1640000
Margarin 200 gr | 60 x 200 gr | sachet | 8250 | 486000
Margarin 15 kg | 15 kg | dus | 412500 | -
Keju Cheddar Blok 2 kg | 6 x 2 kg | blok | 212500 | 1260000
Keju Cheddar Slice 85 gr | 12 pcs @ 85 gr | pack | 17500 | 207000
Mozzarella 1 kg | 10 x 1 kg | pack | 118500 | 1170000
Parmesan Wedge | per kg | kg | 385000 | -
Cream Cheese 2 kg | 4 x 2 kg | blok | 248500 | 984000
Yogurt Plain 1 kg | 12 x 1 kg | cup | 52500 | 618000
# SAWIT EMAS / OILS
Minyak Goreng Pouch 1 L | 12 x 1 L | pouch | 19250 | 228000
Minyak Goreng Pouch 2 L | 6 x 2 L | pouch | 37750 | 223500
Minyak Goreng Jerigen 18 L | 18 L | jerigen | 332500 | -
Minyak Kelapa 1 L | 12 x 1 L | btl | 48500 | 576000
Virgin Coconut Oil 500 ml | 12 x 500 ml | btl | 84500 | 1002000
Minyak Wijen 600 ml | 12 x 600 ml | btl | 78500 | 930000
Extra Virgin Olive Oil 500 ml | 12 x 500 ml | btl | 128500 | 1530000
Pure Olive Oil 5 L | 4 x 5 L | klg | 792500 | 3150000
Sunflower Oil 5 L | 4 x 5 L | jerigen | 258500 | call
Canola Oil 1 L | 12 x 1 L | btl | 58500 | 696000
# MIE KITA
Mie Instan Goreng 85 gr | 1 dus isi 40 | pcs | 3150 | 122000
Mie Instan Soto 75 gr | 1 dus isi 40 | pcs | 3050 | 118000
Mie Telur 200 gr | 40 x 200 gr | pack | 7250 | 284000
Bihun Beras 400 gr | 30 x 400 gr | pack | 13250 | 390000
Kwetiau Kering 500 gr | 20 x 500 gr | pack | 16750 | 328000
Spaghetti No. 5 500 gr | 24 x 500 gr | pack | 21500 | 504000
Penne 500 gr | 24 x 500 gr | pack | 21500 | 504000
Macaroni Elbow 1 kg | 12 x 1 kg | pack | 28500 | 336000
Kerupuk Udang Mentah 500 gr | 20 x 500 gr | pack | 34500 | 680000
Keripik Singkong 180 gr | 24 x 180 gr | pack | 17250 | 402000
Kacang Atom 130 gr | 40 x 130 gr | pack | 11250 | 440000
# BERSIH JAYA (NON FOOD)
Tisu Makan 250 sheets | 48 x 250 sheets | pack | 9750 | 462000
Tisu Toilet Roll | 1 dus isi 100 | roll | 3450 | 338000
Tisu Pop Up 180 sheets | 60 pack | pack | 7250 | 426000
Sabun Cuci Piring 5 L | 4 x 5 L | jerigen | 58500 | 228000
Sabun Cuci Piring Refill 750 ml | 12 x 750 ml | pouch | 15250 | 180000
Karbol Wangi 4 L | 4 x 4 L | jerigen | 46500 | 182000
Pembersih Kaca 500 ml | 12 x 500 ml | btl | 16750 | 198000
Pemutih Pakaian 1 L | 12 x 1 L | btl | 17250 | 204000
Hand Soap 3,8 L | 4 x 3,8 L | jerigen | 64500 | 254000
Kantong Sampah 90 x 120 cm | 20 pack @ 10 pcs | pack | 27500 | 540000
Sarung Tangan Plastik | 50 box @ 100 pcs | box | 9250 | 452000
Cling Wrap 30 cm x 300 m | 6 roll | roll | 98500 | 582000
Aluminium Foil 30 cm x 8 m | 24 pcs | pcs | 26500 | 624000
Tusuk Sate 25 cm | 50 pack @ 100 pcs | pack | 8250 | 405000
"""
FRESH = """
# SAYUR & BUAH / FRESH
Tomat Cherry | kg | 42000
Selada Romaine | kg | 38500
Basil Segar | kg | 95000
Bawang Merah Brebes | kg | 41500
Bawang Putih Kupas | kg | 58000
Cabai Rawit Merah | kg | 78500
Jeruk Nipis | kg | 24500
Alpukat Mentega | kg | 36500
Markisa Kintamani | kg | 32000
Salak Bali | kg | 27500
Pisang Cavendish | kg | 23500
Daun Pandan | ikat | 4500
Telur Ayam Negeri | tray isi 30 | 61500
Telur Bebek | pcs | 3750
Tahu Putih | pack 10 pcs | -
Tempe Papan | pcs | 12500
"""
NEW_IN_JULY = """
Sirup Leci 460 ml | 12 x 460 ml | botol | 25500 | 294000
Sambal Terasi 190 gr | 24 x 190 gr | jar | 21500 | 504000
Beras Hitam Organik 1 kg | 20 x 1 kg | pack | 42500 | 830000
Kopi Kapsul Robusta 10 x 5 gr | 24 box @ 10 pcs | box | 64500 | 1524000
Kombucha Jahe 330 ml | 24 x 330 ml | btl | 28500 | 672000
Sedotan Kertas 6 mm | 40 pack @ 50 pcs | pack | 16500 | 640000
"""
GONE_IN_JULY = ("Sirup Melon 460 ml", "Makarel Kaleng 155 gr", "Jus Jambu 1 L", "Karbol Wangi 4 L")
CHANGED_IN_JULY = 25
REPEATED = ("Kecap Manis 600 ml", "Gula Pasir 1 kg", "Susu UHT Full Cream 1 L")  # the office copied these lines by mistake


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the main sheet as the distributor thinks of it; `each` and `carton` are rupiah, "call" or blank."""

    section: str
    name: str
    packing: str
    unit: str
    each: int | str
    carton: int | str
    code: str = ""


def main(folder: Path = HERE) -> None:
    """Write both lists into `folder`."""
    june = _june()
    _write(folder / "bali_grocery_june.xlsx", "Juni 2026", june, _fresh())
    _write(folder / "bali_grocery_july.xlsx", "Juli 2026", _july(june), _fresh())


def _june() -> list[Line]:
    lines = list(_parse(GROCERY))
    codes = {line.name: f"{''.join(word[0] for word in line.section.split()[:2])}{index:04d}" for index, line in enumerate(lines, 1)}
    lines = [replace(line, code=codes[line.name]) for line in lines]
    for name in REPEATED:
        index = next(index for index, line in enumerate(lines) if line.name == name)
        lines.insert(index + 2, lines[index])
    return lines


def _july(june: list[Line]) -> list[Line]:
    chance = random.Random(7)
    priced = sorted({line.name for line in june if isinstance(line.each, int)} - {*GONE_IN_JULY, *REPEATED})
    changed = {name: chance.choice((0.95, 1.04, 1.06, 1.1)) for name in chance.sample(priced, CHANGED_IN_JULY)}
    lines = [_at_rate(line, changed.get(line.name, 1.0)) for line in june if line.name not in GONE_IN_JULY]
    sections = ("BUKIT MANIS", "DAPUR NUSA", "LUMBUNG SARI", "KOPI GUNUNG AGUNG", "SEGARA DRINKS", "BERSIH JAYA (NON FOOD)")
    for number, (line, section) in enumerate(zip(_parse(NEW_IN_JULY), sections, strict=True), 901):
        last = max(index for index, other in enumerate(lines) if other.section == section)
        lines.insert(last + 1, replace(line, section=section, code=f"{section[0]}N{number:04d}"))
    return lines


def _at_rate(line: Line, rate: float) -> Line:
    def moved(price: int | str, step: int) -> int | str:
        return round(price * rate / step) * step if isinstance(price, int) and rate != 1.0 else price

    return replace(line, each=moved(line.each, 50), carton=moved(line.carton, 500))


def _parse(text: str) -> Iterator[Line]:
    section = ""
    for row in text.strip().splitlines():
        if row.startswith("# "):
            section = row[2:]
            continue
        name, packing, unit, each, carton = (part.strip() for part in row.split("|"))
        yield Line(section, name, packing, unit, _price(each), _price(carton))


def _fresh() -> list[tuple[str, str, int | str]]:
    rows = [[part.strip() for part in row.split("|")] for row in FRESH.strip().splitlines()[1:]]
    return [(name, unit, _price(price)) for name, unit, price in rows]


def _price(text: str) -> int | str:
    return {"-": "", CALL: CALL}[text] if text in ("-", CALL) else int(text)


def _as_typed(line: Line, price: int | str, column: int) -> int | str:
    """Some prices were typed as text, as happens when three people keep one list."""
    habit = (int(line.code[-4:]) + 3 * column) % 7
    if not isinstance(price, int) or habit not in (2, 5):
        return price
    dotted = f"{price:,}".replace(",", ".")
    return f"Rp {dotted},-" if habit == 2 else f"Rp. {dotted}"


def _write(path: Path, month: str, lines: list[Line], fresh: list[tuple[str, str, int | str]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED_AT, "author": "CV Pasar Dewata"})
    looks = {
        "firm": book.add_format({"bold": True, "font_size": 16, "align": "center"}),
        "line": book.add_format({"align": "center"}),
        "head": book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DDEBC8"}),
        "section": book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1}),
        "cell": book.add_format({"border": 1}),
        "money": book.add_format({"border": 1, "num_format": "#,##0"}),
        "right": book.add_format({"border": 1, "align": "right"}),
    }
    _grocery_sheet(book.add_worksheet("Daftar Harga"), looks, month, lines)
    _fresh_sheet(book.add_worksheet("Fresh"), looks, month, fresh)
    book.close()


def _grocery_sheet(sheet, looks, month: str, lines: list[Line]) -> None:  # noqa: ANN001
    sheet.set_column("A:A", 5)
    sheet.set_column("B:B", 10)
    sheet.set_column("C:C", 40)
    sheet.set_column("D:D", 22)
    sheet.set_column("E:G", 14)
    row = _letterhead(sheet, looks, "G", month)
    for index, title in enumerate(("NO", "KODE", "NAMA BARANG / ITEM", "KEMASAN", "SATUAN")):
        sheet.merge_range(row, index, row + 1, index, title, looks["head"])
    sheet.merge_range(row, 5, row, 6, "HARGA (Rp)", looks["head"])
    sheet.write_row(row + 1, 5, ("Ecer", "Karton"), looks["head"])
    row += 2
    section = ""
    for number, line in enumerate(lines, 1):
        if line.section != section:
            section = line.section
            sheet.merge_range(row, 0, row, 6, section, looks["section"])
            row += 1
        sheet.write_row(row, 0, (number, line.code, line.name, line.packing, line.unit), looks["cell"])
        for index, price in enumerate((line.each, line.carton)):
            typed = _as_typed(line, price, index)
            sheet.write(row, 5 + index, typed, looks["money"] if isinstance(typed, int) else looks["right"])
        row += 1
    _footer(sheet, looks, row, len(lines))


def _letterhead(sheet, looks, last: str, month: str) -> int:  # noqa: ANN001
    """The firm's name and particulars; returns the row, from 0, where the header goes."""
    sheet.merge_range(f"A1:{last}1", "CV PASAR DEWATA", looks["firm"])
    sheet.merge_range(f"A2:{last}2", "Distributor Bahan Makanan & Minuman - Hotel, Restaurant, Cafe", looks["line"])
    sheet.merge_range(f"A3:{last}3", "Jl. Contoh Raya No. 88, Denpasar, Bali - Telp. (0361) 555-0188 / WA 0812-5550-0188", looks["line"])
    sheet.merge_range(f"A5:{last}5", f"DAFTAR HARGA / PRICE LIST - {month}", looks["firm"])
    sheet.write("A6", "Harga sudah termasuk PPN 11% / Prices include 11% VAT")
    return 7


def _footer(sheet, looks, row: int, count: int) -> None:  # noqa: ANN001
    sheet.write(row, 2, "TOTAL ITEM", looks["section"])
    sheet.write(row, 5, count, looks["section"])
    notes = (
        "Harga dapat berubah sewaktu-waktu tanpa pemberitahuan / Prices may change without notice",
        "Minimum order Rp 500.000,- per pengiriman, pengiriman Senin - Sabtu",
        "Pembayaran: Bank Contoh, No. Rek. 000-1234-567 a/n CV Pasar Dewata",
    )
    for index, note in enumerate(notes):
        sheet.write(row + 2 + index, 0, note)
    sheet.write(row + 6, 4, "Hormat kami,")
    sheet.write(row + 10, 4, "I Made Contoh")
    sheet.write(row + 11, 4, "Sales Manager")


def _fresh_sheet(sheet, looks, month: str, fresh: list[tuple[str, str, int | str]]) -> None:  # noqa: ANN001
    sheet.set_column("A:A", 34)
    sheet.set_column("B:C", 16)
    sheet.write("A1", f"FRESH - {month} (harga per satuan, minggu pertama)", looks["section"])
    sheet.write_row(2, 0, ("Item", "Satuan", "Harga"), looks["head"])
    for index, (name, unit, price) in enumerate(fresh):
        sheet.write_row(3 + index, 0, (name, unit), looks["cell"])
        sheet.write(3 + index, 2, price, looks["money"])


if __name__ == "__main__":
    main()
