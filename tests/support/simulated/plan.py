"""What happens in a run: who works, what people send, what goes wrong at which point, and where strands hand over. All of it follows from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

#: Kinds of point at which something may happen, with how often about they come in a run. `work` are those of all kinds within an attempt at a
#: task, `kept` those of them at which something has just been stored; at `catalogue` and `save` an attempt is about to write to the catalogue, and
#: to save its task; at `orphan` a driver is about to free the task of another.
_POINTS = {
    "commit": 60,
    "committed": 60,
    "write": 60,
    "statement": 200,
    "read": 300,
    "disk": 60,
    "wait": 100,
    "lock": 60,
    "llm": 6,
    "sleep": 30,
    "chat": 8,
    "work": 300,
    "kept": 30,
    "catalogue": 8,
    "save": 8,
    "orphan": 2,
}
_LLM_FAULTS = ("rate_limited", "lost", "slow", "unavailable", "malformed")
_CHAT_FAULTS = ("lost", "unavailable", "flooded", "unheard")
#: In this share of the runs people send all they have at once, so that tasks run side by side.
_RUSH_SHARE, _RUSH = 0.3, 0.1
#: Longer than a heartbeat may be late, and shorter; seconds.
_PAUSES_S = (0.5, 3.0, 9.0, 12.0, 25.0)
#: A driver is away for so long that others take its tasks, in this share of the runs with several.
_AWAY_S, _AWAY_SHARE = (18.0, 25.0, 40.0), 0.4
#: Just before a write it is away for about as long as it takes to be presumed dead, so that it comes back while another begins.
_AWAY_AT_WRITE_S = (10.5, 11.5, 12.5, 13.5, 14.5, 16.0, 18.0, 25.0)
#: Where it is away then, as often as it is listed; and the last number of the point.
_AWAY_AT = (("work", 400), ("work", 400), ("catalogue", 8), ("save", 8))
#: A driver that is only late goes on while another is about to free its task, in this share of the runs with several.
_LATE_S, _FREEING_S, _LATE_SHARE = (10.0, 12.0, 14.0), (3.0, 6.0), 0.2
#: Drivers die again and again, in this share of the runs.
_DEADLY_SHARE, _DEATHS = 0.12, 4
_JUMPS_S = (-7200.0, -60.0, -11.0, 11.0, 60.0, 7200.0, 90_000.0)


#: A supplier's next list comes so much later, in this share of the runs, and a driver dies while it is written.
_NEXT_LIST_S, _NEXT_LIST_SHARE = (6.0, 20.0), 0.12

_SENT = ("file", "products", "message", "document")


@dataclass(frozen=True, slots=True)
class Setup:
    """The service and its settings."""

    #: The machine of each driver.
    drivers: tuple[int, ...] = (0,)
    slots: int = 2
    user_concurrent: int = 4
    has_llm: bool = True
    concurrency: int = 2
    batch_rows: int = 3
    requests_a_minute: int = 0
    provider_a_minute: int = 0
    day_usd: str = "0"
    task_usd: str = "0"
    #: Rows are validated and standardized in slices, as those of long lists are.
    takes_long_road: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What a person does: `file`, `products`, `message`, `document` (in a chat), `again` (the same update once more), `cancel`, `retry`, `stop` (a driver)."""

    kind: str
    at_s: float
    #: Of a list: whose it is, and which of theirs. Of a cancel: which action's task. Of a stop: which driver.
    supplier: int = 0
    number: int = 0
    user: int = 1

    def __str__(self) -> str:
        return f"at {self.at_s:.2f} s user {self.user}: {self.kind} {self.supplier}.{self.number}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong at the `number`-th point of a kind."""

    kind: str
    point: str
    number: int
    seconds: float = 0.0
    detail: str = ""

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.kind, self.detail, f"{self.seconds:g} s" if self.seconds else "")))
        return f"{what} at {self.point} {self.number}"


@dataclass(frozen=True, slots=True)
class Switch:
    """At the point of this number another strand goes on: the `turn`-th of those that wait."""

    point: int
    turn: int

    def __str__(self) -> str:
        return f"switch at point {self.point} to {self.turn}"


Step = Action | Fault | Switch


@dataclass(frozen=True, slots=True)
class Plan:
    """A run, before it is run."""

    seed: int
    setup: Setup
    steps: tuple[Step, ...]

    def keeping(self, kept: tuple[int, ...]) -> "Plan":
        """Return the plan with these of its steps alone."""
        return replace(self, steps=tuple(self.steps[index] for index in kept))


def plan_of(seed: int) -> Plan:
    """Return the plan of a seed."""
    dice = Random(f"plan {seed}")  # noqa: S311
    setup = _setup(dice)
    actions = list(_actions(dice, setup))
    next_list = list(_next_list(dice))
    if dice.random() < _RUSH_SHARE:
        actions = [replace(action, at_s=action.at_s * _RUSH) if action.kind in _SENT else action for action in actions]
    return Plan(seed, setup, (*actions, *next_list, *_faults(dice, setup), *_switches(dice)))


