"""Counts, durations, prices and events as a person at a terminal reads them. Pure text."""

from dataclasses import dataclass, replace
from decimal import Decimal

from monito_ray import events
from monito_ray.records import TaskEvent
from monito_ray.stages import Stage

#: As in `messages.local_numbers`, which is slow to load.
_WHOLE_FROM, _SMALL = 100, Decimal("0.1")
STAGE_VERBS = {
    Stage.FILE_PROCESSING: "reading",
    Stage.DATA_VALIDATION: "validating",
    Stage.LLM_PROCESSING: "standardizing",
    Stage.SHEETS_WRITING: "cataloguing",
    Stage.NOTIFICATIONS: "reporting",
}


def count_text(number: int, thing: str) -> str:
    """Return `1 row`, `1,200 rows`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def duration_text(duration_ms: float) -> str:
    """Return `0.24 s`, `12.3 s` or `2 min 5 s`."""
    if duration_ms < 60_000:
        return f"{duration_ms / 1000:.2f} s" if duration_ms < 1000 else f"{duration_ms / 1000:.1f} s"
    minutes, rest = divmod(round(duration_ms / 1000), 60)
    return f"{minutes} min {rest} s"


def price_text(price: Decimal) -> str:
    """Return `75,000` or `1,234.50`: decimals only where there are any."""
    return f"{price:,.0f}" if price == price.to_integral_value() else f"{price:,.2f}"


def base_price_text(price: Decimal) -> str:
    """Return the price of one kilogram, litre or piece with no more digits than tell it from others: it was divided, not read."""
    if price >= _WHOLE_FROM:
        return f"{price:,.0f}"
    return price_text(price) if price >= _SMALL else f"{price:.3g}"


@dataclass(frozen=True, slots=True)
class LlmTotals:
    """How a task's requests to the LLM stand."""

    in_flight: int = 0
    answers: int = 0
    repairs: int = 0
    failures: int = 0
    tokens: int = 0
    cost_usd: float = 0.0

    def after(self, event: events.LlmTraffic | events.LlmCalled) -> "LlmTotals":
        """Return the totals after another event."""
        if isinstance(event, events.LlmTraffic):
            return replace(self, in_flight=event.in_flight, repairs=self.repairs + event.repairs)
        return replace(
            self,
            answers=self.answers + (not event.error),
            failures=self.failures + bool(event.error),
            tokens=self.tokens + event.prompt_tokens + event.completion_tokens,
            cost_usd=self.cost_usd + event.cost_usd,
        )


def llm_text(totals: LlmTotals) -> str:
    """Return `LLM: 8 in flight, 12 answers, 2 repairs, 45k tokens, $0.0021`; what is 0 is left out, but for what is in flight and answered."""
    parts = [f"{totals.in_flight} in flight", count_text(totals.answers, "answer")]
    parts += [count_text(number, thing) for number, thing in ((totals.repairs, "repair"), (totals.failures, "failure")) if number]
    if totals.tokens:
        parts.append(f"{totals.tokens / 1000:.0f}k tokens" if totals.tokens >= 10_000 else count_text(totals.tokens, "token"))
    if totals.cost_usd:
        parts.append(f"${totals.cost_usd:.4f}")
    return f"LLM: {', '.join(parts)}"


def event_line(event: events.Event) -> str:
    """Return `event` as a line of progress, "" for one that is not worth a line."""
    match event:
        case events.StageFinished():
            rows = f"{count_text(event.rows, 'row')}, " if event.rows else ""
            return f"{STAGE_VERBS[event.stage]} done, {rows}{duration_text(event.duration_ms)}"
        case events.LlmSkipped():
            return f"by rules alone: {event.reason}"
        case events.LlmAdapted():
            return event.reason
        case events.TaskRetried():
            return f"{event.message}; again in {event.wait_s:.0f} s"
        case events.TaskSucceeded():
            return f"done, {duration_text(event.duration_ms)}"
    return ""


def recorded_event_line(event: TaskEvent) -> str:
    """Return an event that the store recorded as a line of a task's history."""
    data = event.data
    match event.name:
        case "task.submitted":
            return f"submitted: {data.get('file_name', '')}"
        case "stage.finished":
            return f"done, {count_text(data['rows'], 'row')}, {duration_text(data['duration_ms'])}"
        case "task.succeeded":
            return f"succeeded, {duration_text(data['task_ms'])} in all"
        case "task.failed":
            return f"failed: {data['message']}"
        case "task.retried":
            return f"{data['message']}; again in {data['wait_s']:.0f} s"
        case "task.released" if "lost" in data:
            return f"its driver {data['lost']} died; it waits for another"
        case "task.released":
            return "put back: its driver stopped"
        case "llm.skipped":
            return f"by rules: {data['reason']}"
        case "supplier.assigned":
            return "a person said whose list it is"
    return event.name.removeprefix("task.")
