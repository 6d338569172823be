"""What a price buys: size, pack, unit of the price, base price."""

import re
from decimal import Decimal
from itertools import combinations
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.pipeline.products.measuring.measures import Measure, base_price, parse_measure

SIZES = [
    # name, size, unit, pieces, rest
    ("Soda 24x330ml", "330", "ml", 24, "Soda"),
    ("Spring water 6 x 1.5 L", "1.5", "l", 6, "Spring water"),
    ("Tuna 12 pcs @ 85 gr", "85", "g", 12, "Tuna"),
    ("Crackers 10 x 12 x 20 g", "20", "g", 120, "Crackers"),
    ("Oil 6 btl x 1L", "1", "l", 6, "Oil"),
    ("Drink 24/330ml", "330", "ml", 24, "Drink"),
    ("Noodles 130gx48", "130", "g", 48, "Noodles"),
    ("Tablets CAJA X24 - Medi", None, "", 24, "Tablets CAJA - Medi"),
    ("Juice 330ml x 24", "330", "ml", 24, "Juice"),
    ("Вода 0,5л*12", "0.5", "l", 12, "Вода"),
    ("Чай 20 пакетиков по 2 г", "2", "g", 20, "Чай"),
    ("Ginger tea 25 x 2G", "2", "g", 25, "Ginger tea"),
    ("Mie 1 dus isi 40", None, "", 40, "Mie"),
    ("Mie dus isi 40", None, "", 40, "Mie"),
    ("Wafer isi 12", None, "", 12, "Wafer"),
    ("Santan/200ml", "200", "ml", 1, "Santan"),
    ("Butter 1/2kg", "0.5", "kg", 1, "Butter"),
    ("Flour 2 1/2 kg", "2.5", "kg", 1, "Flour"),
    ("Minyak 1,5 lt", "1.5", "l", 1, "Minyak"),
    ("Olives 1,600 ml", "1600", "ml", 1, "Olives"),
    ("Olives 1.550 kg", "1.550", "kg", 1, "Olives"),
    ("Peaches 29OZ/825GR", "825", "g", 1, "Peaches"),
    ("Lamb leg 2 - 3 kg", None, "", 1, "Lamb leg 2 - 3 kg"),
    ("Beef 750 Gr - 1,4 Kg", None, "", 1, "Beef 750 Gr - 1,4 Kg"),
    ("Cotton40G", "40", "g", 1, "Cotton"),
    ("Syrup x 240ml", "240", "ml", 1, "Syrup"),
    ("Ointment X 10G", "10", "g", 1, "Ointment"),
    ("Мыло по 60 г", "60", "g", 1, "Мыло"),
    ("Тальк 0,8кг.", "0.8", "kg", 1, "Тальк"),
    ("Coffee 1 kg (4 x 250 g)", "250", "g", 4, "Coffee"),
    ("Салфетки 100 шт", None, "", 100, "Салфетки"),
    ("Candles (5pcs)", None, "", 5, "Candles"),
    ("Hot cocoa 8's", None, "", 8, "Hot cocoa"),
    ("Набор из 4 пачек", None, "", 4, "Набор"),
    ("Noodles 4pcs masala 248gm", "248", "g", 4, "Noodles masala"),
    ("Pain killer 500 MG COMP. X 30", None, "", 30, "Pain killer 500 MG COMP."),
    ("Gloves box -X100- Medi", None, "", 100, "Gloves box - Medi"),
    ("Drops 0.5mg/ml x 30ml", "30", "ml", 1, "Drops 0.5mg/ml"),
    ("Atropine 1MG/1 ML AMP X1", "1", "ml", 1, "Atropine 1MG/1 ML AMP"),
    ("Syrup 100mg/5ml", None, "", 1, "Syrup 100mg/5ml"),
    ("Cola 12ozx24", "12", "oz", 24, "Cola"),
    ("Cola 24x12oz", "12", "oz", 24, "Cola"),
    ("Cereal, 15-Ounce Boxes (Pack of 4)", "15", "oz", 4, "Cereal, Boxes"),
    ("Shampoo 8.5 Fl. Oz", "8.5", "fl_oz", 1, "Shampoo"),
    ("Lip balm, .15 oz", "0.15", "oz", 1, "Lip balm"),
    ("Onion rings 6/2.5 Lb", "2.5", "lb", 6, "Onion rings"),
    ("Butter 1/2 lb", "0.5", "lb", 1, "Butter"),
    ("Ranch dressing 4/1 Gal", "1", "gal", 4, "Ranch dressing"),
    ("Drinking water 12x1/2 L", "0.5", "l", 12, "Drinking water"),
    ("Sirup 5 dl", "5", "dl", 1, "Sirup"),
    ("Sparkling water 330ML 24CT", "330", "ml", 24, "Sparkling water"),
    ("Herbal tea, 20 count (Pack of 6)", "20", "pcs", 6, "Herbal tea"),
    ("Herbal tea, 100 individually wrapped tea bags", None, "", 100, "Herbal tea"),
    ("Sunscreen 1 oz (case of 24)", "1", "oz", 24, "Sunscreen"),
    ("Toothbrush Twin Pack", None, "", 2, "Toothbrush"),
    ("Eggs, dozen", None, "", 12, "Eggs"),
    ("Muffin (2 шт по 0,075), 0,150 кг", "0.075", "kg", 2, "Muffin ( по 0,075)"),
    ("Paint (6 pomos x 18 ml)", "18", "ml", 6, "Paint"),
    ("Bin liners black/10 шт", None, "", 10, "Bin liners black"),
    ("Napkins 10,000cs", None, "", 10000, "Napkins"),
    ("HDMI cable 5 m", "5", "m", 1, "HDMI cable 5 m"),
    ("Коньяк 5* 0,7л (6)", "0.7", "l", 1, "Коньяк 5* (6)"),
    ("Tornillo 6x1 x 100 und", None, "", 100, "Tornillo 6x1"),
    ("Sausage 1-1/2 lb", "1.5", "lb", 1, "Sausage"),
    ("Protein bar 60g 20g protein 12 pack", "60", "g", 12, "Protein bar 20g protein"),
    ("Mleko 500 mililitrów", "500", "ml", 1, "Mleko"),
    ("Süt 1 litre 12 şişe", "1", "l", 12, "Süt"),
    ("Молоко 900 мілілітрів", "900", "ml", 1, "Молоко"),
    ("Detergent packs, 42 Count, 2 pack", "42", "pcs", 2, "Detergent packs"),
    ("Coffee, 72 Single K-Cup Pods", None, "", 72, "Coffee"),
    ("Coffee pods (24)", None, "", 24, "Coffee pods"),
    ("10 x Natural brush", None, "", 10, "Natural brush"),
    ("Cigars 10/3PK", None, "", 30, "Cigars"),
    ("Yogurt smooth6x100ml", "100", "ml", 6, "Yogurt smooth"),
    ("Falooda 290MLX 24", "290", "ml", 24, "Falooda"),
    ("Instant mix (60GMX5) X16", "60", "g", 80, "Instant mix"),
    ("Pain killer 1 GR. X 80u (10 tiras)", "1", "g", 80, "Pain killer (10 tiras)"),
    ("Té surtido x 10u", None, "", 10, "Té surtido"),
    ("Jugo PAQUETE 6 UNIDAD 380 MILILITROS", "380", "ml", 6, "Jugo PAQUETE"),
    ("大米5公斤", "5", "kg", 1, "大米"),
    ("薯片500克装", "500", "g", 1, "薯片 装"),
    ("矿泉水330毫升x24", "330", "ml", 24, "矿泉水"),
    ("Салфетки бумажные 100 л", None, "", 100, "Салфетки бумажные"),
    ("Салфетки бумажные 100 л х 24", None, "", 2400, "Салфетки бумажные"),
    ("Gum 4 x 240s", None, "", 960, "Gum"),
    ("Gloves 20/50 CT", None, "", 1000, "Gloves"),
    ("Tomatoes diced 6/#10 cans", None, "", 6, "Tomatoes diced"),
    ("ACTOL 400 X 10 CAPS", None, "", 10, "ACTOL 400"),
    ("Dolox 600 x 20 comprimidos", None, "", 20, "Dolox 600"),
    ("Паралон 500 х 10 таб", None, "", 10, "Паралон 500"),
    ("Calcium 10x10 tab", None, "", 100, "Calcium"),
    ("Pintura látex 1/4 galon", "0.25", "gal", 1, "Pintura látex"),
    ("Air 1 galon", None, "", 1, "Air 1 galon"),
    ("GASA 10X10 X 10 UN", None, "", 10, "GASA 10X10"),
    ("TE DIGEST X 12 SOBRES 5 G", "5", "g", 12, "TE DIGEST"),
    ("Cable 2x14 x 100 m", "100", "m", 1, "Cable 2x14 x 100 m"),
    ('Manguera 1/2" x 15 m', "15", "m", 1, 'Manguera 1/2" x 15 m'),
    ("Фольга 29см х 10м", "10", "m", 1, "Фольга 29см х 10м"),
    ("Klebeband 50mm x 66m", "66", "m", 1, "Klebeband 50mm x 66m"),
    ("LED Strip 5m", "5", "m", 1, "LED Strip 5m"),
    ("UTP cat6 Box 305m", "305", "m", 1, "UTP cat6 Box 305m"),
    ("Верёвка 4,5м", "4.5", "m", 1, "Верёвка 4,5м"),
]


