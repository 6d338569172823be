"""Review in the chat: what waits is settled by taps, and what is settled stays so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import until
from houses import ANN, BOB, House, quick_house

from monito_ray.testing.telegram_chats import Message

_ROWS = {"Beras Pandan 5 kg": 75_000, "Gula Pasir 1 kg": 17_000, "Minyak Goreng 2 l": 38_500, "Telur Ayam 1 kg": 30_000}


def _list_text(rows: dict[str, int]) -> str:
    return "Nama Barang;Satuan;Harga\n" + "".join(f"{name};pcs;{price}\n" for name, price in rows.items())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot, a driver, and a supplier whose second list has a price that is ten times its last one."""
    with quick_house(tmp_path) as made:
        for number, rows in enumerate((_ROWS, _ROWS | {"Gula Pasir 1 kg": 170_000}), start=1):
            made.send(f"{number}.csv", _list_text(rows), caption="Toko Melati")
            until(lambda count=number: len(made.tasks()) == count and all(task.has_ended for task in made.tasks()), 20)  # type: ignore[misc]
        yield made


def _review(house: House, user_id: int = ANN, language: str = "en") -> Message:
    house.ask("/review", user_id, language)
    return house.chat(user_id)[-1]


def test_a_price_that_may_be_wrong_is_confirmed_by_a_tap(house: House):
    """It is shown with its source and the reason; once it is said to be right it waits no longer."""
    message = _review(house)
    assert message.text.startswith("To look at: ")
    assert "Gula Pasir 1 kg · 170,000 IDR" in message.text
    assert "2.csv, row 3" in message.text
    assert "10 times its last price: 17,000 → 170,000" in message.text
    house.server.press(message, "It is right")
    until(lambda: "Gula Pasir" not in message.text)
    assert "Gula Pasir" not in _review(house, BOB).text
    assert "perhaps a misprint" not in house.ask("/prices gula")


def test_a_field_is_corrected_by_a_reply(house: House):
    """What cannot be a size is refused with a reason; the right one holds at once, and says nothing of the price, which waits until it is right."""
    house.server.press(_review(house), "Change")
    house.server.press(house.wait("What is wrong?"), "Size")
    question = house.wait("as a reply to this message: Size")
    house.server.send_text(ANN, "1 karung", reply_to=question)
    assert "the unit 'sack' is none of" in house.wait("This cannot be taken").text
    house.server.send_text(ANN, "10 кг", reply_to=question)
    house.wait("Taken. It holds for the lists to come, too.")
    assert "10 kg" in house.ask("/prices gula")
    message = _review(house)
    assert "10 times its last price: 17,000 → 170,000" in message.text
    house.server.press(message, "It is right")
    until(lambda: "Gula Pasir" not in message.text)
    house.server.send_text(ANN, "5 kg", reply_to=question)
    house.wait("This was settled already.")


def test_what_is_left_for_later_comes_again(house: House):
    """After the last one it says how many are left; an old button does no harm."""
    message = _review(house, language="ru")
    assert "Это верно?" in message.text
    assert "в 10 раз больше прошлой цены: 17 000 → 170 000" in message.text.replace("\u00a0", " ")
    while "Позже" in [title for title, _ in message.buttons]:
        before = message.text
        house.server.press(message, "Позже", language="ru")
        until(lambda shown=before: message.text != shown)  # type: ignore[misc]
    assert message.text.startswith("Это всё; отложено: ")
    for data in ("link:same:nobody:noone:0", f"wrong:{'x' * 50}"):
        answers = len(house.server.answered)
        message.buttons = [("", data)]
        house.server.press(message)
        until(lambda before=answers: len(house.server.answered) > before)  # type: ignore[misc]
        assert house.server.answered[-1][1] == "This was settled already."


def test_two_offers_are_made_one_product_by_a_tap(tmp_path: Path):
    """The question has both with their suppliers and prices."""
    juices = {"CV Alpha": "Zarvex Mango Juice 1 l,btl,20000", "CV Beta": "Zarvex Mango Juice Tusker 1 l,btl,21000"}
    others = "Kuvo Butter 200 g,pcs,31000\nLumbu Chili Sauce 300 ml,btl,15000\n"
    with quick_house(tmp_path) as house:
        for number, (supplier, line) in enumerate(juices.items(), start=1):
            rows = others if number == 1 else "Wemba Soap 90 g,pcs,4000\nWemba Candle 4 pcs,pcs,7000\n"
            house.send(f"{number}.csv", f"Name,Unit,Price\n{line}\n{rows}", caption=supplier)
            until(lambda count=number: len(house.tasks()) == count and all(task.has_ended for task in house.tasks()), 20)  # type: ignore[misc]
        message = _review(house)
        while "Are these one product?" not in message.text:
            before = message.text
            house.server.press(message, "Later")
            until(lambda shown=before: message.text != shown)  # type: ignore[misc]
        assert "CV Alpha" in message.text
        assert "CV Beta" in message.text
        assert "20,000 IDR" in message.text
        house.server.press(message, "The same")
        until(lambda: "Tusker" not in message.text)
        shown = house.ask("/prices mango juice").split("\n\n")[0]
        assert "CV Alpha" in shown
        assert "CV Beta" in shown
