"""Documents of many people within seconds: how soon each is acknowledged, and that none is lost or read twice."""

import random
import threading
import time
from collections import Counter

from chat_service import chat_service, holds_within, settle

from monito_ray.testing.telegram_chats import Message

_MOST_S = 1.0
_FIRST_USER = 2001
_SETTLED_S = 400.0


def burst(people: int, each: int, seconds: float) -> int:
    """Let people send documents, and print how soon each was acknowledged; the exit code."""
    users = range(_FIRST_USER, _FIRST_USER + people)
    dice = random.Random(1)
    with chat_service(MONITO_ALLOWED_USERS=",".join(map(str, users))) as service:
        arrived: dict[tuple[int, str], float] = {}

        def send_all(user_id: int, at: list[float]) -> None:
            for number, second in enumerate(at):
                time.sleep(max(began + second - time.monotonic(), 0))
                name = f"list {user_id} {number}.csv"
                arrived[user_id, name] = service.telegram.send_document(user_id, name, _list_of(user_id, number)).arrived_at

        began = time.monotonic()
        threads = [
            threading.Thread(target=send_all, args=(user_id, sorted(dice.uniform(0, seconds) for _ in range(each)))) for user_id in users
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent_s = time.monotonic() - began
        holds_within(lambda: all(_acknowledged(service.telegram.chat(user), name) for user, name in arrived), 60)
        waits = sorted((_acknowledged(service.telegram.chat(user), name) or float("inf")) - at for (user, name), at in arrived.items())
        settle(service, _SETTLED_S, "the documents")
        done_s = time.monotonic() - began
        tasks = Counter(task.file_name for task in service.lists() if task.status == "success")
        documents = Counter(message.file_name for user in users for message in service.telegram.chat(user) if message.file_name)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99) - 1]
    lost = [name for _, name in arrived if tasks[name] == 0]
    twice = [name for name, count in [*tasks.items(), *documents.items()] if count > 1]
    print(
        f"{len(arrived)} documents of {people} people within {sent_s:.1f} s: acknowledged after {p50 * 1000:.0f} ms (median), {p99 * 1000:.0f} ms (p99, at"
    )
    print(
        f"most {_MOST_S * 1000:.0f}), {waits[-1] * 1000:.0f} ms (worst); lost {len(lost)}, twice {len(twice)}; all done after {done_s:.0f} s"
    )
    return int(p99 > _MOST_S or bool(lost) or bool(twice))


def _acknowledged(messages: list[Message], name: str) -> float | None:
    """Return when a chat first showed a document's name."""
    times = [at for message in messages for at, text in message.versions if name in text]
    return min(times) if times else None


def _list_of(user_id: int, number: int) -> bytes:
    lines = [f"Barang {user_id} {number} {row} 500 g;pcs;{1000 + 100 * row + number}" for row in range(30)]
    return "\n".join(["Nama Barang;Satuan;Harga", *lines]).encode()
