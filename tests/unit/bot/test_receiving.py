"""What an update of Telegram asks for."""

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from monito_ray.bot.receiving import IncomingUpdate, UpdateReader
from monito_ray.jobs.chat_people import Person, Role
from monito_ray.settings import Settings

ANN, STRANGER = 101, 999
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SETTINGS = Settings.model_validate({"MONITO_ALLOWED_USERS": str(ANN), "MONITO_LANG": "id"})


def _message(chat: str, user_id: int = ANN, code: str = "ru", **more: Any) -> dict[str, Any]:
    person = {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": code}
    return {"message_id": 5, "date": 0, "chat": {"id": 70, "type": chat, "title": "Buyers"}, "from": person, **more}


def _read(
    user_id: int = ANN,
    code: str = "ru",
    chat: str = "private",
    people: tuple[Person, ...] = (),
    *,
    reads_pictures: bool = False,
    albums: frozenset[str] = frozenset(),
    **message: Any,
) -> IncomingUpdate:
    update = Update.de_json({"update_id": 3, "message": _message(chat, user_id, code, **message)}, None)
    assert update is not None
    reader = UpdateReader(SETTINGS, "monito_bot", lambda text: "=" in text, reads_pictures, albums)
    return reader.read(update, {person.user_id: person for person in people}, NOW)


def _document(size: int = 100, name: str | None = "june.xlsx", **more: Any) -> dict[str, Any]:
    document = {"file_id": "f1", "file_unique_id": "u1", "file_size": size} | ({"file_name": name} if name else {})
    return {"document": document, **more}


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/status", "status", ""),
        ("/Status@monito_bot 7829360che", "status", "7829360che"),
        ("/prices  minyak   goreng 2 l", "prices", "minyak goreng 2 l"),
        ("/", "", ""),
    ],
)
def test_a_command_is_split_from_its_argument(text: str, command: str, argument: str):
    """The bot's name and white space do not count."""
    update = _read(text=text)
    assert (update.command, update.argument, update.chat_id, update.task) == (command, argument, 70, None)


def test_a_document_is_a_task_shown_in_its_chat():
    """With its sender, its name, what names its bytes, and the caption as the supplier."""
    update = _read(**_document(caption=" Sari\nSayur "))
    assert update.task is not None
    assert update.message is not None
    assert (update.task.user_id, update.task.file_name, update.task.options["supplier"]) == (ANN, "june.xlsx", "Sari Sayur")
    assert (update.task.id, update.content) == (update.message.task_id, "telegram u1")
    assert (update.to_commit.task, update.to_commit.update_id) == (update.task, 3)


def _photo(**more: Any) -> dict[str, Any]:
    sizes = [(90, "small"), (1280, "large"), (320, "middle")]
    return {
        "photo": [
            {"file_id": name, "file_unique_id": f"u {name}", "width": side, "height": side, "file_size": side} for side, name in sizes
        ],
        **more,
    }


def test_a_photo_is_a_task_of_its_largest_size():
    """Telegram sends every photo in several sizes; its caption may name the supplier, as a document's does."""
    update = _read(**_photo(caption="Sari Sayur"), reads_pictures=True)
    assert update.task is not None
    assert (update.task.file_name, update.task.options["telegram_file_id"], update.content) == ("photo.jpg", "large", "telegram u large")
    assert update.task.options["supplier"] == "Sari Sayur"


def test_pictures_of_an_album_are_pages_that_wait_for_each_other():
    """Photos, and pictures that are sent as files; other files of an album are lists of their own."""
    photo = _read(**_photo(media_group_id="a"), reads_pictures=True)
    picture = _read(**_document(name="scan.PNG", media_group_id="a"))
    for update, file_id in ((photo, "large"), (picture, "f1")):
        assert update.task is not None
        assert (update.task.options["album"], update.task.options["pages"]) == ("a", [[5, file_id]])
        assert update.task.not_before > NOW
    file = _read(**_document(media_group_id="a")).task
    assert file is not None
    assert ("album" in file.options, file.not_before) == (False, NOW)


def test_in_a_group_an_album_is_for_the_bot_where_one_of_its_pictures_is():
    """Only one has the caption that names it; a picture that comes by itself later may go on with a list, and is none alone."""
    people = (Person(7, role=Role.READER),)
    page: dict[str, Any] = {"chat": "group", "reads_pictures": True, **_photo(media_group_id="a")}
    assert not _read(**page, albums=frozenset("a")).only_joins
    assert _read(**page).only_joins
    assert _read(**page | {"user_id": 7}, people=people) == IncomingUpdate(3)
    assert _read(chat="group", reads_pictures=True, **_photo()) == IncomingUpdate(3)
    named, other = (
        Update.de_json({"update_id": n, "message": _message("group", media_group_id="a", caption=caption)}, None)
        for n, caption in enumerate(("@monito_bot", ""))
    )
    assert named is not None
    assert other is not None
    reader = UpdateReader(SETTINGS, "monito_bot", bool)
    assert (reader.addressed_albums([other, named]), reader.addressed_albums([other])) == (frozenset("a"), frozenset())


def test_a_photo_is_refused_where_nothing_can_read_it():
    """Without the extra that reads pictures the person is told so at once."""
    update = _read(code="en", **_photo())
    assert update.task is None
    assert update.answer.startswith("Pictures cannot be read yet")


def test_a_document_beyond_the_limit_is_answered_and_no_task():
    """In the person's language, with the limit."""
    update = _read(code="en", **_document(size=21 * 2**20))
    assert update.task is None
    assert "at most 20 MB" in update.answer


