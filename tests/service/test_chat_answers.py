"""What a buyer settles in the chat: whose list it is, its currency, a list taken back; nobody else's taps do harm."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bots import until
from houses import ADMIN, ANN, BOB, House, quick_house
from lists import ALIKE

from monito_ray.jobs import queue
from monito_ray.records import Status
from monito_ray.testing.telegram_chats import Message

#: Wrote to the bot, and is not in the settings; and a group.
_STRANGER, _GROUP = 999, -70
_ROWS = {"Beras Pandan 5 kg": 75_000, "Gula Pasir 1 kg": 17_000, "Minyak Goreng 2 l": 38_500, "Telur Ayam tray": 62_000}


def _list_text(rows: dict[str, int], head: str = "") -> str:
    return head + "Nama Barang;Satuan;Harga\n" + "".join(f"{name};pcs;{price}\n" for name, price in rows.items())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot and a driver that work."""
    with quick_house(tmp_path) as made:
        yield made


def _done(house: House) -> Message:
    """Wait until the newest task has succeeded and Ann's message says so; the message."""
    until(lambda: bool(house.tasks()) and house.tasks()[0].status is Status.SUCCESS, 20)
    until(lambda: any("Rows: " in message.text for message in house.chat()), 20)
    return next(message for message in reversed(house.chat()) if "Rows: " in message.text)


def _suppliers(house: House) -> str:
    return house.ask("/suppliers", BOB)


def test_whose_list_it_is_is_settled_by_the_name_that_a_person_writes(house: House):
    """A list that names nobody is asked about; the name is a reply to the question, and the message shows it from then on."""
    house.send("harga.csv", _list_text(_ROWS))
    message = _done(house)
    until(lambda: "Whose list is it?" in message.text)
    house.server.press(message, "Another supplier")
    until(lambda: "as a reply" in house.chat()[-1].text)
    question = house.chat()[-1]
    house.server.send_text(ANN, "UD Sari Sayur", reply_to=question)
    until(lambda: "Sari Sayur" in house.chat()[-1].text, 20)
    assert "UD Sari Sayur · offers: 4" in _suppliers(house)
    assert (house.tasks()[0].result or {})["questions"] == []


def test_a_wrong_supplier_is_put_right_with_two_taps(house: House):
    """By anyone who buys; the list goes to a supplier that there is."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    other = {"Kopi Bubuk 200 g": 25_000, "Teh Celup 25 pcs": 12_000, "Susu UHT 1 l": 19_000}
    house.send("b.csv", _list_text(other), caption="CV Lumo Jaya")
    until(lambda: len(house.tasks()) == 2)
    message = _done(house)
    until(lambda: any("CV Lumo Jaya" in message.text for message in house.chat()), 20)
    message = next(message for message in house.chat() if "CV Lumo Jaya" in message.text)
    house.server.press(message, "Wrong supplier")
    until(lambda: any(seen.text.startswith("Whose list is b.csv") for seen in house.chat()))
    question = house.wait("Whose list is b.csv")
    house.server.press(question, "Toko Melati")
    until(lambda: "Supplier: Toko Melati" in question.text, 20)
    assert "Toko Melati · offers: 7" in _suppliers(house)


def test_a_currency_is_asked_for_once_and_the_list_is_read_again_with_it(tmp_path: Path):
    """The same message goes on with the answer; the list before is taken back, and a second tap changes nothing."""
    with quick_house(tmp_path, MONITO_CURRENCY="") as house:
        _answer_currency(house)


def _answer_currency(house: House) -> None:
    house.send("list.csv", "Item;Price\nGreen tea;12.5\nBlack tea;11.5\nWhite tea;17.5\n", caption="Toko Melati")
    message = _done(house)
    until(lambda: "In which currency" in message.text, 20)
    (before,) = house.tasks()
    house.server.press(message, "EUR")
    until(lambda: len(house.tasks()) == 2, 20)
    until(lambda: "Currency: EUR" in message.text, 20)
    assert (house.tasks()[0].result or {})["supplier"] == "Toko Melati"
    assert "Toko Melati · offers: 3" in _suppliers(house)
    for data in (f"money:{before.id}:EUR", f"money:{before.id}:USD", f"money:{house.tasks()[0].id}:USD"):
        house.server.press(replace(message, buttons=[("", data)]))
    until(lambda: [notice for _, notice in house.server.answered].count("This was answered already.") == 3, 20)
    assert len(house.tasks()) == 2


def test_a_list_is_taken_back_after_a_question(house: House):
    """The first tap asks, the second does it; a third finds nothing to take back."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    message = _done(house)
    assert "Toko Melati" in house.ask("beras")
    house.server.press(message, "Take it back")
    until(lambda: "Are you sure?" in house.chat()[-1].text)
    question = house.chat()[-1]
    house.server.press(question, "keep:")
    until(lambda: question.text == "a.csv stays.")
    house.server.press(replace(question, buttons=[("", f"takeback:{house.tasks()[0].id}")]))
    until(lambda: question.text == "a.csv of Toko Melati is taken back. Rows that went: 4.", 20)
    assert house.ask("beras") == "Nobody's list has beras."
    house.server.press(replace(question, buttons=[("", f"takeback:{house.tasks()[0].id}")]))
    until(lambda: "does not have this list" in question.text, 20)
    house.server.press(replace(question, buttons=[("", "takeback:nobody")]), user_id=ADMIN)
    until(lambda: "does not have this list" in house.server.answered[-1][1])


