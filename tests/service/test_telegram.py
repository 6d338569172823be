"""The Bot API server of `monito_ray.testing` and the client, over the wire."""

import asyncio
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from bots import until

from monito_ray.clients.telegram.bot_api import TelegramClient
from monito_ray.errors import (
    FileTooLarge,
    MonitoError,
    TelegramBlocked,
    TelegramFileGone,
    TelegramMisconfigured,
    TelegramRateLimited,
    TelegramRefused,
    TelegramUnavailable,
)
from monito_ray.testing.telegram_chats import LARGEST_DOWNLOAD, Flood, TelegramFault
from monito_ray.testing.telegram_server import TelegramServer

T = TypeVar("T")
ANN = 7


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    """Give a Telegram that Ann has written to."""
    with TelegramServer() as opened:
        opened.send_text(ANN, "/start")
        yield opened


def _do(server: TelegramServer, act: Callable[[TelegramClient], Awaitable[T]], token: str = "") -> T:
    async def do() -> T:
        client = TelegramClient(token or server.token, server.url)
        try:
            return await act(client)
        finally:
            await client.close()

    return asyncio.run(do())


def _call(server: TelegramServer, method: str, **parameters: Any) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310
        f"{server.url}/bot{server.token}/{method}", json.dumps(parameters).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a <b>bold</b> &lt;x&gt; &amp; y", "a bold <x> & y"),
        ('<a href="http://x.example/?a=1&amp;b=2">link</a>', "link"),
        ("<code>t1</code> 🍎", "t1 🍎"),
        ("<foo>", 400),
        ("<b>open", 400),
        ("open</b>", 400),
        ("<b><i>x</b></i>", 400),
        ("1 < 2", 400),
        ("<b></b>", 400),
        ("x" * 4096, "x" * 4096),
        ("x" * 4097, 400),
        ("🍎" * 2049, 400),
    ],
)
def test_markup_is_taken_or_refused_as_by_telegram(text: str, seen: str | int, server: TelegramServer):
    """A person sees the text without markup; wrong or too long ones are 400 and nothing is sent."""
    answer = _call(server, "sendMessage", chat_id=ANN, text=text, parse_mode="HTML")
    if isinstance(seen, int):
        assert answer["error_code"] == seen
        assert server.chat(ANN) == []
    else:
        assert [message.text for message in server.chat(ANN)] == [seen]


def test_an_edit_that_changes_nothing_is_400_and_to_the_client_no_error(server: TelegramServer):
    """The server says "message is not modified"; who edits meant just that text, so the client is content."""
    sent = _call(server, "sendMessage", chat_id=ANN, text="same")["result"]["message_id"]
    assert "message is not modified" in _call(server, "editMessageText", chat_id=ANN, message_id=sent, text="same")["description"]
    _do(server, lambda client: client.edit(ANN, sent, "same"))
    assert [(message.text, message.edits) for message in server.chat(ANN)] == [("same", [])]


def test_a_second_message_within_a_second_is_429_with_the_time_to_wait(server: TelegramServer):
    """And it was not sent."""
    assert _call(server, "sendMessage", chat_id=ANN, text="one")["ok"]
    refused = _call(server, "sendMessage", chat_id=ANN, text="two")
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 1})
    assert [message.text for message in server.chat(ANN)] == ["one"]


def test_more_than_thirty_messages_a_second_are_429(server: TelegramServer):
    """Counted over all chats."""
    for person in range(100, 140):
        server.send_text(person, "/start")
    answers = [_call(server, "sendMessage", chat_id=person, text="hi").get("error_code", 200) for person in range(100, 140)]
    assert answers.count(200) == 30


def test_updates_stay_until_a_later_offset_is_requested(server: TelegramServer):
    """Asked again with the same offset they come again; an offset behind them confirms them."""
    first = _call(server, "getUpdates", offset=0)["result"]
    assert _call(server, "getUpdates", offset=0)["result"] == first
    assert server.updates[0].confirmed_at is None
    assert _call(server, "getUpdates", offset=first[-1]["update_id"] + 1)["result"] == []
    assert server.updates[0].confirmed_at is not None


def test_a_long_poll_ends_when_somebody_writes(server: TelegramServer):
    """It waits its time when nobody does."""
    _call(server, "getUpdates", offset=2)

    async def poll(client: TelegramClient) -> float:
        asyncio.get_running_loop().call_later(0.5, server.send_text, ANN, "hello")
        began = time.monotonic()
        (update,) = await client.updates(2, 10)
        assert update.message is not None
        assert update.message.text == "hello"
        return time.monotonic() - began

    assert 0.4 < _do(server, poll) < 3


