"""Commands of the admin: what waits, holding it up, and who may use the bot."""

from collections.abc import Sequence

from monito_ray.bot.commands.command_call import BotReply, CommandCall, CommandRefused
from monito_ray.clients.telegram.bot_api import Buttons
from monito_ray.jobs import chat_people
from monito_ray.jobs.chat_people import Person, Role, role_of
from monito_ray.messages import N_, STAGES, Messages, fit_message, shorten, supported_language
from monito_ray.stages import Stage

_NAME_LENGTH = 30
_MOST_PEOPLE, _MOST_REQUESTS = 40, 5
_PAUSED = N_("paused")
_QUEUE_LINE = N_("{queue}: {waiting} waiting, {running} running")
_PAUSE = N_("Hold up: {queue}")
_RESUME = N_("Go on: {queue}")
_HELD_UP = N_("Nothing more begins here: {queue}. A restart does not change that.")
_GOES_ON = N_("It goes on: {queue}")
_CLEAR = N_("{n} tasks that waited are cancelled. Who sent them can try them again.")
_WHICH_QUEUE = N_("Which queue? Write /purge and one of: {names}")
_STATS_LINES = (
    ("total_tasks", N_("Tasks: {n}")),
    ("successful_tasks", N_("Done: {n}")),
    ("failed_tasks", N_("Failed: {n}")),
    ("pending_tasks", N_("Pending: {n}")),
    ("active_workers", N_("Workers: {n}")),
    ("queue_length", N_("Waiting in queues: {n}")),
)
_ROLES = {Role.ADMIN: N_("admin"), Role.BUYER: N_("buyer"), Role.READER: N_("may ask"), Role.STRANGER: N_("not let in")}
_ASKS = N_("{name} (id {id}) asks to use the bot.")
_LET_IN = N_("Let in as a buyer")
_LET_ASK = N_("Let ask only")
_SHUT_OUT = N_("Shut out: {name}")
_LET_IN_BY_NAME = N_("Let in as a buyer: {name}")
_REFUSE = N_("No")
_PERSON_IS = N_("{name}: {role}")
_YOU_ARE_IN = N_("You may use this bot now. /help tells what it can do.")


def queues(call: CommandCall) -> BotReply:
    """Show what waits in each queue, with buttons that hold it up or let it go on."""
    lines, buttons = [], []
    for name, status in call.monito.get_queue_status().items():
        stage = call.messages.say(STAGES[Stage(name)])
        line = call.messages.say(_QUEUE_LINE, queue=stage, waiting=status.waiting, running=status.running)
        lines.append(f"{line} · {call.messages.say(_PAUSED)}" if status.paused else str(line))
        title, command = (_RESUME, "resume") if status.paused else (_PAUSE, "pause")
        buttons.append((str(call.messages.say(title, queue=stage)), f"{command}:{name}"))
    return BotReply("\n".join(lines), buttons)


def pause(call: CommandCall) -> BotReply:
    """Let nothing more begin in a queue."""
    stage = _stage(call)
    call.monito.pause(stage.value)
    return BotReply(call.messages.say(_HELD_UP, queue=call.messages.say(STAGES[stage])))


def resume(call: CommandCall) -> BotReply:
    """Let a queue go on."""
    stage = _stage(call)
    call.monito.resume(stage.value)
    return BotReply(call.messages.say(_GOES_ON, queue=call.messages.say(STAGES[stage])))


def purge(call: CommandCall) -> BotReply:
    """Cancel what waits in a queue."""
    return BotReply(call.messages.say(_CLEAR, n=call.monito.purge_queue(_stage(call).value)))


def _stage(call: CommandCall) -> Stage:
    try:
        return Stage(call.argument)
    except ValueError:
        raise CommandRefused(call.messages.say(_WHICH_QUEUE, names=", ".join(Stage))) from None


def stats(call: CommandCall) -> BotReply:
    """Show the system in figures."""
    figures = call.monito.get_worker_stats()
    lines = [call.messages.say(text, n=getattr(figures, name)) for name, text in _STATS_LINES]
    lines.append(call.messages.say("Mean time: {n} s", n=call.messages.numbers.decimal(figures.average_processing_time_ms / 1000)))
    return BotReply("\n".join(lines))


