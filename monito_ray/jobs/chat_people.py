"""The people of the bot: what each may do, and the language that each chose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from monito_ray.store.database import Store, insert_missing
from monito_ray.store.schema import chat_users


class Role(StrEnum):
    """What a person may do, from nothing to everything."""

    STRANGER = ""
    #: May ask: prices, changes, suppliers, reports.
    READER = "reader"
    #: May send lists, answer questions, correct, and take lists back.
    BUYER = "buyer"
    #: May let people in, and hold up queues.
    ADMIN = "admin"

    def allows(self, needed: "Role") -> bool:
        """Return whether who has this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Person:
    """What the store has of a person who wrote to the bot."""

    user_id: int
    #: As they call themselves in Telegram, "" where that is not known.
    name: str = ""
    #: "" where none was chosen.
    language: str = ""
    #: Given by an admin in the chat.
    role: Role = Role.STRANGER
    #: When they wrote to the bot as a stranger and asked to be let in.
    asks_since: datetime | None = None


def people(store: Store, user_ids: Collection[int] | None = None) -> dict[int, Person]:
    """Return people by their id, those of `user_ids` or all; who never chose, asked or was let in is not among them."""
    query = select(chat_users.c.user_id, chat_users.c.name, chat_users.c.language, chat_users.c.role, chat_users.c.refused_at)
    if user_ids is not None:
        query = query.where(chat_users.c.user_id.in_(user_ids))
    with store.read() as connection:
        rows = connection.execute(query.order_by(chat_users.c.user_id)).all()
    return {row.user_id: Person(row.user_id, row.name, row.language, Role(row.role), row.refused_at) for row in rows}


def role_of(user_id: int, allowed_users: Sequence[int], person: Person | None) -> Role:
    """Return what a person may do: the first of `allowed_users` is the admin, the others are buyers, and an admin lets more people in."""
    if user_id in allowed_users:
        return Role.ADMIN if user_id == allowed_users[0] else Role.BUYER
    return person.role if person is not None else Role.STRANGER


def languages_of(store: Store, user_ids: Collection[int]) -> dict[int, str]:
    """Return the chosen languages by user id; people without a choice are omitted."""
    return {person.user_id: person.language for person in people(store, user_ids).values() if person.language}


def set_language(store: Store, user_id: int, language: str) -> None:
    """Store the language that a person chose."""
    _set(store, user_id, language=language)


def set_role(store: Store, user_id: int, role: Role) -> None:
    """Let a person in with this role; `STRANGER` shuts them out, and lets them ask again."""
    _set(store, user_id, role=role.value, **({} if role else {"refused_at": None}))


def forget_request(store: Store, user_id: int) -> None:
    """Ask nobody any longer whether to let a person in, and answer them no more."""
    _set(store, user_id, name="")


def claim_refusal(store: Store, user_id: int, name: str, now: datetime) -> bool:
    """Claim the right to send the one refusal that a stranger gets; True only for the first caller."""
    with store.read() as connection:
        refused_at = connection.execute(select(chat_users.c.refused_at).where(chat_users.c.user_id == user_id)).scalar_one_or_none()
    if refused_at is not None:
        return False
    with store.write() as connection:
        insert_missing(connection, chat_users, [_new_person(user_id)])
        claim = update(chat_users).where(chat_users.c.user_id == user_id, chat_users.c.refused_at.is_(None))
        return connection.execute(claim.values(refused_at=now, name=name)).rowcount == 1


def _set(store: Store, user_id: int, **values: object) -> None:
    with store.write() as connection:
        insert_missing(connection, chat_users, [_new_person(user_id)])
        connection.execute(update(chat_users).where(chat_users.c.user_id == user_id).values(**values))


def _new_person(user_id: int) -> dict[str, object]:
    return {"user_id": user_id, "language": "", "refused_at": None, "name": "", "role": ""}
