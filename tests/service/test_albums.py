"""A list that is photographed page by page and sent as an album, against the testing server for Telegram; the pages are really read."""

import io
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from bots import QUICK, QUICK_INTERVAL_S, bot_process, bot_thread, until
from houses import ANN, House, driving
from lists import bench
from PIL import Image
from printed_pages import GOODS, MORE_GOODS, picture_bytes, printed_page

from monito_ray import wiring
from monito_ray.bot import receiving
from monito_ray.jobs import chat_messages
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.pipeline.pictures import networks
from monito_ray.records import Status
from monito_ray.testing.telegram_chats import Flood
from monito_ray.testing.telegram_server import TelegramServer

pytestmark = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")
#: The printer wrote one price unlike the others, and lost the last figure of another.
_SECOND_GOODS = [(name, price.replace("14.500", "14,500")) for name, price in MORE_GOODS]
_GROUP = -700
_LAST_GOODS = [
    ("Red rice 1 kg", "Rp 21.000"),
    ("Clove 100 g", "Rp 27.50"),
    ("Cinnamon 100 g", "Rp 18.000"),
    ("Nutmeg 100 g", "Rp 33.000"),
    ("Ginger powder 100 g", "Rp 16.000"),
    ("Turmeric powder 100 g", "Rp 15.000"),
    ("Coriander 200 g", "Rp 19.000"),
    ("Cumin 100 g", "Rp 24.000"),
]


def test_an_album_is_one_list_whatever_is_killed_and_however_late_a_page_comes(tmp_path: Path):
    """A bot that is killed between two pictures loses none, the chat has one message of all, a late page is read with the others, one tap takes it back."""
    first, second = printed_page(), printed_page(goods=_SECOND_GOODS, titles=())
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        house = House(made, server)
        with bot_process(server, tmp_path) as killed:
            server.send_photo(ANN, picture_bytes(first), caption="UD Sari Sayur", album="a")
            until(lambda: len(house.chat()) == 1 and not chat_messages.unacknowledged(made.store))
            killed.kill()
        with patch.object(receiving, "JOINING_PAUSE", timedelta(seconds=0.3)), bot_thread(server, tmp_path, QUICK):
            for page in (second, first):
                server.send_photo(ANN, picture_bytes(page), album="a")
            until(lambda: len(house.tasks()[0].options["pages"]) == 3)
            with driving(made, server):
                _read_and_taken_back(house)


def test_a_picture_that_comes_before_the_one_which_names_the_bot_is_a_page_of_its_list(tmp_path: Path):
    """In a group nobody may have been asked yet when the first pictures of an album are fetched."""
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        house = House(made, server)
        with bot_thread(server, tmp_path, QUICK):
            early = server.send_photo(ANN, picture_bytes(printed_page()), group_id=_GROUP, album="a")
            until(lambda: early.confirmed_at is not None)
            assert not house.tasks()
            server.send_photo(ANN, picture_bytes(printed_page(goods=_LAST_GOODS)), group_id=_GROUP, album="a", caption="@monito_test_bot")
            until(lambda: bool(house.tasks()))
    (task,) = house.tasks()
    assert len(task.options["pages"]) == 2


def _read_and_taken_back(house: House) -> None:
    (task,), (message,) = house.tasks(), house.chat()
    until(lambda: "Rows: 14 of 14" in message.text, 60)
    assert "photo.jpg (pages: 3)" in message.text
    assert "Supplier: UD Sari Sayur" in message.text
    assert _rows(house, task.id) == [
        *((name, price, "page 1") for name, price in GOODS),
        *((name, price, "page 2") for name, price in MORE_GOODS),
    ]
    until(lambda: len(house.files()) == 1, 20)
    house.server.send_photo(ANN, picture_bytes(printed_page(goods=_LAST_GOODS, titles=())), album="a")
    until(lambda: "Rows: 22 of 22" in message.text, 60)
    whole, part = house.tasks()
    assert (part.id, whole.options["again_of"], whole.status) == (task.id, task.id, Status.SUCCESS)
    assert "UD Sari Sayur · offers: 22" in house.ask("/suppliers")
    _prices_settled(house)
    house.server.press(message, "Take it back")
    question = house.wait("Are you sure?")
    house.server.press(question, "Take it back")
    until(lambda: "Rows that went: 22" in question.text, 20)
    assert "UD Sari Sayur · offers" not in house.ask("/suppliers")


def _prices_settled(house: House) -> None:
    """Each price in doubt is shown as it stands on the paper; one is right, and of the other a person writes what it is."""
    assert "27.50 IDR" in house.ask("/prices clove")
    house.ask("/review")
    for _ in range(2):
        until(lambda: "It is right" in [title for title, _ in house.chat()[-1].buttons])
        question, strip = house.chat()[-1], house.chat()[-2]
        assert "the price was read from a picture" in question.text
        with Image.open(io.BytesIO(strip.data)) as picture:
            assert picture.width > 3 * picture.height > 100
        if "Wheat flour" in question.text:
            house.server.press(question, "It is right")
            until(lambda shown=question: shown.text == "Wheat flour 1 kg · 14,500 IDR" and not shown.buttons)  # type: ignore[misc]
        else:
            house.server.press(question, "Another price")
            reply = house.wait("as a reply to this message: Price")
            house.server.send_text(ANN, "-Rp 27.500", reply_to=reply)
            house.wait("This is no price.")
            house.server.send_text(ANN, "27.500", reply_to=reply)
            house.wait("Taken: Clove 100 g costs 27,500 IDR on this list.")
            house.ask("/review")
    assert "read from a picture" not in house.ask("/review")
    house.server.send_text(ANN, "/prices clove")  # its answer, not the last one of the review, which may come late
    until(lambda: any("27,500 IDR" in message.text and "Taken" not in message.text for message in house.chat()), 20)


def _rows(house: House, task_id: str) -> list[tuple[str, str, str]]:
    rows = house.made.services.files.read_table(task_id, PRODUCTS).to_pylist()
    return [(row["original_name"], f"Rp {row['price']:,.0f}".replace(",", "."), row["source_sheet"]) for row in rows]