@pytest.mark.parametrize(
    ("person", "code", "language"),
    [
        (Person(ANN), "ru", "ru"),
        (Person(ANN, language="en"), "ru", "en"),
        (Person(ANN), "de", "id"),
        (Person(STRANGER, language="en"), "in", "id"),
    ],
)
def test_a_chosen_language_counts_more_than_that_of_telegram(person: Person, code: str, language: str):
    """For a language that is none of ours the setting counts."""
    assert _read(code=code, people=(person,), text="/help").language == language


def test_a_text_of_names_and_prices_is_a_list_and_a_few_words_are_a_search():
    """Longer talk gets a sentence on what can be sent."""
    written = _read(text="telur = 62rb\nbayam = 5rb")
    assert written.task is not None
    assert (written.task.options["text"], written.task.file_name) == ("telur = 62rb\nbayam = 5rb", "message.txt")
    assert written.task.not_before > NOW
    search = _read(text=" harga  telur berapa? ")
    assert (search.command, search.argument) == ("search", "harga telur berapa?")
    for talk in ("good morning\nhow are you", "👍👍", "..."):
        assert _read(code="en", text=talk).answer.startswith("I take price lists")


def test_lines_with_amounts_are_a_shopping_list():
    """Not lines of talk, and not a single one, which is a search."""
    bought = _read(text="10 kg bawang merah\ntelur 5 tray\n- 2 x minyak goreng 2L\ngaram")
    assert (bought.command, bought.argument.splitlines()[1]) == ("basket", "telur 5 tray")
    assert _read(text="10 kg bawang merah").command == "search"
    assert _read(text="halo\nbesok jam 10 ya\nterima kasih").command != "basket"


def test_a_list_that_is_changed_after_it_was_sent_is_said_to_be_left():
    """Other changes are nothing, nor is what somebody changes who may only ask."""
    sender = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": 5, "date": 0, "edit_date": 1, "chat": {"id": ANN, "type": "private"}, "from": sender}
    for body, is_said in (({"text": "telur = 62rb\nbayam = 5rb"}, True), (_document(), True), ({"text": "telur"}, False)):
        update = Update.de_json({"update_id": 3, "edited_message": message | body}, None)
        assert update is not None
        assert bool(UpdateReader(SETTINGS, "monito_bot", lambda text: "=" in text).read(update, {}, NOW).answer) is is_said


def test_a_group_is_left_alone_until_the_bot_is_named():
    """By its name, by a reply to it, or by a file; a command for another bot is none."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Monito", "username": "monito_bot"}
    asked = {"message_id": 4, "date": 0, "chat": {"id": 70, "type": "group", "title": "Buyers"}, "from": bot, "text": "Done."}
    assert _read(chat="group", text="telur") == IncomingUpdate(3)
    assert _read(chat="group", text="/help@other_bot") == IncomingUpdate(3)
    assert _read(chat="group", text="@monito_bot telur").argument == "telur"
    assert _read(chat="group", text="telur", reply_to_message=asked).command == "search"
    assert _read(chat="group", text="@monito_bot2 telur") == IncomingUpdate(3)
    assert _read(chat="group", text="Telur @Monito_Bot").argument == "Telur"
    assert _read(chat="group", **_document()).task is not None
    named = _read(chat="group", **_document(caption="@Monito_Bot Sari Sayur")).task
    assert named is not None
    assert named.options["supplier"] == "Sari Sayur"


@pytest.mark.parametrize(
    ("mark", "command", "argument"),
    [
        ("#7829360che", "named", "7829360che Sari Sayur"),
        ("#kx81:brand", "field", "kx81:brand Sari Sayur"),
        ("whose:7829360che", "named", "7829360che Sari Sayur"),
        ("field:kx81:price", "field", "kx81:price Sari Sayur"),
        ("#1", "search", "Sari Sayur"),
    ],
)
def test_a_reply_is_about_what_the_question_says_last(mark: str, command: str, argument: str):
    """A list, or a field of a row, also in the words of earlier versions; a number is neither."""
    bot = {"id": 4242, "is_bot": True, "first_name": "Monito", "username": "monito_bot"}
    asked = {"message_id": 4, "date": 0, "chat": {"id": 70, "type": "private"}, "from": bot, "text": f"Whose list is it?\n{mark}"}
    update = _read(text=" Sari Sayur", reply_to_message=asked)
    assert (update.command, update.argument) == (command, argument)


def test_who_wrote_a_forwarded_list_is_kept():
    """By the name that Telegram gives, also of people who hide theirs."""
    origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Pak Made"}
    update = _read(**_document(forward_origin=origin))
    assert update.task is not None
    assert update.task.options["forwarded_from"] == "Pak Made"
    written = _read(text="telur = 62rb", forward_origin=origin)
    assert written.task is not None
    assert written.task.file_name == "Pak Made.txt"


def test_people_who_were_let_in_have_their_role():
    """A reader may search and sends no lists; the first of the settings is the admin."""
    reader = Person(STRANGER, role=Role.READER)
    assert _read(STRANGER, people=(reader,), text="telur").command == "search"
    refused = _read(STRANGER, code="en", people=(reader,), **_document())
    assert (refused.task, refused.answer[:28]) == (None, "You may ask for prices here,")
    assert _read(STRANGER, people=(reader,), text="telur = 5").task is None
    talk = _read(STRANGER, people=(reader,), text="good morning\nhow are you")
    assert (talk.command, talk.argument) == ("prices", ""), "who sends no lists is not asked for one"
    assert _read(text="/help").role is Role.ADMIN


def test_a_stranger_is_refused_in_private_alone():
    """Whatever is sent, there is neither task nor command."""
    update = _read(STRANGER, **_document())
    assert (update.is_refused, update.task, update.command) == (True, None, "")
    assert not _read(STRANGER, chat="group", text="/start").is_refused
