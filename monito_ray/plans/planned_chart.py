"""Charts as values: planned by the catalogue, drawn by the clients."""

from dataclasses import dataclass
from enum import StrEnum

from monito_ray.plans.planned_report import DatedPrice


class Tone(StrEnum):
    """What a bar says beside its length."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """The prices of one supplier."""

    name: str
    #: Each holds until the next; the oldest first, two at least.
    points: tuple[DatedPrice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """Prices over time, stepped."""

    #: Of the file, without suffix.
    name: str
    title: str
    #: What the prices are: "IDR per kg".
    subtitle: str
    lines: tuple[ChartLine, ...]


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar with a label before it and its value behind it."""

    label: str
    #: A price, or a share: 0.05 is 5 %.
    value: float
    tone: Tone = Tone.PLAIN
    #: What stands behind the value.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars below each other, the first on top."""

    #: Of the file, without suffix.
    name: str
    title: str
    subtitle: str
    bars: tuple[ChartBar, ...]
    #: Whether the values are shares of change, which may be below nought.
    is_share: bool = False


PlannedChart = LineChart | BarChart