@pytest.mark.parametrize(("name", "size", "unit", "pieces", "rest"), SIZES)
def test_size_and_pieces_are_taken_out_of_a_name(name: str, size: str | None, unit: str, pieces: int, rest: str):
    """The rest is the name without them."""
    measure = parse_measure(name)
    assert (measure.size, measure.unit, measure.pack_count, measure.rest) == (None if size is None else Decimal(size), unit, pieces, rest)


NO_CONTENT = [
    "Milk fat 0.05%",
    "Engine oil 5W-30",
    "Winter tyre 205/55 R16 91T",
    "Blanket 60X90CM",
    'Valve 1/2" 10mm',
    "Coupling 32 х 20",
    "Bolt М6 x 30",
    "Tape 5 CM X 9 MT",
    "Sedan X5",
    "Belt X85 #80 4x24",
    "Almanac 2010 г",
    "Engine 100 л.с.",
    "Paper A4 80 g/m2",
    "Phone 5G",
    "Pump 20 l/min",
    "Lamp 12V 5W",
    "Cable 3x2.5",
    "Player 3 in 1",
    "Tyre 3.00-10 (4PR/TL)",
    "Tyre 7.50-16 6PR",
    "Battery 24V, bus=24",
    "Film t=20um",
    "Prawns (isi 20-25)",
    "Granola with 10g protein",
    "Mask pack L707AS 100 L707AS",
    "Ibuprofen 400 Tab",
    "Papel bond carta 75 g",
    "Tomatoes #10 Can",
    "Ground beef 90/10 paq",
    "Inductive sensor M18, cable 10 m",
    "Phone A58-6+128G",
    "手机12+512G全网通",
    "Transceiver 10G SFP+ module",
    "Cigarettes half (1/2rm)",
]