def _setup(dice: Random) -> Setup:
    has_budget = dice.random() < 0.25
    return Setup(
        drivers=dice.choice([(0,), (0,), (0, 0), (0, 1), (0, 1), (0, 0, 1)]),
        slots=dice.choice([1, 2, 4]),
        user_concurrent=dice.choice([1, 2, 4]),
        has_llm=dice.random() < 0.8,
        concurrency=dice.choice([1, 2, 4]),
        batch_rows=dice.choice([1, 2, 3, 6]),
        requests_a_minute=dice.choice([0, 0, 5, 12]),
        provider_a_minute=dice.choice([0, 0, 0, 8]),
        day_usd=dice.choice(["0", "0.012", "0.02", "0.05"]) if has_budget else "0",
        task_usd=dice.choice(["0", "0.012", "0.02"]) if has_budget else "0",
        takes_long_road=dice.random() < 0.3,
    )


def _actions(dice: Random, setup: Setup) -> Iterator[Action]:
    for number in range(dice.choice([0, 0, 1, 1, 1, 2])):
        yield Action("file", dice.uniform(0, 4), dice.randrange(2), number, dice.choice([1, 1, 2]))
    for kind, likely in (("products", 0.35), ("message", 0.25), ("document", 0.3), ("document", 0.1)):
        if dice.random() < likely:
            yield Action(kind, dice.uniform(0, 6), 2, dice.randrange(3), dice.choice([1, 2]))
    for kind, likely in (("again", 0.3), ("cancel", 0.25), ("file", 0.2), ("stop", 0.2), ("pause", 0.1)):
        if dice.random() < likely:
            action = Action(kind, dice.uniform(0, 8), dice.randrange(len(setup.drivers)), dice.randrange(2), 1)
            yield action
            if kind == "cancel":
                yield replace(action, kind="retry", at_s=action.at_s + dice.choice([0.2, 1.0, 3.0, 6.0]))


def _next_list(dice: Random) -> Iterator[Action | Fault]:
    if dice.random() < _NEXT_LIST_SHARE:
        yield Action("file", 0.0, 0, 0, 1)
        yield Action("file", dice.uniform(*_NEXT_LIST_S), 0, 1, 1)
        yield Fault("crash", "catalogue", dice.randint(7, 10))


def _faults(dice: Random, setup: Setup) -> Iterator[Fault]:
    if len(setup.drivers) > 1 and dice.random() < _AWAY_SHARE:
        point, last = dice.choice(_AWAY_AT)
        yield Fault("suspend", point, dice.randint(1, last), dice.choice(_AWAY_S if point == "work" else _AWAY_AT_WRITE_S))
    if len(setup.drivers) > 1 and dice.random() < _LATE_SHARE:
        yield Fault("suspend", "save", dice.randint(1, 8), dice.choice(_LATE_S))
        yield Fault("stall", "orphan", 1, dice.choice(_FREEING_S))
    if dice.random() < _DEADLY_SHARE:
        for _ in range(_DEATHS):
            yield Fault("crash", "work", dice.randint(1, 300))
    kinds = ["crash"] * 6 + [
        "power_cut",
        "power_cut",
        "suspend",
        "suspend",
        "jump",
        "jump",
        "stall",
        "stall",
        "disk_full",
        "llm",
        "llm",
        "chat",
        "chat",
    ]
    for _ in range(dice.choice([0, 1, 1, 2, 2, 3, 4, 6])):
        kind = dice.choice(kinds)
        point = {"llm": "llm", "chat": "chat"}.get(kind) or dice.choice([*sorted(_POINTS), "work", "work", "kept", "kept"])
        number = 1 + min(int(dice.expovariate(3 / _POINTS[point])), 3 * _POINTS[point])
        if kind == "llm":
            yield Fault(kind, point, number, detail=dice.choice(_LLM_FAULTS))
        elif kind == "chat":
            yield Fault(kind, point, number, detail=dice.choice(_CHAT_FAULTS))
        elif kind == "jump":
            yield Fault(kind, point, number, dice.choice(_JUMPS_S))
        elif kind in ("suspend", "stall", "disk_full"):
            yield Fault(kind, point, number, dice.choice(_PAUSES_S))
        else:
            yield Fault(kind, point, number)


def _switches(dice: Random) -> Iterator[Switch]:
    mean = dice.choice([0, 5, 20, 60, 200])
    if not mean:
        return
    at = 0
    for _ in range(300):
        at += 1 + int(dice.expovariate(1 / mean))
        yield Switch(at, dice.choice([0, 0, 1, 2]))