def test_the_client_keeps_to_one_message_a_second(server: TelegramServer):
    """Three messages to one chat take two seconds and meet no 429; another chat does not wait for them."""
    server.send_text(ANN + 1, "/start")

    async def send(client: TelegramClient) -> float:
        began = time.monotonic()
        several = [asyncio.create_task(client.send(ANN, f"{number}")) for number in range(3)]
        await client.send(ANN + 1, "at once")
        other_s = time.monotonic() - began
        await asyncio.gather(*several)
        return other_s

    assert _do(server, send) < 1.0
    assert not server.tally.errors
    times = [message.sent_at for message in server.chat(ANN)]
    assert times[2] - times[0] >= 2.0


_OUTCOMES: list[tuple[str, Callable[[TelegramClient], Awaitable[Any]], type[MonitoError]]] = [
    ("nobody", lambda client: client.send(99, "x"), TelegramBlocked),
    ("blocked", lambda client: client.send(8, "x"), TelegramBlocked),
    ("markup", lambda client: client.send(ANN, "<foo>"), TelegramRefused),
    ("no message", lambda client: client.edit(ANN, 5, "x"), TelegramRefused),
    ("no file", lambda client: client.download("nothing", "june.csv", 20), TelegramFileGone),
]


@pytest.mark.parametrize(("act", "ours"), [outcome[1:] for outcome in _OUTCOMES], ids=[outcome[0] for outcome in _OUTCOMES])
def test_refusals_become_errors_of_ours(act: Callable[[TelegramClient], Awaitable[Any]], ours: type[MonitoError], server: TelegramServer):
    """Each by its type, and none is tried again."""
    server.blocked.add(8)
    with pytest.raises(ours):
        _do(server, act)


@pytest.mark.parametrize(
    ("fault", "is_unknown"),
    [(TelegramFault.LOST_ANSWER, True), (TelegramFault.RESET, True), (TelegramFault.FAILED, True), (TelegramFault.GARBLED, False)],
)
def test_lost_answers_differ_from_calls_that_were_not_made(fault: TelegramFault, is_unknown: bool, server: TelegramServer):
    """After a broken connection nobody knows; the client says so and does not send again."""
    server.fail("sendMessage", fault)
    with pytest.raises(TelegramUnavailable) as raised:
        _do(server, lambda client: client.send(ANN, "once"))
    assert raised.value.is_outcome_unknown is is_unknown or fault is TelegramFault.GARBLED
    assert server.tally.calls["sendMessage"] == 1


def test_a_telegram_that_cannot_be_reached_has_done_nothing():
    """A refused connection is no lost answer."""
    with TelegramServer() as gone:
        pass
    with pytest.raises(TelegramUnavailable) as raised:
        _do(gone, lambda client: client.send(ANN, "x"))
    assert not raised.value.is_outcome_unknown


def test_a_wrong_token_is_named_and_not_shown(server: TelegramServer, capfd: pytest.CaptureFixture[str]):
    """The error tells what to check; neither it nor the output has the token."""
    with pytest.raises(TelegramMisconfigured) as raised:
        _do(server, lambda client: client.send(ANN, "x"), token="1:WRONG-SECRET")
    assert "TELEGRAM_BOT_TOKEN" in raised.value.remedy
    assert "WRONG-SECRET" not in str(raised.value) + "".join(capfd.readouterr())


def test_a_flood_warning_of_minutes_is_an_error_with_its_time():
    """Who is told to wait for minutes hands that on."""
    with TelegramServer(flood=Flood(chat_interval_s=300.0)) as server:
        server.send_text(ANN, "/start")
        _do(server, lambda client: client.send(ANN, "one"))
        with pytest.raises(TelegramRateLimited) as raised:
            _do(server, lambda client: client.send(ANN, "two"))
        assert 290 < (raised.value.retry_after_s or 0) <= 300


def test_a_file_goes_both_ways_unchanged(server: TelegramServer):
    """What a person sent is downloaded byte for byte, and what the bot sends arrives so."""
    data = bytes(range(256)) * 100
    file_id = server.send_document(ANN, "june.xlsx", data).body["message"]["document"]["file_id"]
    assert _do(server, lambda client: client.download(file_id, "june.xlsx", 20)) == data
    _do(server, lambda client: client.send_file(ANN, "june-clean.xlsx", data, "<b>clean</b>"))
    (message,) = server.chat(ANN)
    assert (message.file_name, message.data, message.text) == ("june-clean.xlsx", data, "clean")