@pytest.mark.parametrize("name", NO_CONTENT)
def test_dimensions_and_grades_are_no_content(name: str):
    """Nor are doses, years and models: all of these stay in the name."""
    assert parse_measure(name) == Measure(None, "", 1, "", name)


EMPTY = [
    # name, pieces: the volumes and weights stay in the names of goods that contain nothing
    ("Мешки для мусора 60л 20шт", 20),
    ("Стакан пластиковый 200мл 100шт", 100),
    ("12 oz clear PET cup", 1),
    ("Bolsas de basura 80 l x 10 un", 10),
    ("Müllbeutel 35 l 20 Stück", 20),
    ("Kantong sampah 60 l 10 pcs", 10),
    ("Sacs poubelle 100 l x 25", 25),
    ("Saco de lixo 50 l 10 un", 10),
    ("Jeringa 5 ml x 100", 100),
    ("Towel 480 gr", 1),
    ("Полотенце махровое 480 гр", 1),
    ("Trapeador algodón 300 gr", 1),
]


@pytest.mark.parametrize(("name", "pieces"), EMPTY)
def test_what_bags_cups_and_towels_hold_or_weigh_is_no_content(name: str, pieces: int):
    """The name keeps it: it tells them apart."""
    measure = parse_measure(name)
    assert (measure.size, measure.unit, measure.pack_count) == (None, "", pieces)
    assert re.findall(r"\d+", name)[0] in measure.rest


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Detergent with plastic cup 3 kg", "3"),
        ("Средство для швабр 500 мл", "500"),
        ("Mughlai masala 100 g", "100"),
        ("Kettle chips 150 g", "150"),
        ("Pancit 60 g", "60"),
        ("Aqua gelas 240 ml", "240"),
        ("Panela 500 g", "500"),
        ("Tea bags 50 g", "50"),
    ],
)
def test_other_goods_keep_their_content(name: str, size: str):
    """Words that begin alike, cups of drinks, and what goods are for do not take it away."""
    assert parse_measure(name).size == Decimal(size)


