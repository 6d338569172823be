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


@pytest.mark.parametrize("line", ["Stok: 17500", "Kemasan 12", "Tahun 2026", "WA 081234567890", "Kode barang 4400"])
def test_a_number_that_is_no_amount_is_not_told_of(line: str):
    """Stock, packs, years, telephones, numbers far below the prices."""
    lines = ["Minyak 1 l Rp 18.500", "Beras 5 kg Rp 76.000", line, "Tepung Rp 13.500", "Kecap Rp 24.500", "Garam Rp 9.500"]
    assert not read_price_list("\n".join(lines).encode(), "chat.txt").certainty.unread.cells
