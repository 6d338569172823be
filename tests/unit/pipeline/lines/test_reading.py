"""Lists that people type into chats, and texts that are no lists."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.rows.price_list import read_price_list

CHATS = Path(__file__).parents[3] / "data" / "chats"
#: The mean F1 that chats of our own must reach.
LEAST_F1 = 0.97


def _texts(name: str) -> list[dict[str, Any]]:
    return json.loads((CHATS / f"{name}.json").read_text("utf-8"))


def _title(text: dict[str, Any]) -> str:
    return f"{text['language']} {text['shape']}"


def _read(text: dict[str, Any]) -> list[tuple[int, str, float]]:
    """Each offer of a text: its line, the words of its name, its price."""
    rows = read_price_list("\n".join(text["text"]).encode(), "chat.txt").rows.to_pylist()
    return [(row["source_row"], _words(row["original_name"]), float(row["price"])) for row in rows if row["price"]]


def _words(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _f1(text: dict[str, Any]) -> float:
    found = _read(text)
    expected = [(row, _words(name), float(price)) for row, name, price in text["offers"]]
    return 2 * len(set(found) & set(expected)) / (len(found) + len(expected))


@pytest.mark.parametrize("text", _texts("lists"), ids=_title)
def test_a_list_of_a_chat_is_read_line_by_line(text: dict[str, Any]):
    """Most offers have its line, its name and its price, and nothing is invented from greetings, telephones and conditions."""
    assert _f1(text) >= 0.5, _read(text)


def test_chats_are_read_as_a_whole():
    """All lists together lose next to nothing."""
    scores = [_f1(text) for text in _texts("lists")]
    assert sum(scores) / len(scores) >= LEAST_F1


@pytest.mark.parametrize("text", _texts("letters"), ids=_title)
def test_a_letter_is_no_list(text: dict[str, Any]):
    """Letters, orders, news, invoices, minutes and chats about money give no row, and are refused."""
    with pytest.raises(NoPricesFound):
        read_price_list("\n".join(text["text"]).encode(), "letter.txt")


def test_what_stands_before_a_colon_and_several_offers_is_their_section():
    """The title is in no name; a title of conditions makes what follows no offers."""
    text = "2. Drinks: cola can £1.20, still water £0.90; ginger beer £1.75\n3. Delivery: town £2.00, villages £5.00, airport £9.00\n4. Shipping: near £4.00, far £8.00\nBin bags £3.10"
    rows = read_price_list(text.encode(), "chat.txt").rows.to_pylist()
    assert [(row["original_name"], row["section"]) for row in rows if row["price"]][:3] == [
        ("cola can", "Drinks"),
        ("still water", "Drinks"),
        ("ginger beer", "Drinks"),
    ]
    assert [row["original_name"] for row in rows if row["price"]][3:] == ["Bin bags"]


def test_kinds_of_one_thing_keep_its_name():
    """Two kinds in one word each may stand behind what both are."""
    text = "Latte: hot £3.00, iced £3.50\nEspresso £2.00\nFlat white £3.20\nMocha £3.60"
    assert "latte hot" in {name for _, name, _ in _read({"text": text.split("\n")})}


def test_a_price_with_blanks_and_cents_needs_no_mark_where_others_of_its_list_have_both():
    """A sign that a printer or a camera left out of one line costs neither the price nor a doubt."""
    lines = ["Масло 1 л 1 200,50 ₽", "Мука 2 кг 2 043,17", "Сахар 1 кг 95,50 ₽", "Соль 1 кг 45,10 ₽", "Рис 1 кг 143,17 ₽"]
    read = read_price_list("\n".join(lines).encode(), "chat.txt")
    assert [float(row["price"]) for row in read.rows.to_pylist()] == [1200.5, 2043.17, 95.5, 45.1, 143.17]


@pytest.mark.parametrize("line", ["Gula pasir 17 500", "Telur 1 tray 54000"])
def test_a_bare_number_of_the_size_of_the_prices_around_it_is_told_of(line: str):
    """Where it is no price it is not passed over: it may be one whose mark is missing."""
    lines = ["Minyak 1 l Rp 18.500", "Beras 5 kg Rp 76.000", line, "Tepung Rp 13.500", "Kecap Rp 24.500", "Garam Rp 6.500"]
    read = read_price_list("\n".join(lines).encode(), "chat.txt")
    assert [cell.text for cell in read.certainty.unread.cells] == [line]


@pytest.mark.parametrize("line", ["Stok: 17500", "Kemasan 12", "Tahun 2026", "WA 081234567890", "Kode barang 1400"])
def test_a_number_that_is_no_amount_is_not_told_of(line: str):
    """Stock, packs, years, telephones, numbers far below the prices."""
    lines = ["Minyak 1 l Rp 18.500", "Beras 5 kg Rp 76.000", line, "Tepung Rp 13.500", "Kecap Rp 24.500", "Garam Rp 9.500"]
    assert not read_price_list("\n".join(lines).encode(), "chat.txt").certainty.unread.cells


@pytest.mark.parametrize(
    "text", ["Ready: bayam 3rb, kangkung 2rb, daun bawang 18rb/kg, sawi 4rb", "bayam 3rb, kangkung 2rb\ndaun bawang 18rb/kg, sawi 4rb"]
)
def test_offers_with_commas_between_them_are_no_table(text: str):
    """Though each line has as many cells as the others, or is the only one."""
    offers = {(name, price) for _, name, price in _read({"text": text.split("\n")})}
    assert offers == {("bayam", 3000), ("kangkung", 2000), ("daun bawang", 18000), ("sawi", 4000)}


def test_who_speaks_is_in_no_name():
    """Where others speak, too; kinds of one thing keep what stands before them."""
    said = ["Anda: udang berapa?", "Sari Laut: Udang L 115rb/kg", "Sari Laut: Udang XL 140rb/kg", "Sari Laut: Cumi 78rb/kg"]
    assert [name for _, name, _ in _read({"text": said})] == ["udang l", "udang xl", "cumi"]
    kinds = ["Kopi: Arabika 115rb/kg", "Kopi: Robusta 78rb/kg", "Kopi: Luwak 900rb/kg"]
    assert [name for _, name, _ in _read({"text": kinds})] == ["kopi arabika", "kopi robusta", "kopi luwak"]


def test_the_day_before_each_line_is_in_no_name():
    """A number that stands before some names alone may be theirs."""
    days = ["1/12 Cabe rawit 62rb", "1/12 Tomat 11rb", "1/12 Kentang 18rb"]
    assert [name for _, name, _ in _read({"text": days})] == ["cabe rawit", "tomat", "kentang"]


@pytest.mark.parametrize("line", ["Jasa antar 5rb", "Belanja 200rb gratis ongkir", "Pickup Tue/Fri 7-9am Jl. Raya 12"])
def test_services_around_the_goods_are_no_goods(line: str):
    """Bringing and picking up."""
    goods = ["Gas 3kg 22rb", "Gas 12kg 220rb", "Regulator 95rb"]
    assert _read({"text": [*goods, line]}) == _read({"text": goods})


def test_a_unit_that_nobody_knows_ends_a_price():
    """A word behind a stroke, with a remark in brackets behind it."""
    lines = ["Lunch box 60.000/pax", "BBQ set 185.000/pax (min 15 pax)", "Waiter 250.000/event"]
    assert [price for _, _, price in _read({"text": lines})] == [60000, 185000, 250000]


def test_a_line_with_an_amount_that_gave_no_price_is_told_of():
    """Be it written as one, or bare."""
    lines = ["Beras 10kg 138.000", "Minyak kita 1L 16.500", "Terigu 25kg 268.000", "Gula 1kg 17.500"]
    read = read_price_list("\n".join(lines).encode(), "chat.txt")
    assert [cell.text for cell in read.certainty.unread.cells] == ["Minyak kita 1L 16.500"]


def test_a_word_for_prices_begins_no_name():
    """What stands below it has a name of its own, or none."""
    lines = ["Harga belum PPN 11%", "Kertas A4 70gr rim 48.500", "Tinta hitam 70ml 95.000", "Map plastik 24.000"]
    assert not any("harga" in name for _, name, _ in _read({"text": lines}))


@pytest.mark.parametrize("line", ["Update jam 05.30", "Cut off 4pm. MOV 300rb", "Ongkir <5km 10rb, >5km 20rb"])
def test_times_and_conditions_with_several_amounts_are_no_goods(line: str):
    """Whatever stands behind the first of them."""
    goods = ["Gas 3kg 22rb", "Gas 12kg 220rb", "Regulator 95rb"]
    assert [offer[1:] for offer in _read({"text": [line, *goods]})] == [offer[1:] for offer in _read({"text": goods})]


def test_numbers_on_keys_are_in_no_name():
    """WhatsApp has them for numbered lists."""
    goods = ["1\ufe0f\u20e3 Minyak sawit 18L 295.000", "2\ufe0f\u20e3 Margarin 15kg 268.000", "3\ufe0f\u20e3 Gula 50kg 745.000"]
    assert [name for _, name, _ in _read({"text": goods})] == ["minyak sawit 18l", "margarin 15kg", "gula 50kg"]
