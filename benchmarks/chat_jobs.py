"""What people ask of the bot in a day, each checked against what suppliers really listed."""

import random
import re
from collections.abc import Callable, Mapping

from chat_market import Good
from chat_people import BOT, GROUP, PEOPLE, STRANGER, Acting, Person, cheapest, loose_names
from chat_service import ChatService, holds_within

from monito_ray.catalog.lists import stored_lists
from monito_ray.testing.telegram_chats import Message

Standing = Mapping[str, tuple[Good, ...]]
#: White space and marks between groups of three digits.
_GROUPS = re.compile(r"(?<=\d)[.,\s\u00a0\u202f](?=\d{3}(?!\d))")


def plain_numbers(text: str) -> str:
    """Return a text with its numbers as digits alone: "17.500" and "17 500" are 17500."""
    return _GROUPS.sub("", text).replace("Rp\u00a0", "").replace("Rp ", "").replace("Rp", "")


def first_offer(message: Message) -> str:
    """Return the first line with a price of an answer to a search."""
    return next((line for line in message.text.splitlines()[1:] if any(map(str.isdigit, line))), "")


def let_in(service: ChatService, admin: Acting) -> None:
    """Let those who are not in the settings write to the bot, and the admin let them in by buttons; then everybody follows what they follow."""
    admin.write("/start", "start", lambda message: message.text)
    for person in PEOPLE:
        if person.role:
            _let_one_in(service, admin, person)
    service.telegram.send_text(PEOPLE[0].user_id, f"{BOT} halo tim", group_id=GROUP)


def _let_one_in(service: ChatService, admin: Acting, person: Person) -> None:
    service.telegram.send_text(person.user_id, "halo", language=person.language)
    data = f"letin:{person.user_id}:{person.role}"

    def request() -> Message | None:
        return next((message for message in admin.messages() if any(data in own for _, own in message.buttons)), None)

    came = holds_within(request, 30)
    message = request()
    is_in = bool(came and message and admin.press(message, data, lambda: not message.buttons))
    admin.diary.note("people let in by the admin's button", is_in, f"{person}")


def follow(actor: Acting) -> None:
    """Follow what the person follows, at once or in the morning."""
    person = actor.person
    if not person.follows:
        return
    chat = person.follows_in
    name = BOT if chat else ""
    actor.write(f"/follow{name} {person.follows}", "follow", lambda message: "5" in message.text, chat)
    if person.is_daily:
        shown = actor.write("/follow", "follow", lambda message: any("when:" in data for _, data in message.buttons))
        if shown:
            actor.press(shown, "when:daily", lambda: any("when:now" in data for _, data in shown.buttons))


def prices(actor: Acting, standing: Standing) -> None:
    """Ask who is cheapest for a loose article, in words."""
    names = loose_names(standing)
    name = actor.dice.choice(names) if names else ""
    best = cheapest(standing, name)
    if best is None:
        return
    supplier, price = best

    def is_right(message: Message) -> bool:
        line = plain_numbers(first_offer(message))
        return str(price) in line and supplier[:8] in line

    actor.write(actor.dice.choice((f"harga {name.lower()} berapa?", name.lower(), f"/prices {name}")), "who is cheapest", is_right)


def basket(actor: Acting, standing: Standing) -> None:
    """Ask what two articles cost."""
    names = [name for name in loose_names(standing) if cheapest(standing, name)]
    if len(names) < 2:
        return
    one, two = actor.dice.sample(names, 2)
    best = [cheapest(standing, name) for name in (one, two)]
    total = sum(count * offer[1] for count, offer in zip((2, 3), best, strict=True) if offer)
    actor.write(f"/basket\n2 kg {one}\n3 kg {two}", "basket", lambda message: str(total) in plain_numbers(message.text))


def suppliers(actor: Acting, standing: Standing) -> None:
    """Ask whose lists there are."""
    actor.write("/suppliers", "suppliers", lambda message: all(name in message.text for name in standing))


def changes(actor: Acting, _standing: Standing) -> None:
    """Ask what changed."""
    actor.write("/changes", "changes", lambda message: "→" in message.text or len(message.text) > 10)