COLUMNS = [
    # (name, size, pack, unit), size, unit, pieces, price unit
    (("Tomato", "", "", "kg"), None, "", 1, "kg"),
    (("Cream cheese kg", "kg", "", "kg"), None, "", 1, "kg"),
    (("Lamb leg", "2 - 3 kg", "", "kg"), None, "", 1, "kg"),
    (("Rice 25kg", "", "", "sak"), "25", "kg", 1, "sack"),
    (("Soda", "330ml", "24", "ctn"), "330", "ml", 24, "carton"),
    (("Soda", "330ml", "24", "pcs"), "330", "ml", 1, "pcs"),
    (("Soda", "330ml", "24", ""), "330", "ml", 1, ""),
    (("Soda", "24x330ml", "", ""), "330", "ml", 24, ""),
    (("Soda", "", "24x330ml", "ctn"), "330", "ml", 24, "carton"),
    (("Soda", "", "24 x 330 ml", "btl"), "330", "ml", 1, "bottle"),
    (("Mascarpone 12 x 1 kg", "12 x 1 kg", "", "ctn"), "1", "kg", 12, "carton"),
    (("Sachet 15 ml (288/dus)", "", "", ""), "15", "ml", 1, ""),
    (("Sachet 15 ml (288/dus)", "", "", "pcs"), "15", "ml", 1, "pcs"),
    (("Sachet 15 ml (288/dus)", "", "", "dus"), "15", "ml", 288, "carton"),
    (("Cigarettes (12x10x10x4/dus)", "", "", ""), None, "", 1, ""),
    (("Pasta", "", "4/5 Lb", "CS"), "5", "lb", 4, "carton"),
    (("Pepper packets", "", "500/1 Gm", "CS"), "1", "g", 500, "carton"),
    (("Liners", "", "250/1Cnt", "CS"), None, "", 250, "carton"),
    (("Cola syrup", "", "1/5 Gal", "CS"), "5", "gal", 1, "carton"),
    (("Fountain", "", "1 box (10)", ""), None, "", 10, ""),
    (("Coupling 50/40 (15 шт)", "", "", "шт"), None, "", 1, "pcs"),
    (("Coupling 50/40 15 шт", "", "", "шт"), None, "", 15, "pcs"),
    (("Cheesecake 16 count", "4 lb", "", "EA"), "4", "lb", 1, "pcs"),
    (("Chicken breast 6 oz", "", "2/10 LB", ""), "10", "lb", 2, ""),
    (("Fish fillet 10 kg/dus", "", "", "kg"), None, "", 1, "kg"),
    (("Fountain", "", "1 box", ""), None, "", 1, ""),
    (("Cookies", "", "", "10pcs"), None, "", 10, ""),
    (("Tilapia fillet 5/7OZ 1KG X5", "", "", ""), "1", "kg", 5, ""),
    (("Oil", "20 л", "", ""), "20", "l", 1, ""),
    (("Oil", "1 л", "", ""), "1", "l", 1, ""),
    (("Flour", "", "", "500 gr"), "500", "g", 1, ""),
    (("Gloves", "", "", "box/12"), None, "", 12, "box"),
    (("Glasses", "", "", "lusin"), None, "", 12, "dozen"),
    (("Eggs 1 tray", "", "", ""), None, "", 1, "tray"),
    (("Beef /kg", "", "", ""), None, "", 1, "kg"),
    (("Вода 0,5л х 12", "", "", "шт"), "0.5", "l", 1, "pcs"),
    (("Cod fillet 1 kg", "900 g", "", ""), "900", "g", 1, ""),
    (("Сыр ~1,2 кг", "", "", "кг"), None, "", 1, "kg"),
    (("Филе кор. 15кг", "", "", "кг"), None, "", 1, "kg"),
    (("Queso barra 4 kg", "", "", "kg"), None, "", 1, "kg"),
    (("Masala 500 g", "", "", "kg"), "500", "g", 1, "kg"),
    (("Oil 18 l", "", "", "kg"), "18", "l", 1, "kg"),
    (("Яйцо С1 360 шт/кор", "", "", "дес"), None, "", 10, "ten"),
]


