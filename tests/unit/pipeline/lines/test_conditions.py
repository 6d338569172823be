"""Lines of a chat whose words say that their amount is a sum, a fee, a minimum, a deposit or a discount, and no price."""

from collections.abc import Sequence

import pytest

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.rows.price_list import read_price_list

GOODS = {
    "id": ("Tomat 14.000", "Bawang merah 20.000", "Cabe rawit 35.000", "Kentang 18.000"),
    "en": ("Tomatoes $1.40", "Red onions $2.00", "Chillies $3.50", "Potatoes $1.80"),
    "ru": ("Помидоры 140 р", "Лук красный 200 р", "Перец 350 р", "Картофель 180 р"),
    "de": ("Tomaten 1,40 €", "Zwiebeln 2,00 €", "Paprika 3,50 €", "Kartoffeln 1,80 €"),
    "hu": ("Paradicsom 1400 Ft", "Vöröshagyma 2000 Ft", "Paprika 3500 Ft", "Burgonya 1800 Ft"),
    "vi": ("Cà chua 14.000 đ", "Hành tím 20.000 đ", "Ớt 35.000 đ", "Khoai tây 18.000 đ"),
    "ja": ("トマト 140円", "玉ねぎ 200円", "唐辛子 350円", "じゃがいも 180円"),
}
CONDITIONS = {
    "id": (
        "Diskon Rp 2.000", "Diskon 3.000", "Diskon Rp 2.000\nOngkir Rp 5.000", "Diskon 2.000\nDiskon 3.000", "Potongan -5.000",
        "Total Rp 95.000", "Total: 95.000", "Jumlah 95.000", "Minimal order Rp 100.000", "Min. order 100rb", "Min order = 100rb",
        "DP Rp 50.000", "Ongkir : Rp 10.000", "• Ongkir 10.000", "Deposit Rp 20.000/galon", "Uang muka Rp 50.000", "Totalnya Rp 95.000", "Ongkirnya 10.000", "Belanja min 100rb",
        "Total Rp 87.000", "Jumlah: 87.000",
    ),
    "en": ("Discount $2.00", "- Total: $9.50", "Min order: $20.00", "Minimum order $20", "Delivery fee = $5.00", "Deposit $20.00", "Down payment $5.00", "Down-payment $5.00", "Less discount $2.00", "Total $8.70"),
    "ru": ("Скидка 200 р", "Итого: 9500 руб", "Минимальный заказ - 1000 р", "Доставка 500", "• Предоплата: 500 ₽", "Задаток 500 р", "Курьер 300 р", "Всего 9500 руб"),
    "de": ("Anzahlung 50,00 €", "Mindestbestellwert: 100,00 €"),
    "hu": ("Előleg 5000 Ft", "Kiszállítás: 2000 Ft"),
    "vi": ("Đặt cọc 50.000 đ", "- Đơn tối thiểu: 200.000 đ"),
    "ja": ("送料 800円", "内金: 5000円"),
}  # fmt: skip
CASES = [(language, line) for language, lines in CONDITIONS.items() for line in lines]


def _read(lines: Sequence[str]) -> list[tuple[str, float, str]]:
    rows = read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist()
    return [(row["original_name"], float(row["price"]), row["price_tiers"]) for row in rows if row["price"]]


@pytest.mark.parametrize("before", [0, 1, 4])
@pytest.mark.parametrize(("language", "line"), CASES, ids=[line for _, line in CASES])
def test_the_amount_of_a_condition_is_no_price_and_takes_none_away(language: str, line: str, before: int):
    """Above goods, between them and below them, all have their prices, and no row and no other price is made of it."""
    goods = list(GOODS[language])
    assert _read([*goods[:before], line, *goods[before:]]) == _read(goods)


@pytest.mark.parametrize(("language", "line"), CASES, ids=[line for _, line in CASES])
def test_a_condition_behind_a_blank_line_is_no_price(language: str, line: str):
    """It belongs to nothing above it."""
    assert _read([*GOODS[language], "", line]) == _read(GOODS[language])


def test_a_condition_between_a_name_and_its_price_does_not_part_them():
    """The name of a card stands above all of its lines."""
    cards = ["Kopi bubuk", "Ongkir Rp 9.000", "Harga Rp 25.000", "", "Gula aren", "Diskon Rp 1.000", "Harga Rp 18.000"]
    assert [offer[:2] for offer in _read(cards)] == [("Kopi bubuk", 25000), ("Gula aren", 18000)]


def test_a_condition_between_the_sizes_of_one_thing_does_not_part_them():
    """Sizes below it have the name of those above."""
    sizes = ["Latte", "Small $3.00", "Delivery $9.00", "Large $4.00", "", "Mocha", "Small $3.50", "Large $4.50"]
    assert {name for name, _, _ in _read(sizes)} == {"Latte Small", "Latte Large", "Mocha Small", "Mocha Large"}


def test_a_price_without_a_name_takes_nothing_from_lines_that_have_prices():
    """A word for prices and an amount below a list belong to no line of it."""
    assert _read([*GOODS["id"], "Harga Rp 2.000"]) == _read(GOODS["id"])


def test_a_price_without_a_name_is_that_of_the_name_above_it():
    """Whether the name stands alone on its line, or with how many pieces a case has."""
    assert _read(["Sapu lidi", "Harga Rp 12.000", "Ember", "Harga Rp 25.000"]) == [("Sapu lidi", 12000, ""), ("Ember", 25000, "")]
    cups = _read(["Cups - 2500/case", "$25.99", "Lids - 1,000", "$12.50", "Straws - 500/case", "$4.20"])
    assert [price for _, price, _ in cups] == [25.99, 12.5, 4.2]