def review(actor: Acting, _standing: Standing) -> None:
    """Settle one thing of Review."""
    shown = actor.write("/review", "review", lambda message: message.text)
    if shown and shown.buttons:
        text, seen = shown.text, len(actor.server.answered)  # somebody else may settle the same at the same time
        wanted = next((data for _, data in shown.buttons if data.startswith(("right:", "link:apart"))), shown.buttons[-1][1])
        actor.diary.note(
            "review settled by a tap", actor.press(shown, wanted, lambda: shown.text != text or actor.was_told_since(seen)), text[:200]
        )


def report(actor: Acting, _standing: Standing) -> None:
    """Ask for the page that compares."""
    actor.write("/report", "report", lambda message: message.file_name.endswith(".html"))


def export(actor: Acting, _standing: Standing) -> None:
    """Ask for the whole catalogue."""
    actor.write("/export", "export", lambda message: message.file_name.endswith(".xlsx"))


def status(actor: Acting, _standing: Standing) -> None:
    """Ask how one's lists stand."""
    actor.write("/status", "status", lambda message: "\n" in message.text or message.text)


def inline(actor: Acting, standing: Standing) -> None:
    """Ask within another chat."""
    names = loose_names(standing)
    if names:
        before = len(actor.server.inline_answers)
        actor.server.ask_inline(actor.person.user_id, names[0], language=actor.person.language)
        came = holds_within(lambda: any(results for _, results in actor.server.inline_answers[before:]), 20)
        actor.diary.note("inline", came, names[0])


def in_group(actor: Acting, standing: Standing) -> None:
    """Ask in the group by the bot's name."""
    names = loose_names(standing)
    if names:
        actor.write(f"{BOT} {names[-1]}", "asked in the group", lambda message: names[-1].split()[0] in message.text or message.text, GROUP)


def take_back(actor: Acting, task_id: str) -> None:
    """Take a list back by its button, and the question below."""
    message = actor.service.message_of(task_id)
    if message is None:
        return
    if any(data == f"open:{task_id}" for _, data in message.buttons) or not any("undo:" in data for _, data in message.buttons):
        message = actor.write(f"/undo {task_id}", "undo", lambda seen: any("takeback:" in data for _, data in seen.buttons))
    else:
        seen_before = len(actor.messages(message.chat_id))

        def asked() -> Message | None:
            new = actor.messages(message.chat_id)[seen_before:]
            return next((seen for seen in new if any("takeback:" in data for _, data in seen.buttons)), None)

        actor.press(message, "undo:", asked)
        message = asked()
    gone = bool(message) and actor.press(message, "takeback:", lambda: not stored_lists.tasks_with_lists(actor.service.store, [task_id]))
    actor.diary.note("undo", gone, task_id)


def forge(service: ChatService, task_id: str, dice: random.Random) -> None:
    """Let a stranger and a reader try what they may not: buttons of others, and lists."""
    reader = next(person.user_id for person in PEOPLE if person.role == "reader")
    for user_id in (reader, STRANGER):
        for data in (
            f"takeback:{task_id}",
            f"give:{task_id}:0000000000",
            f"letin:{STRANGER}:buyer",
            f"cancel:{task_id}",
            "purge:file_processing",
        ):
            forged = Message(dice.randrange(10**6), user_id, "", "", 0.0, [("x", data)])
            service.telegram.press(forged, data, user_id=user_id)
        service.telegram.send_document(user_id, f"forged {user_id}.csv", b"Nama Barang;Harga\nGula;1\nBeras;2\n")
        service.telegram.send_text(user_id, f"/undo {task_id}")
        service.telegram.send_text(user_id, "/purge file_processing")


JOBS: tuple[Callable[[Acting, Standing], None], ...] = (
    prices, basket, prices, suppliers, changes, prices, review, inline, status, report, in_group, export,
)  # fmt: skip
READERS_JOBS: tuple[Callable[[Acting, Standing], None], ...] = (prices, basket, suppliers, changes, inline)