def test_the_end_of_a_list_tells_its_greatest_changes(house: House):
    """With the price before; a tap shows all of them; a file that is no list has no such buttons."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    house.send("b.csv", _list_text(_ROWS | {"Gula Pasir 1 kg": 18_700, "Telur Ayam tray": 60_000}), caption="Toko Melati")
    until(lambda: len(house.tasks()) == 2)
    until(lambda: any("Changed prices: 2" in message.text for message in house.chat()), 20)
    message = next(message for message in house.chat() if "Changed prices: 2" in message.text)
    assert "17,000 → 18,700 IDR" in message.text
    assert "(+10%)" in message.text
    house.server.press(message, "What changed")
    until(lambda: house.chat()[-1].text.startswith("Toko Melati, list of"))
    assert house.chat()[-1].text.count("→") == 2


def test_a_shopping_list_is_priced(house: House):
    """Each article where it is cheapest, and what all costs."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    answer = house.ask("/basket\n2 x beras pandan 5 kg\n1 gula pasir\ndurian")
    assert "Toko Melati · 2 × 75,000 IDR" in answer
    assert "Cheapest for each: 167,000 IDR" in answer
    assert "Not found: durian" in answer
    assert answer.index("Toko Melati") < answer.index("Cheapest") < answer.index("durian")
    long = house.ask("/basket\ndurian\n" + "2 x beras pandan 5 kg\n" * 80)
    assert long.startswith("Cheapest for each: 12,000,000 IDR\n\nNot found: durian\n\n2 x beras pandan 5 kg"), "the end alone is cut"
    assert long.endswith("…")


def test_a_list_that_was_written_in_the_chat_becomes_offers(house: House):
    """Its lines are read as any list."""
    house.server.send_text(ANN, "Telur ayam 62rb/tray\nGula pasir 1kg : Rp 17.000\nMinyak goreng 2L = 38.500")
    message = _done(house)
    assert message.text.startswith("«Telur ayam")
    assert "Rows: 3 of 3" in message.text
    assert queue.newest_tasks(house.made.store, 1, ANN)[0].file_name == "message.txt"


def test_a_column_is_asked_for_and_may_be_right_as_it_was_read(house: House):
    """The first answer leaves the list and asks no more; the other reads it again with the other column."""
    house.send("a.csv", ALIKE, caption="Toko Melati")
    message = _done(house)
    until(lambda: "Which column holds the prices?" in message.text, 20)
    as_read, other = (data for _, data in message.buttons if data.startswith("column:"))
    assert as_read.endswith(":0")
    house.server.press(message, as_read)
    until(lambda: "Which column" not in message.text, 20)
    assert len(house.tasks()) == 1
    house.server.press(replace(message, buttons=[("", other)]))
    until(lambda: house.server.answered[-1][1] == "This was answered already.", 20)
    house.send("b.csv", ALIKE.replace("5", "6"), caption="CV Lumo")
    until(lambda: any("CV Lumo" in seen.text and "Which column" in seen.text for seen in house.chat()), 30)
    message = next(seen for seen in house.chat() if "CV Lumo" in seen.text)
    house.server.press(message, next(data for _, data in message.buttons if data.startswith("column:") and data.endswith(":1")))
    until(lambda: len(house.tasks()) == 3, 20)
    until(lambda: house.tasks()[0].status is Status.SUCCESS, 30)
    assert house.tasks()[0].options["columns"].startswith("price=")


