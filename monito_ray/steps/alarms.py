"""notifications: tell the people who follow something what a list changed in it; and when a supplier's next list is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from monito_ray.catalog.offers import OfferPlace, places_of
from monito_ray.catalog.prices import change_log
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_ages import ListAge, list_ages, list_dates
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.prices.suspected_prices import suspected_prices
from monito_ray.catalog.search import find
from monito_ray.jobs import admin, chat_follows, chat_people
from monito_ray.jobs.chat_follows import Alarm, Follow, FollowKind
from monito_ray.jobs.task import Task
from monito_ray.messages import Messages, changes_text, late_list_text
from monito_ray.settings import Settings
from monito_ray.steps.context import Attempt, Services
from monito_ray.steps.list_supplier import supplier_facts
from monito_ray.store.database import Store

#: Changes of a list that one message tells; the others are counted.
_MOST_SHOWN = 20
#: Changes of a list that are looked at, and products that a search finds for a follow.
_MOST_CHANGES, _MOST_MATCHES = 2_000, 200
#: What is told whatever it is worth; rises and falls only from `MONITO_ALERT_PERCENT` on.
_ALWAYS = frozenset({ChangeKind.SMALLER_PACK, ChangeKind.GONE, ChangeKind.CURRENCY})
_MOVES = frozenset({ChangeKind.UP, ChangeKind.DOWN})
#: What of a list's changes stands in its result, and how many.
_IN_RESULT, _MOST_IN_RESULT = frozenset(ChangeKind) - {ChangeKind.NEW, ChangeKind.BACK}, 5
#: When collected alarms come, by the clock of the machine.
_MORNING = time(7)


def tell_followers(attempt: Attempt) -> None:
    """Commit an alarm for each person who follows something that this list changed; see `tell_of_list`."""
    services, task = attempt.services, attempt.task
    supplier = str(supplier_facts(attempt, services.files.read_list_facts(task.id))["supplier"])
    tell_of_list(services.store, services.settings, task, supplier, services.clock())


def tell_of_list(store: Store, settings: Settings, task: Task, supplier: str, now: datetime) -> None:
    """Commit an alarm for each person who follows something that a list changed, but its sender; running twice is harmless.

    A list of an earlier day than the supplier's newest is no news, nor is one that is read again with a person's answer.
    """
    sender = task.user_id, task.options.get("chat_id")  # who reads its end in this chat
    follows = [follow for follow in _follows(store, settings) if (follow.user_id, follow.chat_id) != sender]
    if not follows:
        return
    changes = change_log.changes_of_list(store, supplier, task.id, _ALWAYS | _MOVES, _MOST_CHANGES)
    worth_telling = [change for change in changes if is_worth_telling(change, settings.alert_percent)]
    if worth_telling and _is_newest(store, supplier, worth_telling[0]):
        about = f"list {task.options.get('again_of') or task.id}"
        chat_follows.commit_alarms(store, _alarms(store, settings, follows, worth_telling, about, now), now)


def tell_supplier(store: Store, settings: Settings, task_ids: Iterable[str], supplier: str, how: str, now: datetime) -> None:
    """Say in the results of these tasks that their lists are this supplier's, and tell those who follow what they changed."""
    for task_id in task_ids:
        changed = {
            "largest_changes": largest_changes(store, supplier, task_id),
            "prices_changed": _prices_changed(store, supplier, task_id),
            **suspected_prices(store, supplier, task_id).as_result(),
        }
        task = admin.name_supplier(store, task_id, supplier, how, changed, now)
        if task.result is not None:  # else its last stage tells
            tell_of_list(store, settings, task, supplier, now)


def largest_changes(store: Store, supplier: str, task_id: str) -> list[dict[str, Any]]:
    """Return the greatest changes since the supplier's last list, as they stand in the result of the list's task."""
    return [
        change_log.change_as_json(change) for change in change_log.changes_of_list(store, supplier, task_id, _IN_RESULT, _MOST_IN_RESULT)
    ]


def _prices_changed(store: Store, supplier: str, task_id: str) -> int:
    changes = change_log.changes_of_list(store, supplier, task_id, _IN_RESULT)
    return sum(
        change.kind is ChangeKind.CURRENCY or (None not in (change.price, change.price_before) and change.price != change.price_before)
        for change in changes
    )