@pytest.mark.parametrize(("texts", "size", "unit", "pieces", "price_unit"), COLUMNS)
def test_columns_and_name_decide_together(texts: tuple[str, str, str, str], size: str | None, unit: str, pieces: int, price_unit: str):
    """Columns of size, pack and unit show with the name what the price is for."""
    measure = parse_measure(*texts)
    assert (measure.size, measure.unit, measure.pack_count, measure.price_unit) == (
        None if size is None else Decimal(size),
        unit,
        pieces,
        price_unit,
    )


def test_variants_of_other_sizes_differ():
    """Two bottles that differ in size alone differ when measured."""
    assert parse_measure("Lager 330 ml") != parse_measure("Lager 620 ml")


BASE_PRICES = [
    # price, size, unit, pieces, price unit, base price, base unit
    ("25000", None, "", 1, "kg", "25000", "kg"),
    ("9000", "500", "g", 1, "", "18000", "kg"),
    ("72000", "330", "ml", 24, "carton", "9090.909091", "l"),
    ("30", "1.5", "l", 1, "bottle", "20", "l"),
    ("120", None, "", 12, "", "10", "pcs"),
    ("24", None, "", 1, "dozen", "2", "pcs"),
    ("5", None, "", 1, "pcs", "5", "pcs"),
    ("5", None, "", 1, "carton", None, ""),
    ("5", None, "", 1, "", None, ""),
]


@pytest.mark.parametrize(("price", "size", "unit", "pieces", "price_unit", "base", "base_unit"), BASE_PRICES)
def test_a_base_price_needs_size_or_pack(
    price: str, size: str | None, unit: str, pieces: int, price_unit: str, base: str | None, base_unit: str
):
    """The price of a kilogram, litre or piece is left out where size and pack do not say enough."""
    price_of_one = base_price(Decimal(price), None if size is None else Decimal(size), unit, pieces, price_unit)
    assert price_of_one == (None if base is None else Decimal(base), base_unit)


PARTS = st.sampled_from(
    [
        *"0123456789",
        " ",
        " ",
        ".",
        ",",
        "/",
        "-",
        "x",
        "х",
        "*",
        "@",
        "(",
        ")",
        "½",
        "'s",
        "kg",
        "gr",
        "ml",
        "л",
        "шт",
        "pcs",
        "dus",
        "isi",
        "mg",
        "İ",
        "oz",
        "lusin",
        "a",
    ]
)


@given(st.lists(PARTS, max_size=25).map("".join))
def test_no_number_is_invented(name: str):
    """Whatever the text, sizes stand in it, and pieces stand in it or are products of numbers that do."""
    measure = parse_measure(name)
    digits = re.findall(r"\d+", name)
    if measure.size is not None:
        written = f"{measure.size:f}".replace(".", "").strip("0")
        assert written in "".join(digits) or _is_fraction(measure.size, name)
    factors = [int(number) for number in digits]
    runs = {prod(factors[start:end]) for start, end in combinations(range(len(factors) + 1), 2)} | {1, 12, 20, 144}
    assert measure.pack_count in runs | {lead * tail for lead in runs for tail in runs}


def _is_fraction(size: Decimal, name: str) -> bool:
    fraction = size % 1
    parts = {Decimal(above) / Decimal(below) for above in range(1, 8) for below in range(2, 9)}
    return ("/" in name or "½" in name) and any(abs(fraction - part % 1) < Decimal("1e-9") for part in parts)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_measured(name: str, size_text: str, pack_text: str, unit_text: str):
    """No text makes measuring fail, and at least one piece is always bought."""
    assert parse_measure(name, size_text, pack_text, unit_text).pack_count >= 1
