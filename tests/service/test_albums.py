"""A list that is photographed page by page and sent as an album, against the testing server for Telegram; the pages are really read."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from bots import QUICK, QUICK_INTERVAL_S, bot_process, bot_thread, until
from houses import ANN, House, driving
from lists import bench
from printed_pages import GOODS, MORE_GOODS, picture_bytes, printed_page

from monito_ray import wiring
from monito_ray.bot import receiving
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.pipeline.pictures import networks
from monito_ray.records import Status
from monito_ray.testing.telegram_chats import Flood
from monito_ray.testing.telegram_server import TelegramServer

pytestmark = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")
_LAST_GOODS = [("Red rice 1 kg", "Rp 21.000"), ("Clove 100 g", "Rp 27.500"), ("Cinnamon 100 g", "Rp 18.000"), ("Nutmeg 100 g", "Rp 33.000")]


def test_an_album_is_one_list_whatever_is_killed_and_however_late_a_page_comes(tmp_path: Path):
    """A bot that is killed between two pictures loses none, the chat has one message of all, a late page is read with the others, one tap takes it back."""
    first, second = printed_page(), printed_page(goods=MORE_GOODS, titles=())
    with bench(tmp_path, clock=wiring.utc_now) as made, TelegramServer(flood=Flood(QUICK_INTERVAL_S)) as server:
        house = House(made, server)
        with bot_process(server, tmp_path) as killed:
            server.send_photo(ANN, picture_bytes(first), caption="UD Sari Sayur", album="a")
            until(lambda: len(house.chat()) == 1)
            killed.kill()
        with patch.object(receiving, "JOINING_PAUSE", timedelta(seconds=0.3)), bot_thread(server, tmp_path, QUICK):
            for page in (second, first):
                server.send_photo(ANN, picture_bytes(page), album="a")
            until(lambda: len(house.tasks()[0].options["pages"]) == 3)
            with driving(made, server):
                _read_and_taken_back(house)


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
    until(lambda: "Rows: 18 of 18" in message.text, 60)
    whole, part = house.tasks()
    assert (part.id, whole.options["again_of"], whole.status) == (task.id, task.id, Status.SUCCESS)
    assert "UD Sari Sayur · offers: 18" in house.ask("/suppliers")
    house.server.press(message, "Take it back")
    question = house.wait("Are you sure?")
    house.server.press(question, "Take it back")
    until(lambda: "Rows that went: 18" in question.text, 20)
    assert "UD Sari Sayur · offers" not in house.ask("/suppliers")


def _rows(house: House, task_id: str) -> list[tuple[str, str, str]]:
    rows = house.made.services.files.read_table(task_id, PRODUCTS).to_pylist()
    return [(row["original_name"], f"Rp {row['price']:,.0f}".replace(",", "."), row["source_sheet"]) for row in rows]