def tell_late_lists(services: Services) -> None:
    """Commit an alarm for each person who follows everything, once for each supplier whose next list is overdue."""
    follows = [follow for follow in _follows(services.store, services.settings) if follow.kind is FollowKind.ALL]
    if not follows:
        return
    now = services.clock()
    late = [age for age in list_ages(services.store, now.date()) if age.is_stale and age.interval is not None]
    languages = _languages(services.store, services.settings, follows)
    alarms = [_late_alarm(follow, age, Messages(languages[follow.user_id]), now) for follow in follows for age in late]
    chat_follows.commit_alarms(services.store, alarms, now)


def is_worth_telling(change: LoggedChange, alert_percent: float) -> bool:
    """Return whether people who follow the article want to know: a rise or fall of less than `alert_percent` is none of their business."""
    if change.kind in _ALWAYS:
        return True
    share = change.relative_base_change if change.relative_base_change is not None else change.relative_change
    return share is not None and abs(share) * 100 >= alert_percent


def next_morning(now: datetime) -> datetime:
    """Return the next time at which collected alarms come, by the clock of the machine."""
    local = now.astimezone()
    today = local.replace(hour=_MORNING.hour, minute=0, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)


def _follows(store: Store, settings: Settings) -> list[Follow]:
    """Return what people follow who may still ask: whoever was shut out is told nothing more."""
    follows = chat_follows.all_follows(store)
    people = chat_people.people(store, {follow.user_id for follow in follows}) if follows else {}
    allowed = settings.allowed_users
    return [follow for follow in follows if chat_people.role_of(follow.user_id, allowed, people.get(follow.user_id))]


def _is_newest(store: Store, supplier: str, change: LoggedChange) -> bool:
    with store.read() as connection:
        return change.listed_on >= max(list_dates(connection)[supplier])


def _alarms(
    store: Store, settings: Settings, follows: Sequence[Follow], changes: Sequence[LoggedChange], about: str, now: datetime
) -> list[Alarm]:
    """Return an alarm for each person and chat, with every change that any of their follows is about."""
    places = places_of(store, {change.offer_id for change in changes})
    languages = _languages(store, settings, follows)
    by_chat: dict[tuple[int, int], list[Follow]] = defaultdict(list)
    for follow in follows:
        by_chat[follow.user_id, follow.chat_id].append(follow)
    matches = {follow.value: _matching_products(store, follow.value) for follow in follows if follow.kind is FollowKind.WORDS}
    alarms = []
    for (user_id, chat_id), own in by_chat.items():
        concerns = partial(_concerns, own, places, matches)
        if followed := [change for change in changes if concerns(change)]:
            text = changes_text(Messages(languages[user_id]), followed[:_MOST_SHOWN], len(followed))
            is_daily = all(follow.is_daily for follow in own)
            at = next_morning(now) if is_daily else now
            alarms.append(Alarm(user_id, chat_id, text, about, at, is_daily))
    return alarms


def _concerns(
    follows: Sequence[Follow], places: Mapping[str, OfferPlace], matches: Mapping[str, frozenset[str]], change: LoggedChange
) -> bool:
    """Return whether a change is of something that is followed."""
    place = places.get(change.offer_id)
    return any(
        follow.kind is FollowKind.ALL
        or (follow.kind is FollowKind.CATEGORY and place is not None and place.category == follow.value)
        or (follow.kind is FollowKind.WORDS and place is not None and place.product_id in matches[follow.value])
        for follow in follows
    )


def _matching_products(store: Store, words: str) -> frozenset[str]:
    """Return the products that have all of the words."""
    return frozenset(match.product.product_id for match in find.search_products(store, words, _MOST_MATCHES) if not match.missing)


def _languages(store: Store, settings: Settings, follows: Sequence[Follow]) -> dict[int, str]:
    languages = {follow.user_id: follow.language or settings.lang for follow in follows}
    return languages | chat_people.languages_of(store, languages)


def _late_alarm(follow: Follow, age: ListAge, messages: Messages, now: datetime) -> Alarm:
    about = f"late {age.supplier} {age.listed_on.isoformat()}"
    at = next_morning(now) if follow.is_daily else now
    return Alarm(follow.user_id, follow.chat_id, late_list_text(messages, age), about, at, follow.is_daily)
