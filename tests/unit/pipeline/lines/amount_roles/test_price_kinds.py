"""Which of several prices of a line everybody pays."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from monito_ray.pipeline.rows.price_list import read_price_list

Offer = tuple[str, float, list[float]]


def _rows(lines: Sequence[str]) -> list[dict[str, Any]]:
    rows = read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist()
    return [row for row in rows if row["price"]]


def _read(*lines: str) -> list[Offer]:
    return [
        (row["original_name"], float(row["price"]), sorted(json.loads(row["price_tiers"]).values()) if row["price_tiers"] else [])
        for row in _rows(lines)
    ]


@pytest.mark.parametrize("arrow", ["->", "→", "=>", "➡️", " >> ", "-->"])
def test_the_price_behind_an_arrow_holds(arrow: str):
    """The one before it is that of old, be it lower or higher."""
    offers = _read(f"Gula pasir 16.500 {arrow} 17.200", f"Terigu 11.000 {arrow} 10.500", f"Telur 27.000 {arrow} 29.500")
    assert offers == [("Gula pasir", 17200, [16500]), ("Terigu", 10500, [11000]), ("Telur", 29500, [27000])]


@pytest.mark.parametrize(
    "heading", ["Daftar harga ecer / grosir (min 10)", "retail/wholesale", "*harga ecer | harga grosir*", "розница / опт"]
)
def test_a_line_above_names_the_two_prices_of_each_line(heading: str):
    """Retail is what everybody pays, though wholesale is less."""
    goods = ("Sabun cair 5L 48.000 / 45.000", "Pemutih 5L 42.000 / 39.500", "Pewangi 5L 65.000 / 61.000")
    assert _read(heading, *goods) == [("Sabun cair 5L", 48000, [45000]), ("Pemutih 5L", 42000, [39500]), ("Pewangi 5L", 65000, [61000])]
    assert not any(row["doubt"] for row in _rows([heading, *goods]))


def test_of_two_falling_prices_without_a_word_the_kind_is_in_doubt():
    """The second one may be for more pieces, or the new one."""
    doubts = [row["doubt"] for row in _rows(["Sabun cair 5L 48.000 / 45.000", "Pemutih 5L 42.000 / 39.500", "Sikat 12.000"])]
    assert [bool(doubt) for doubt in doubts] == [True, True, False]
    assert "48.000 / 45.000" in doubts[0]


def test_prices_of_two_sizes_in_doubt_of_nothing():
    """A glass costs much less than a bottle, a small cup less than a large one."""
    rows = _rows(["Merlot 95.000 / 420.000", "Latte 28.000 / 35.000", "Es teh 8.000 / 12.000"])
    assert [float(row["price"]) for row in rows] == [95000, 28000, 8000]
    assert not any(row["doubt"] for row in rows)


def test_quantities_in_steps_are_prices_of_one_thing():
    """They go on from each other, and cost less."""
    offers = _read("Kopi blend 1kg", "1-4 kg: 185k", "5-9 kg: 175k", "10+ kg: 165k", "", "Kopi arabika 1kg", "1-4 kg: 240k", "5+ kg: 228k")
    assert offers == [("Kopi blend 1kg", 185000, [165000, 175000]), ("Kopi arabika 1kg", 240000, [228000])]


def test_sizes_in_steps_at_rising_prices_are_goods_of_their_own():
    """A larger one costs more."""
    assert [
        price for _, price, _ in _read("Lobster", "1-2 ekor 200k", "3-4 ekor 280k", "", "Kepiting", "1-2 ekor 90k", "3-4 ekor 120k")
    ] == [
        200000,
        280000,
        90000,
        120000,
    ]


@pytest.mark.parametrize(
    ("line", "offer"),
    [
        ("Cabe rawit 60-65rb/kg", ("Cabe rawit", 60000, [65000])),
        ("Cabe rawit 60-65rb", ("Cabe rawit", 60000, [65000])),
        ("Cabe rawit Rp 60-65.000", ("Cabe rawit", 60000, [65000])),
        ("Cabe rawit Rp60.000-65.000", ("Cabe rawit", 60000, [65000])),
        ("Cabe rawit 60.000-65.000/kg", ("Cabe rawit", 60000, [65000])),
        ("Udang 16-20 98.000", ("Udang 16-20", 98000, [])),
        ("Udang size 40 - 92rb", ("Udang size 40", 92000, [])),
    ],
)
def test_of_a_range_the_low_end_is_the_price(line: str, offer: Offer):
    """As in tables; the high end is another price. Sizes and a dash before a price are no range."""
    assert _read("Tomat 12rb", line, "Wortel 15rb", "Kentang 19rb")[1] == offer


def test_two_sizes_of_one_line_have_their_prices():
    """The size behind a stroke with blanks is that of the next price, not what the first one is for."""
    coffee = [
        f"{name} 250 г - {small} 000 / 1 кг - {large} 000"
        for name, small, large in (("Сидамо", 145, 520), ("Сантос", 110, 390), ("Декаф", 160, 590))
    ]
    assert _read(*coffee) == [("Сидамо 250 г", 145000, [520000]), ("Сантос 250 г", 110000, [390000]), ("Декаф 250 г", 160000, [590000])]
    assert [row["unit_text"] for row in _rows(["Es kopi S 28k / L 35k", "Es teh S 12k / L 16k"])] == ["", ""]


def test_a_price_for_an_amount_may_have_blanks_between_its_thousands():
    """It is not how much is sold: "95 000/250 г"."""
    assert _read("Шея 135 000/кг", "Бекон 95 000/250г", "Рёбра 115 000 / кг") == [
        ("Шея", 135000, []),
        ("Бекон", 95000, []),
        ("Рёбра", 115000, []),
    ]


def test_an_amount_beside_a_price_that_was_not_read_is_a_doubt():
    """In brackets it may be the price of another pack."""
    doubts = [row["doubt"] for row in _rows(["Susu 1L 22.000 (untuk toko besar 19.500)", "Yoghurt 1L 38.000", "Keju 1kg 98.000"])]
    assert doubts == ["the amount 19.500 on its line was not read", "", ""]


def test_an_amount_with_a_plus_is_in_doubt():
    """It may be added to the price of something else."""
    assert [bool(row["doubt"]) for row in _rows(["Cuci setrika 8rb/kg", "Cuci kering 6rb/kg", "Express +5rb/kg"])] == [False, False, True]


@pytest.mark.parametrize(
    ("lines", "offers"),
    [
        (
            ("Susu 1L 22.000 (5L 105.000)", "Yoghurt 1L 38.000 (5L 180.000)", "Keju 1kg 98.000 (old 92.000)"),
            [("Susu 1L", 22000, [105000]), ("Yoghurt 1L", 38000, [180000]), ("Keju 1kg", 98000, [92000])],
        ),
        (
            ("Air soda 750ml x 15 - 690k (46k/btl)", "Air soda 500ml x 24 - 720k (30k/btl)"),
            [("Air soda 750ml x 15", 690000, [46000]), ("Air soda 500ml x 24", 720000, [30000])],
        ),
        (
            ("Pisang 25rb/sisir (1 tandan: 120rb)", "Kelapa 8rb/biji (1 karung: 375rb)"),
            [("Pisang", 25000, [120000]), ("Kelapa", 8000, [375000])],
        ),
    ],
)
def test_a_price_in_brackets_is_another_one_of_the_same_thing(lines: Sequence[str], offers: list[Offer]):
    """Of another pack, of old, or of each piece of the pack: it is neither the main price nor that of other goods."""
    assert _read(*lines) == offers


@pytest.mark.parametrize(
    "line",
    ["Oven gas dari 5,5jt jadi 4,9jt", "Oven gas dari 5,5jt sekarang 4,9jt", "Oven gas was 5,5jt now 4,9jt", "Oven gas 5,5jt promo 4,9jt"],
)
def test_the_price_that_holds_now_is_the_main_one(line: str):
    """The one before it held until now."""
    assert _read("Mixer roti 3,8jt", line, "Chiller 10jt")[1] == ("Oven gas", 4900000, [5500000])


@pytest.mark.parametrize("struck", ["~85.000~", "~85rb~", "~~85.000~~", "~Rp 85.000~"])
def test_a_price_that_is_struck_through_is_none(struck: str):
    """Before the name, or between it and the price that holds."""
    assert _read(f"{struck} 75.000 Lapis legit", "~60.000~ 52.000 Bolu", "~90.000~ 80.000 Brownies")[0] == ("Lapis legit", 75000, [])
    assert _read("Es krim", f"Lapis legit {struck} 75.000", "Bolu ~60.000~ 52.000", "Brownies ~90.000~ 80.000")[0] == (
        "Lapis legit",
        75000,
        [],
    )


def test_the_number_before_an_arrow_has_the_thousands_of_the_one_behind():
    """Nobody writes them twice."""
    assert _read("Salmon 230 → 215rb/kg", "Tuna 150 → 140rb/kg") == [("Salmon", 215000, [230000]), ("Tuna", 140000, [150000])]


def test_quantities_in_one_line_are_in_no_name():
    """The first one is that of the first price."""
    assert _read("Masker 3ply box: 1-9 = 22rb, 10-49 = 20rb, 50+ = 18rb", "Keripik 1 = 12rb, 3 = 33rb") == [
        ("Masker 3ply box", 22000, [18000, 20000]),
        ("Keripik", 12000, [33000]),
    ]


def test_a_price_in_brackets_in_other_money_is_not_the_main_one():
    """Nor is its currency that of the main one."""
    rows = _rows(["Madu 1 kg - 350k (22$)", "Propolis 30 ml - 120k (7.5$)", "Lilin 500 g - 150k (9.5$)"])
    assert [float(row["price"]) for row in rows] == [350000, 120000, 150000]
    assert not any(row["currency"] for row in rows)


def test_wholesale_below_retail_is_a_price_of_the_same_thing():
    """Each on a line of its own, below the name."""
    lines = ("Kopi luwak 100gr", "ecer 85rb", "grosir 70rb", "", "Kopi peaberry 250gr", "ecer 60rb", "grosir 52rb")
    assert _read(*lines) == [("Kopi luwak 100gr", 85000, [70000]), ("Kopi peaberry 250gr", 60000, [52000])]


def test_a_count_per_kilogram_is_no_price():
    """It is far below the one on its line."""
    assert _read("Lele isi 8/kg 26rb", "Lele isi 10/kg 25rb", "Lele jumbo isi 4/kg 23rb")[0] == ("Lele isi 8/kg", 26000, [])


def test_a_number_with_a_factor_says_nothing_of_decimal_marks():
    """The points of "2.5rb" and "5.000" are two things."""
    assert [price for _, price, _ in _read("Daun pisang 5.000/ikat", "Kemangi 2.5rb/ikat", "Selasih 1.5rb/ikat", "Serai 4rb/ikat")] == [
        5000,
        2500,
        1500,
        4000,
    ]


def test_yesterdays_price_holds_no_more():
    """Today's is behind it."""
    lines = ("Telur: kemarin 26.500, hari ini 27.500", "Ayam: kemarin 33.000, hari ini 34.000", "Gula: kemarin 16.800, hari ini 17.000")
    assert [(name, price) for name, price, _ in _read(*lines)] == [("Telur", 27500), ("Ayam", 34000), ("Gula", 17000)]


def test_a_number_that_may_share_the_thousands_of_the_price_is_a_doubt():
    """Of two kinds on one line the second one has them."""
    doubts = [row["doubt"] for row in _rows(["Anggur lokal 45 impor 75 rb/kg", "Jeruk medan 18rb/kg", "Pir 36rb/kg"])]
    assert doubts == ["the amount 45 on its line was not read", "", ""]