def test_the_sum_of_lines_with_counts_is_that_of_a_bill():
    """Their amounts are for several pieces: none of them is a price."""
    with pytest.raises(NoPricesFound):
        _read(["Tomat 2 x 14.000", "Bawang merah 3 x 20.000", "Total 34.000"])


def test_a_word_for_sums_that_leads_to_prices_does_so_below_a_name():
    """Where nothing but the name stands above, and no goods with prices stand around it."""
    assert _read(["Ноутбук", "Всего 45000 руб", "", "Планшет", "Всего 12000 руб"]) == [("Ноутбук", 45000, ""), ("Планшет", 12000, "")]


def test_the_amount_of_a_condition_is_no_measure_of_bare_prices():
    """Postal codes stay none below a list with few prices, whatever the sum at its end."""
    goods = ["Grey slabs $21.50", "Red bricks $0.90", "Sand, bag $5.20", "Gravel, bag $6.10"]
    towns = [
        "",
        "Where we bring them",
        "Ashbridge 18211",
        "Lowfield 18224",
        "Millbrook 18237",
        "Overton 18252",
        "Queensbury 18260",
        "Southam 18277",
        "",
    ]
    assert _read([*goods, *towns, "Total $640.00"]) == _read([*goods, *towns])


@pytest.mark.parametrize("name", ["Kupon diskon", "Total cereal 300 g"])
def test_a_word_for_sums_or_discounts_in_the_name_of_goods_leaves_them_goods(name: str):
    """Behind what they are, or before what they are and how much of it is in a pack."""
    assert _read([*GOODS["id"], f"{name} 45.000"])[4:] == [(name, 45000, "")]


@pytest.mark.parametrize(
    "line",
    ["Sabun Total 45.000", "Deposit galon 40.000", "Voucher 5.000", "Packing 5.000", "Potongan ayam 30.000", "Total tomat 5 kg 70.000"],
)
def test_an_amount_of_a_condition_that_may_be_goods_is_among_the_unread(line: str):
    """It is no price, and not left out without a word."""
    unread = read_price_list("\n".join([*GOODS["id"], line]).encode(), "chat.txt").certainty.unread
    assert [cell.text for cell in unread.cells] == [line]
    assert _read([*GOODS["id"], line]) == _read(GOODS["id"])


@pytest.mark.parametrize("at", [0, 4])
def test_goods_that_end_with_a_word_for_sums_are_goods_where_their_amount_is_no_sum(at: int):
    """A sum of prices is above each of them, and stands below."""
    goods = list(GOODS["id"])
    assert _read([*goods[:at], "Sabun Total 12.000", *goods[at:]])[at] == ("Sabun Total", 12000, "")


@pytest.mark.parametrize(
    "line", ["Disc 5.000", "Kembali 13.000", "Kembalian 13.000", "10% off: -$0.87", "10% off $2.00", "Beli 5 disc 2.000"]
)
def test_discounts_and_change_are_no_goods(line: str):
    """They stand below what somebody buys."""
    language = "en" if "off" in line else "id"
    assert _read([*GOODS[language], line]) == _read(GOODS[language])


def test_a_voucher_for_something_is_goods():
    """The word alone says nothing of what it is for."""
    assert _read([*GOODS["id"], "Voucher pijat 60 menit 250.000"])[4:] == [("Voucher pijat 60 menit", 250000, "")]


@pytest.mark.parametrize("lines", [
    ("Kopi susu 2 36.000", "Teh manis 1 10.000", "Total 46.000"),
    ("Kopi susu 2 36.000", "Teh manis 1 10.000", "PPN 4.600", "Total 50.600"),
    ("Kopi susu 2 36.000", "Teh manis 1 10.000", "Diskon 6.000", "Total 40.000"),
    ("kangkung 30 ikat @2.500", "bayam 20 ikat @3.000", "Total 135.000"),
])  # fmt: skip
def test_goods_with_counts_and_their_sum_are_a_bill(lines: Sequence[str]):
    """Be it the sum of them alone, or with a tax or a discount: what stands beside a count is no price of one piece."""
    with pytest.raises(NoPricesFound):
        _read(lines)


def test_packs_and_their_sum_are_no_bill():
    """The price of a pack is the same, whether somebody added them up or not."""
    packs = ["Minyak 2L 38.000", "Gula 1kg 17.000", "Beras 5 kg 72.500"]
    assert _read([*packs, "Total 127.500"]) == _read(packs)


@pytest.mark.parametrize(
    "line", ["Total belanja 87.000", "Total 300 g 45.000", "Ongkir 10.000", "Ongkir per kg 10.000", "Minimal order 100.000"]
)
def test_an_amount_that_is_surely_a_condition_is_not_among_the_unread(line: str):
    """Its words say nothing else."""
    assert not read_price_list("\n".join([*GOODS["id"], line]).encode(), "chat.txt").certainty.unread.cells


def test_a_reduced_price_below_the_usual_one_is_a_price():
    """Both stand below the name that they are for, each behind its kind."""
    cards = ["Tomat", "Normal 15.000", "Diskon 12.000", "", "Kentang", "Normal 20.000", "Diskon 18.000"]
    assert {price for _, price, _ in _read(cards)} >= {12000, 18000}


def test_a_discount_below_sizes_is_no_size():
    """What stands above it says no kind of price."""
    sizes = ["Es teh", "Kecil 5.000", "Besar 8.000", "", "Es jeruk", "Kecil 7.000", "Besar 10.000"]
    assert _read([*sizes, "Diskon 2.000"]) == _read(sizes)
