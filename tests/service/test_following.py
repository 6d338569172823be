"""Alarms in the chat: what people follow is told to them, once, and nothing else to anybody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bots import settings_for, until
from houses import ADMIN, ANN, BOB, House, quick_house
from sqlalchemy import update

from monito_ray import wiring
from monito_ray.jobs import chat_follows, queue
from monito_ray.jobs.chat_follows import Follow, FollowKind
from monito_ray.messages import name_key
from monito_ray.records import Status
from monito_ray.steps import alarms
from monito_ray.store.schema import supplier_lists, tasks

_ROWS = {"Beras Pandan 5 kg": 75_000, "Gula Pasir 1 kg": 17_000, "Minyak Goreng 2 l": 38_500, "Telur Ayam 1 kg": 30_000}


#: Followed something once, and may use the bot no more.
_SHUT_OUT = 999


def _list_text(rows: dict[str, int]) -> str:
    return "Nama Barang;Satuan;Harga\n" + "".join(f"{name};pcs;{price}\n" for name, price in rows.items())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot and a driver that work."""
    with quick_house(tmp_path) as made:
        yield made


def _send(house: House, number: int, rows: dict[str, int]) -> None:
    """Send the list of a supplier, and wait until all that it brings is done."""
    house.send(f"{number}.csv", _list_text(rows), caption="Toko Melati")
    until(lambda: len([task for task in house.tasks() if task.file_name]) == number, 20)
    until(lambda: all(task.has_ended for task in house.tasks() if task.not_before <= wiring.utc_now()), 20)


def _alarms(house: House, user_id: int) -> list[str]:
    return [message.text for message in house.chat(user_id) if message.text.startswith("Toko Melati, ")]


def test_who_follows_something_is_told_once_and_nobody_else(house: House):
    """The admin follows sugar, Bob everything: a rise of a tenth is told, one of a hundredth is not; Ann, who sent the list, reads its end."""
    assert "when gula rises or falls by 5%" in house.ask("/follow gula", ADMIN)
    assert "подорожает" in house.ask("/follow all", BOB, "ru")
    house.ask("/follow all", ANN)
    chat_follows.add_follow(house.made.store, Follow(_SHUT_OUT, FollowKind.ALL, "", _SHUT_OUT), wiring.utc_now())
    _send(house, 1, _ROWS)
    _send(house, 2, _ROWS | {"Gula Pasir 1 kg": 18_700, "Beras Pandan 5 kg": 75_500, "Minyak Goreng 2 l": 30_000})
    until(lambda: bool(_alarms(house, ADMIN)) and bool(_alarms(house, BOB)), 20)
    (of_admin,), (of_bob,) = _alarms(house, ADMIN), _alarms(house, BOB)
    assert "17,000 → 18,700 IDR" in of_admin
    assert of_admin.count("→") == 1
    assert of_bob.startswith("Toko Melati, прайс от")
    assert of_bob.count("→") == 2
    assert _alarms(house, ANN) == []
    assert _SHUT_OUT not in {task.user_id for task in house.tasks()}
    newest = next(task for task in house.tasks() if task.file_name == "2.csv")
    assert queue.load(house.made.store, newest.id).status is Status.SUCCESS


def test_what_is_followed_is_shown_and_stopped_by_buttons(house: House):
    """A second person's follows are their own."""
    house.ask("/follow gula")
    house.ask("/follow Dairy")
    assert house.ask("/follow", BOB).startswith("You follow nothing yet")
    shown = house.ask("/follow").splitlines()
    assert shown == ["You follow:", "• gula", "• dairy & eggs", "You are told at once."]
    house.ask("/follow produk susu & telur", BOB, "id")
    assert house.ask("/follow", BOB, "id").splitlines()[1] == "• produk susu & telur"
    message = house.chat()[-1]
    house.server.press(message, "Stop: gula")
    until(lambda: "gula" not in message.text)
    house.server.press(message, "Tell me in the morning")
    until(lambda: message.text.splitlines() == ["You follow:", "• dairy & eggs", "You are told in the morning."])


def test_collected_alarms_are_one_message_in_the_morning(house: House):
    """Two lists of a day; nothing is told before."""
    house.ask("/follow all", BOB)
    house.ask("/follow", BOB)
    message = house.chat(BOB)[-1]
    house.server.press(message, "Tell me in the morning")
    until(lambda: "in the morning" in message.text)
    for number, price in enumerate((17_000, 18_700, 20_000), start=1):
        _send(house, number, _ROWS | {"Gula Pasir 1 kg": price})
    (waiting,) = [task for task in house.tasks() if not task.file_name]
    assert waiting.not_before > wiring.utc_now()
    assert _alarms(house, BOB) == []
    with house.made.store.write() as connection:
        connection.execute(update(tasks).where(tasks.c.id == waiting.id).values(not_before=wiring.utc_now()))
    until(lambda: bool(_alarms(house, BOB)), 20)
    (told,) = _alarms(house, BOB)
    assert told.count("→") == 2


def test_an_overdue_list_is_told_once(house: House):
    """A supplier whose lists came every week, and then no more."""
    house.ask("/follow all")
    for number, price in enumerate((17_000, 17_100, 17_200), start=1):
        _send(house, number, _ROWS | {"Gula Pasir 1 kg": price})
    with house.made.store.write() as connection:
        for number, task in enumerate(sorted((task for task in house.tasks() if task.file_name), key=lambda task: task.file_name)):
            at = wiring.utc_now() - timedelta(days=80 - 7 * number)
            change = update(supplier_lists).where(supplier_lists.c.task_id == task.id)
            connection.execute(change.values(written_at=at, list_date=at.date()))
    services = replace(house.made.services, settings=settings_for(house.server, house.made.home))  # as the driver has them
    for _ in range(2):
        alarms.tell_late_lists(services)
    until(lambda: any("the next list is overdue" in message.text for message in house.chat()), 20)
    assert len([task for task in house.tasks() if not task.file_name]) == 1


def test_what_a_list_changes_is_told_when_somebody_says_whose_it_is(house: House):
    """Before the answer it is nobody's list; then who follows is told once, and the message of the list shows what changed."""
    house.ask("/follow all", BOB)
    _send(house, 1, _ROWS)
    house.send("harga.csv", _list_text(_ROWS | {"Gula Pasir 1 kg": 18_700}))
    message = house.wait("Whose list is it?")
    assert _alarms(house, BOB) == []
    for _ in range(2):
        house.server.press(replace(message, buttons=[("", f"give:{house.tasks()[0].id}:{name_key('Toko Melati')}")]))
    until(lambda: bool(_alarms(house, BOB)), 20)
    until(lambda: "Changed prices: 1" in message.text, 20)
    assert "17,000 → 18,700 IDR" in message.text
    until(lambda: all(task.has_ended for task in house.tasks()), 20)
    assert len(_alarms(house, BOB)) == 1
