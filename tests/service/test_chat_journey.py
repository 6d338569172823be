"""A buyer's day in the chat, in each language: everything is said in it, and nothing in another."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bots import PEOPLE, until
from houses import House, quick_house

import monito_ray
from monito_ray.testing.telegram_chats import Message

#: A person for each language, who all do the same.
_PEOPLE = dict(zip(("en", "id", "ru"), PEOPLE[1:4], strict=True))
_ROWS = {"Beras Pandan 5 kg": 75_000, "Gula Pasir 1 kg": 17_000, "Minyak Goreng 2 l": 38_500, "Telur Ayam 1 kg": 30_000}
_WRITTEN = "Telur bebek 62rb/tray\nGaram meja 1kg : Rp 17.000\nKecap manis 600 ml = 38.500"
#: Words of the program's texts by which a text in another language is known; shorter ones stand in names.
_LEAST_LETTERS = 12


def _list_text(rows: dict[str, int]) -> str:
    return "Nama Barang;Satuan;Harga\n" + "".join(f"{name};pcs;{price}\n" for name, price in rows.items())


class Buyer:
    """One person, who writes in one language."""

    def __init__(self, house: House, language: str) -> None:
        self.house, self.language, self.user_id = house, language, _PEOPLE[language]
        self.transcript: list[str] = []

    @property
    def messages(self) -> list[Message]:
        """What the person sees."""
        return self.house.chat(self.user_id)

    def write(self, text: str, **more: Message) -> None:
        """Write, and wait for an answer."""
        before = len(self.messages)
        self.transcript.append(f"> {text}")
        self.house.server.send_text(self.user_id, text, language=self.language, **more)
        until(lambda: len(self.messages) > before, 30)

    def send(self, name: str, rows: dict[str, int], caption: str = "") -> Message:
        """Send a list, and wait until its message says that it is done."""
        self.transcript.append(f"> [{name}] {caption}")
        self.house.server.send_document(self.user_id, name, _list_text(rows).encode(), caption=caption, language=self.language)
        return self.done(name)

    def done(self, name: str) -> Message:
        """Wait until the message that begins with `name` has the end of its list; the message."""
        until(lambda: any(name in m.text and m.buttons for m in self.messages), 30)
        return next(m for m in self.messages if name in m.text and m.buttons)

    def press(self, message: Message, data: str) -> None:
        """Press a button, and wait for its notice."""
        title = next(title for title, sent in message.buttons if data in sent)
        self.transcript.append(f"> [{title}]")
        answers = len(self.house.server.answered)
        self.house.server.press(message, data, user_id=self.user_id, language=self.language)
        until(lambda: len(self.house.server.answered) > answers, 30)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a bot and a driver that work."""
    with quick_house(tmp_path) as made:
        yield made


def _days_work(buyer: Buyer) -> None:
    """Do what buyers do in a day."""
    for command in ("/start", "/suppliers", "/prices", "/changes", "/undo", "/status", "/basket", "/follow", "/sheet", "/nonsense"):
        buyer.write(command)
    supplier = {"en": "Toko Melati", "id": "UD Kenanga", "ru": "CV Lumo"}[buyer.language]
    own = {f"{name} {buyer.language}": price for name, price in _ROWS.items()}
    buyer.send("a.csv", own, supplier)
    buyer.write("/follow all")
    message = buyer.send(
        "b.csv", own | {f"Gula Pasir 1 kg {buyer.language}": 18_700, f"Beras Pandan 5 kg {buyer.language}": 7_500}, supplier
    )
    shown = len(buyer.messages)
    buyer.press(message, "moved:")
    until(lambda: len(buyer.messages) > shown)
    buyer.write(_WRITTEN)
    written = buyer.done("«Telur bebek")
    buyer.press(written, "name:" if any("name:" in data for _, data in written.buttons) else "whose:")
    for command in ("gula", "durian", "/prices beras", "/changes", "/suppliers", "/review", "/follow", "/lang", "/status"):
        buyer.write(command)
    buyer.write("/basket\n2 x gula pasir 1 kg\ndurian")
    buyer.press(message, "undo:")
    until(lambda: any("takeback:" in data for m in buyer.messages for _, data in m.buttons))
    question = next(m for m in buyer.messages if any("takeback:" in data for _, data in m.buttons))
    buyer.press(question, "takeback:")
    buyer.house.server.send_document(buyer.user_id, "notes.csv", b"nothing to see here\n", language=buyer.language)
    until(lambda: any("notes.csv" in m.text and "\n" in m.text for m in buyer.messages), 30)


def test_a_buyers_day_is_in_the_buyers_language(house: House, tmp_path: Path):
    """In three languages: no text of the program stands in the chat of a person who reads another; the transcript is beside the home."""
    buyers = [Buyer(house, language) for language in _PEOPLE]
    for buyer in buyers:
        _days_work(buyer)
    for buyer in buyers:
        seen = [text for message in buyer.messages for _, text in message.versions]
        notices = [text for _, text in house.server.answered]
        (tmp_path / f"transcript-{buyer.language}.txt").write_text("\n---\n".join([*buyer.transcript, *seen]), encoding="utf-8")
        assert {fragment for fragment in _foreign(buyer.language) if any(fragment in text for text in seen)} == set()
        assert notices


def _foreign(language: str) -> set[str]:
    """Return parts of the program's texts in the other languages that its texts in `language` do not have."""
    root = Path(monito_ray.__file__).parent / "locale"
    texts = {code: _parts(root / code / "LC_MESSAGES" / "monito.mo") for code in _PEOPLE}
    own = " ".join(texts[language])
    return {part for code in _PEOPLE if code != language for part in texts[code] if part not in own}


def _parts(path: Path) -> set[str]:
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    parts = (part.strip() for text in catalogue.values() for part in re.split(r"{\w+}|\n", text))
    return {part for part in parts if len(part) >= _LEAST_LETTERS}