def request_text(messages: Messages, user_id: int, name: str, language: str) -> tuple[str, Buttons]:
    """Return what the admin is asked when a stranger writes to the bot, who reads `language` and is welcomed in it."""
    buttons = [
        (messages.plain(_LET_IN), f"letin:{user_id}:{Role.BUYER.value}:{language}"),
        (messages.plain(_LET_ASK), f"letin:{user_id}:{Role.READER.value}:{language}"),
        (messages.plain(_REFUSE), f"letin:{user_id}:"),
    ]
    return messages.say(_ASKS, name=name, id=str(user_id)), buttons


def let_in(call: CommandCall) -> BotReply:
    """Give a person a role, by the button below their request."""
    user_id, role, language = (*call.argument.split(":"), "", "")[:3]
    if not user_id.isdecimal() or role not in {Role.STRANGER, Role.READER, Role.BUYER} or int(user_id) in call.settings.allowed_users:
        raise CommandRefused(call.messages.say(N_("There is no such person.")))
    person = chat_people.people(call.store, [int(user_id)]).get(int(user_id))
    if person is None:
        raise CommandRefused(call.messages.say(N_("There is no such person.")))
    if role:
        chat_people.set_role(call.store, person.user_id, Role(role))
    else:
        chat_people.forget_request(call.store, person.user_id)
    reads = person.language or supported_language(language, call.settings.lang)
    welcome = (person.user_id, Messages(reads).say(_YOU_ARE_IN)) if role else None
    return BotReply(_person_line(call, person.user_id, person, Role(role)), replaces=True, tells=welcome)


def open_requests(call: CommandCall) -> Sequence[tuple[str, Buttons]]:
    """Return the requests that nobody answered, in a private chat: an admin who had never written to the bot could not be asked."""
    if call.chat_id != call.user_id:
        return ()
    asking = [person for person in chat_people.people(call.store).values() if person.asks_since and person.name and not person.role]
    return [request_text(call.messages, person.user_id, person.name, person.language) for person in asking[:_MOST_REQUESTS]]


def show_people(call: CommandCall) -> BotReply:
    """Show who may use the bot, whom the admin let in, and who asked; never to a group."""
    allowed, stored = call.settings.allowed_users, chat_people.people(call.store)
    lines = [_person_line(call, user_id, stored.get(user_id), role_of(user_id, allowed, None)) for user_id in allowed]
    others = [person for person in stored.values() if person.name and person.user_id not in allowed][:_MOST_PEOPLE]
    lines += [_person_line(call, person.user_id, person, person.role) for person in others]
    return BotReply(fit_message("\n".join(lines)), [_person_button(call, person) for person in others], is_private=True)


def _person_button(call: CommandCall, person: Person) -> tuple[str, str]:
    """Return the button that shuts a person out, or lets one in who asked."""
    title, data = (
        (_SHUT_OUT, f"shutout:{person.user_id}") if person.role else (_LET_IN_BY_NAME, f"letin:{person.user_id}:{Role.BUYER.value}")
    )
    return call.messages.plain(title).format(name=_name(person)), data


def shut_out(call: CommandCall) -> BotReply:
    """Take a person's role away."""
    person = chat_people.people(call.store, [int(call.argument)]).get(int(call.argument)) if call.argument.isdecimal() else None
    if person is None or person.user_id in call.settings.allowed_users:
        raise CommandRefused(call.messages.say(N_("There is no such person.")))
    chat_people.set_role(call.store, person.user_id, Role.STRANGER)
    return BotReply(_person_line(call, person.user_id, person, Role.STRANGER), replaces=True)


def _person_line(call: CommandCall, user_id: int, person: Person | None, role: Role) -> str:
    name = _name(person) if person is not None and person.name else str(user_id)
    return call.messages.say(_PERSON_IS, name=name, role=call.messages.say(_ROLES[role]))


def _name(person: Person) -> str:
    return shorten(person.name or str(person.user_id), _NAME_LENGTH)