def test_a_file_over_twenty_megabytes_is_not_handed_out(server: TelegramServer):
    """As by Telegram's own server."""
    file_id = server.send_document(ANN, "june.xlsx", bytes(LARGEST_DOWNLOAD + 1)).body["message"]["document"]["file_id"]
    with pytest.raises(FileTooLarge, match=r"june\.xlsx"):
        _do(server, lambda client: client.download(file_id, "june.xlsx", 30))


def test_no_more_of_a_file_is_taken_than_the_limit(server: TelegramServer):
    """Its sender's word for the size does not count."""
    file_id = server.send_document(ANN, "june.xlsx", bytes(2**20 + 1)).body["message"]["document"]["file_id"]
    assert len(_do(server, lambda client: client.download(file_id, "june.xlsx", 1.1))) == 2**20 + 1
    with pytest.raises(FileTooLarge, match=r"june\.xlsx: more than 1 MB"):
        _do(server, lambda client: client.download(file_id, "june.xlsx", 1))


def test_a_path_that_the_server_names_is_read_in_local_mode_alone(server: TelegramServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file of this machine is none that a person sent, whatever its name; in local mode it is, within the limit."""
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / ".env"
    secret.write_bytes(b"KEY=1" * 2**18)
    file_id = server.send_document(ANN, "june.xlsx", b"data").body["message"]["document"]["file_id"]
    for path, error in ((str(secret), TelegramMisconfigured), ("/etc/gone", TelegramMisconfigured), (".env", TelegramFileGone)):
        server.file_paths[file_id] = path
        with pytest.raises(error) as refused:
            _do(server, lambda client: client.download(file_id, "june.xlsx", 20))
        assert server.token not in str(refused.value)
    server.file_paths[file_id] = str(secret)

    async def locally(most_mb: float) -> bytes:
        client = TelegramClient(server.token, server.url, is_local=True)
        try:
            return await client.download(file_id, "june.xlsx", most_mb)
        finally:
            await client.close()

    assert asyncio.run(locally(2)) == secret.read_bytes()
    with pytest.raises(FileTooLarge):
        asyncio.run(locally(1))


def test_an_update_that_cannot_be_read_costs_itself_alone(server: TelegramServer, capsys: pytest.CaptureFixture[str]):
    """The others come as they are; it comes without content, so that it is confirmed, and is told without the token."""
    person = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ANN, "type": "private"}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": person, "text": "hello \ud83d"}
    broken = (
        {"message": {**message, "date": 10**14}},
        {"message": {**message, "date": -(10**11)}},
        {"message": {**message, "chat": {"id": 2**70, "type": "private"}}},
        {"message": {**message, "from": {**person, "id": "7"}}},
        {"message": "text"},
        {"callback_query": {"id": "1"}},
        {"message": {**message, "entities": [{"type": []}], "document": 7}},
    )
    for body in broken:
        server.send_raw(body)
    server.send_raw({"update_id": "none"})
    server.send_raw({"message": message, "something_new": {"kind": 1}})
    updates = _do(server, lambda client: client.updates(0, 0))
    first, *others, last = updates
    assert first.message is not None
    assert first.message.text == "/start"
    assert [update.effective_user for update in others] == [None] * len(broken)
    assert (last.update_id, last.message.text if last.message else "") == (len(broken) + 3, "hello \ufffd")
    told = capsys.readouterr().err
    assert told.count("update_unreadable") == len(broken) + 1
    assert server.token not in told


def test_a_second_poller_ends_the_first(server: TelegramServer):
    """Two programs with one token: the earlier poll is answered 409, which the client calls a passing fault."""

    async def both(client: TelegramClient) -> None:
        first = asyncio.create_task(client.updates(2, 10))
        await asyncio.to_thread(until, lambda: server.tally.calls["getUpdates"] == 1)
        await asyncio.to_thread(_call, server, "getUpdates", offset=2)
        with pytest.raises(TelegramUnavailable, match="409"):
            await first

    _do(server, both)


def test_it_runs_as_a_program_in_which_people_act_over_http():
    """`python -m monito_ray.testing telegram`: a document sent by POST waits for the bot."""
    running = subprocess.Popen([sys.executable, "-m", "monito_ray.testing", "telegram"], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        posted = urllib.request.Request(f"{url}/people/7/document?name=june.csv", b"a;b", method="POST")  # noqa: S310
        with urllib.request.urlopen(posted) as answer:  # noqa: S310
            assert json.load(answer) == {"update_id": 1}
        with urllib.request.urlopen(f"{url}/bot4242:TESTING-only-TESTING/getUpdates") as answer:  # noqa: S310
            assert json.load(answer)["result"][0]["message"]["document"]["file_name"] == "june.csv"
    finally:
        running.terminate()
        running.wait()
        running.stdout.close()
