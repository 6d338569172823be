"""Thirty days of six people in the chat, and how soon a document is acknowledged.

    python benchmarks/chat_month.py month [--days 30] [--kills 20] [--seed 1]
    python benchmarks/chat_month.py burst [--people 20] [--each 5] [--seconds 10]

A real `monito serve` (parent, driver with Ray, bot) on a clock that is moved from day to day, against the Telegram of `monito_ray.testing`.
`month`: 24 suppliers of our own making send about 200 lists; bot and driver are killed (SIGKILL) by turns. `burst`: documents of many people
within seconds. Each prints a table, and ends with 1 where a promise was broken.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import chat_jobs
from chat_burst import burst
from chat_checks import check_alarms, check_albums, check_ends, check_late, check_own_chats, check_strangers, check_tasks
from chat_market import SILENT, Form, Good, Planted, SentList, calendar, silent_lists, suppliers
from chat_people import PEOPLE, Acting, Diary, Person
from chat_service import ChatService, chat_service, settle

_SETTLED_S = 400.0
_MORNING = clock_time(9)
_ROWS_A_QUESTION = 100
_MOST_FALSE = 0.02
_SHOWN = 40


@dataclass
class Month:
    """The replay under way."""

    service: ChatService
    dice: random.Random
    first_day: date
    diary: Diary = field(default_factory=Diary)
    standing: dict[str, tuple[Good, ...]] = field(default_factory=dict)
    planted: dict[str, list[Planted]] = field(default_factory=dict)
    kills: list[str] = field(default_factory=list)
    repeats: int = 0
    rows_later: int = 0

    def actor(self, person: Person) -> Acting:
        """Return a person who acts."""
        return Acting(self.service, person, self.diary, random.Random(self.dice.random()))

    def send_backlog(self) -> None:
        """Let somebody pass on the lists of the supplier who fell silent, one after the other."""
        actor = self.actor(PEOPLE[3])
        for sent in silent_lists(self.first_day):
            actor.send(sent, group=False)
            settle(self.service, _SETTLED_S, f"an old list of {sent.supplier}")
            actor.answer(sent)
        self.standing[SILENT] = sent.goods

    def begin_day(self, day: int) -> None:
        """Move the clock to the morning of a day, and wait for what comes in the morning."""
        morning = datetime.combine(self.first_day + timedelta(days=day), _MORNING, UTC)
        self.service.set_clock(morning - datetime.now(UTC))
        settle(self.service, _SETTLED_S, f"the morning of day {day}")

    def live(self, day: int, lists: list[tuple[SentList, list[Planted]]], kills: list[str]) -> None:
        """Do what happens in a day, with parts of the service killed meanwhile."""
        began = time.monotonic()
        buyers = [person for person in PEOPLE if person.sends]
        of_person: dict[int, list[SentList]] = {person.user_id: [] for person in buyers}
        for sent, _ in lists:
            usual = buyers[hash_of(sent.supplier) % len(buyers)]
            sender = self.dice.choice(buyers) if self.dice.random() < 1 / 8 else usual
            of_person[sender.user_id].append(sent)
        killing = [threading.Thread(target=self._kill, args=(part, self.dice.uniform(0.2, 6))) for part in kills]
        for thread in killing:
            thread.start()
        self._together((self._send_all, person, of_person[person.user_id]) for person in buyers)
        for thread in killing:
            thread.join()
        settle(self.service, _SETTLED_S, f"day {day}")
        sent_at = time.monotonic()
        self._together((self._answer_all, person, of_person[person.user_id]) for person in buyers)
        settle(self.service, _SETTLED_S, f"the answers of day {day}")
        answered_at = time.monotonic()
        self._note(lists)
        self._together((self._ask, person, []) for person in PEOPLE)
        if day % 10 == 5:
            self._mistakes()
        asked_at = time.monotonic()
        settle(self.service, _SETTLED_S, f"the questions of day {day}")
        sys.stderr.write(f"   sent {sent_at - began:.0f}, answered {answered_at - sent_at:.0f}, asked {asked_at - answered_at:.0f} s\n")

    def _together(self, work: Iterable[tuple[Callable[[Acting, list[SentList]], None], Person, list[SentList]]]) -> None:
        threads = [threading.Thread(target=act, args=(self.actor(person), lists)) for act, person, lists in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _kill(self, part: str, after_s: float) -> None:
        time.sleep(after_s)
        if self.service.kill(part):
            self.kills.append(part)

    def _send_all(self, actor: Acting, lists: list[SentList]) -> None:
        for sent in lists:
            group = actor.dice.random() < 0.25
            actor.send(sent, group=group)
            if sent.form in (Form.CSV, Form.XLSX) and actor.dice.random() < 0.08:
                self.repeats += 1
                time.sleep(0.5)
                actor.send(sent, group=group)
            time.sleep(actor.dice.uniform(0.2, 1.5))

    @staticmethod
    def _answer_all(actor: Acting, lists: list[SentList]) -> None:
        for sent in lists:
            actor.answer(sent)

    def _ask(self, actor: Acting, _lists: list[SentList]) -> None:
        jobs = chat_jobs.JOBS if actor.person.sends else chat_jobs.READERS_JOBS
        for job in actor.dice.sample(jobs, 2):
            job(actor, self.standing)

    def _note(self, lists: list[tuple[SentList, list[Planted]]]) -> None:
        ids = {id(sent): task_id for task_id, (sent, _, _) in self.diary.sent.items()}
        for sent, planted in lists:
            self.standing[sent.supplier] = sent.goods
            self.rows_later += 0 if sent.is_first else len(sent.goods)
            if id(sent) in ids:  # of a list that was sent twice the first one's, or the second's: they are alike
                self.planted[ids[id(sent)]] = planted

    def _mistakes(self) -> None:
        """Somebody sends an old list once more and takes it back; a stranger and a reader try what they may not."""
        actor = self.actor(PEOPLE[0])
        old = next(sent for sent, _, _ in self.diary.sent.values() if sent.form in (Form.CSV, Form.XLSX))
        again = SentList(
            old.supplier, old.day, old.listed_on, old.form, old.names, f"lama {len(self.kills)} {old.file_name}", old.parts, old.goods
        )
        actor.send(again, group=False)
        settle(self.service, _SETTLED_S, "an old list")
        task = actor.task_of(again)
        if task is not None:
            chat_jobs.forge(self.service, task.id, self.dice)
            settle(self.service, _SETTLED_S, "what strangers try")
            chat_jobs.take_back(actor, task.id)


def hash_of(text: str) -> int:
    """Return a number for a text that is the same in every process."""
    return sum(map(ord, text))


def month(days: int, kills: int, seed: int) -> int:
    """Replay the month and print what came of it; the exit code."""
    began = time.monotonic()
    first_day = datetime.now(UTC).date() + timedelta(days=1)
    made = suppliers(seed, days)
    plan = calendar(made, days, first_day)
    dice = random.Random(seed + 1)
    at = [dice.randrange(1, days) if days > 1 else 0 for _ in range(kills)]
    with chat_service(MONITO_ALLOWED_USERS="1001,1002,1003", MONITO_USER_FILES_PER_HOUR="5000") as service:
        replay = Month(service, dice, first_day)
        replay.begin_day(0)
        admin = replay.actor(PEOPLE[0])
        chat_jobs.let_in(service, admin)
        for person in PEOPLE:
            chat_jobs.follow(replay.actor(person))
        replay.send_backlog()
        for day, lists in enumerate(plan):
            day_began = time.monotonic()
            replay.begin_day(day)
            parts = [("bot", "driver")[number % 2] for number, of_day in enumerate(at) if of_day == day]
            replay.live(day, lists, parts)
            sys.stderr.write(
                f"day {day + 1}: {len(lists)} lists, killed {', '.join(parts) or 'nothing'}, {time.monotonic() - day_began:.0f} s\n"
            )
        replay.begin_day(days)
        return _report(replay, sum(map(len, plan)), kills, time.monotonic() - began)


def _report(replay: Month, lists: int, kills: int, took_s: float) -> int:
    service, diary = replay.service, replay.diary
    alarms = check_alarms(service, diary, replay.planted)
    asked = [task_id for task_id in diary.questions if not diary.sent[task_id][0].is_first]
    unknown, ends = check_ends(service)
    lost = check_tasks(service, diary, replay.repeats)
    albums, late = check_albums(service, diary), check_late(service)
    strangers = [*check_strangers(service), *check_own_chats(service, diary)]
    share = len(alarms.false) / max(alarms.told, 1)
    rows = [
        ("lists sent, and what became of them", f"{lists}, {len(lost)} lost or doubled", lost),
        ("killed", f"{replay.kills.count('bot')} times the bot, {replay.kills.count('driver')} the driver", [] if len(replay.kills) == kills else ["fewer than wanted"]),
        ("jobs done in chat", f"{sum(diary.done.values())} of {sum(diary.done.values()) + sum(diary.failed.values())}; asked again {diary.asked_again} times",
         [f"{name}: {count}: {diary.examples[name]}" for name, count in diary.failed.items()]),
        ("lists under a wrong supplier, unasked", str(len(diary.wrong)), diary.wrong),
        (f"lists that asked, from the second on (at most one for {_ROWS_A_QUESTION} rows)", f"{len(asked)} for {replay.rows_later} rows",
         [] if len(asked) * _ROWS_A_QUESTION <= replay.rows_later else [diary.questions[task_id] for task_id in asked]),
        ("planted changes told once",
         f"{alarms.once} of {alarms.wanted}; {len(alarms.unknown)} may have come or not after a kill", [*alarms.missing, *alarms.doubled]),
        (f"false alarms (at most {_MOST_FALSE:.0%})", f"{len(alarms.false)} of {alarms.told}", alarms.false if share > _MOST_FALSE else []),
        ("albums, each one list of all its photos", f"{albums.right} of {albums.wanted}, {albums.late} with a photo that came late", albums.faults),
        ("told once that a list is overdue", f"{late.told} of {late.wanted}; {late.unknown} may have come or not after a kill", late.faults),
        ("to anyone whom it was not for", str(len(strangers)), strangers),
        ("cleaned lists missing or twice", f"{len(ends)}; {unknown} may have come or not after a kill", ends),
    ]  # fmt: skip
    for title, figure, faults in rows:
        print(f"{'ok ' if not faults else 'NO '} {title}: {figure}")
        for fault in faults[:_SHOWN]:
            print(f"      {fault}")
        if len(faults) > _SHOWN:
            print(f"      and {len(faults) - _SHOWN} more")
    for fault in alarms.false[:_SHOWN]:
        print(f"    false: {fault}")
    print(f"    jobs: {', '.join(f'{name} {count}' for name, count in sorted(diary.done.items()))}")
    print(f"    {took_s:.0f} s")
    return int(any(faults for _, _, faults in rows))


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    of_month, of_burst = modes.add_parser("month"), modes.add_parser("burst")
    for name, number in (("--days", 30), ("--kills", 20), ("--seed", 1)):
        of_month.add_argument(name, type=int, default=number)
    for name, number in (("--people", 20), ("--each", 5), ("--seconds", 10)):
        of_burst.add_argument(name, type=int, default=number)
    chosen = parser.parse_args()
    sys.exit(month(chosen.days, chosen.kills, chosen.seed) if chosen.mode == "month" else burst(chosen.people, chosen.each, chosen.seconds))


if __name__ == "__main__":
    main()