def test_a_list_that_was_taken_back_is_not_offered_again(house: House):
    """`/undo` shows what the catalogue has."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    house.ask("/undo")
    assert [title for title, _ in house.wait("Which list").buttons] == ["Toko Melati · a.csv"]
    house.server.press(replace(house.wait("Which list"), buttons=[("", f"takeback:{house.tasks()[0].id}")]))
    until(lambda: any("is taken back" in seen.text for seen in house.chat()), 20)
    assert house.ask("/undo") == "There is no list to take back."


def test_who_wrote_a_forwarded_list_is_offered_as_its_supplier(house: House):
    """Where nothing else says whose it is."""
    house.send("harga.csv", _list_text(_ROWS), origin="Pak Made Sayur")
    message = _done(house)
    until(lambda: "Whose list is it?" in message.text, 20)
    house.server.press(message, "Pak Made Sayur")
    until(lambda: "Supplier: Pak Made Sayur" in message.text, 20)


def test_one_more_list_of_the_day_takes_the_place_of_the_other_or_both_hold(house: House):
    """Where both have goods that stand; asked once, whoever answers."""
    other = {"Kopi Bubuk 200 g": 25_000, "Teh Celup 25 pcs": 12_000, "Susu UHT 1 l": 19_000}
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    house.send("b.csv", _list_text(other), caption="Toko Melati")
    message = house.wait("❓ a.csv is of the same supplier and day")
    house.server.press(message, "Both hold")
    until(lambda: "❓" not in message.text, 20)
    assert "Toko Melati · offers: 7" in _suppliers(house)
    house.send("c.csv", _list_text({"Garam Meja 500 g": 6_000, "Merica Bubuk 50 g": 9_500}), caption="Toko Melati")
    until(lambda: any("c.csv" in seen.text and "instead:" in str(seen.buttons) for seen in house.chat()), 20)
    third = next(seen for seen in house.chat() if "c.csv" in seen.text and "instead:" in str(seen.buttons))
    house.server.press(third, "It takes its place", user_id=ADMIN)
    until(lambda: "❓" not in third.text, 20)
    assert "Toko Melati · offers: 6" in _suppliers(house)
    house.server.press(replace(third, buttons=[("", f"instead:{house.tasks()[0].id}")]))
    until(lambda: house.server.answered[-1][1] == "This was answered already.", 20)


def test_a_question_may_be_left_open(house: House):
    """It is asked no more, and the list is there all the same; whose it is can be said later."""
    house.send("harga.csv", _list_text(_ROWS))
    message = house.wait("Whose list is it?")
    house.server.press(message, "Skip")
    until(lambda: "❓" not in message.text, 20)
    assert [data.partition(":")[0] for _, data in message.buttons] == ["whose", "undo"]


def test_near_goods_stand_below_a_search_that_finds_little(house: House):
    """Where nothing is found as written, what was left out is said."""
    house.send("a.csv", _list_text(_ROWS | {"Beras Merah 1 kg": 21_000}), caption="Toko Melati")
    _done(house)
    answer = house.ask("beras pandan")
    assert answer.index("75,000") < answer.index("Similar:") < answer.index("21,000")
    assert house.ask("beras pandan 10 kg").startswith("Nobody's list has beras pandan 10 kg. Without 10 kg there is:")


def test_a_file_without_prices_may_be_a_shopping_list(house: House):
    """By a button below the refusal; lines with amounts that are pasted are one at once."""
    house.send("a.csv", _list_text(_ROWS), caption="Toko Melati")
    _done(house)
    house.send("belanja.csv", "Barang;Jumlah;Satuan\nBeras Pandan 5 kg;2;pcs\nGula Pasir 1 kg;3;pcs\n")
    message = house.wait("Could not process belanja.csv")
    house.server.press(message, "It is a shopping list")
    until(lambda: "Cheapest for each: 201,000 IDR" in house.chat()[-1].text, 20)
    assert "Cheapest for each: 201,000 IDR" in house.ask("2 x beras pandan 5 kg\n3 x gula pasir 1 kg")


def test_the_admin_is_asked_in_the_language_in_which_they_wrote(house: House):
    """A stranger's request is in the admin's language, also where they never chose one."""
    house.ask("/start", ADMIN, "ru")
    house.server.send_text(_STRANGER, "halo", language="id")
    until(lambda: any("Person 999" in seen.text for seen in house.chat(ADMIN)), 20)
    (request,) = (seen for seen in house.chat(ADMIN) if "Person 999" in seen.text)
    assert "asks to use the bot" not in request.text
    assert "Let in as a buyer" not in [title for title, _ in request.buttons]


def test_who_may_use_the_bot_is_no_business_of_a_group(house: House):
    """The admin reads it in private; who asked before the admin ever wrote to the bot is told of when they do."""
    house.server.send_text(_STRANGER, "halo")
    until(lambda: bool(house.server.tally.errors[400]), 20)  # the admin has no chat yet
    house.server.send_text(ADMIN, "/people", group_id=_GROUP)
    until(lambda: len(house.chat(_GROUP)) == 1, 20)
    assert house.chat(_GROUP)[0].text == "I have written to you in private."
    assert "Person 999" in house.chat(ADMIN)[0].text
    house.server.send_text(ADMIN, "/start")
    until(lambda: any("asks to use the bot" in seen.text for seen in house.chat(ADMIN)), 20)
    request = next(seen for seen in house.chat(ADMIN) if "asks to use the bot" in seen.text)
    house.server.press(request, "No")
    until(lambda: not request.buttons, 20)
    house.ask("/start", ADMIN)
    assert [seen.text for seen in house.chat(ADMIN) if "asks to use" in seen.text] == [], "it was answered"
