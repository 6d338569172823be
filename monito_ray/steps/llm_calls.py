"""Ask the LLM from a step: check that it may be asked, settle the columns of doubtful tables, and emit each request as an event."""

import threading
import time
from collections.abc import Mapping, Sequence

from monito_ray.catalog.questions.pair_answers import take_unanswered
from monito_ray.errors import MonitoError
from monito_ray.events import LlmCalled, LlmSkipped
from monito_ray.jobs.llm import column_choices, ledger
from monito_ray.pipeline.llm.layout_question import LayoutQuestion
from monito_ray.pipeline.llm.pair_question import PairItem, PairQuestion
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.settings import Settings
from monito_ray.spending import price_of
from monito_ray.steps.context import Attempt, LlmOutcome, Pool

#: Pairs of a list that the LLM is asked about, the likeliest: people do not answer more at a sitting.
_MOST_PAIRS = 200
#: A list waits so long for what the LLM says of pairs. Answers that come later are stored all the same, and stand in the next workbook.
_LONGEST_WAIT_S = 20.0


def why_no_llm(attempt: Attempt) -> str:
    """Return why the LLM must not be asked for this task; "" when it may be."""
    if attempt.task.options.get("use_llm") is False:
        return "the LLM is switched off for this list"
    return "" if attempt.services.pool is not None else "no LLM is set: give OPENAI_API_KEY or OPENAI_BASE_URL"


def why_not_priced(settings: Settings) -> str:
    """Return why the budget in the settings cannot be kept, so that nothing may be asked; "" if it can, or if there is none."""
    model = settings.llm_model
    if not (settings.llm_budget_usd or settings.llm_daily_usd) or price_of(model, settings.llm_price):
        return ""
    return f"no price is known for the model {model}, so its budget cannot be kept: set MONITO_LLM_PRICE, unset the budget, or choose another model"


def call_event(task_id: str, outcome: LlmOutcome) -> LlmCalled:
    """Return the event for a request that ended."""
    use, code = outcome.use, outcome.error.code if outcome.error else ""
    tokens = use.prompt_tokens, use.cached_tokens, use.completion_tokens
    return LlmCalled(task_id, use.rows, *tokens, outcome.duration_ms, code, use.requests, float(use.cost_usd))


def settle_columns(attempt: Attempt, supplier: str, doubtful: Sequence[DoubtfulTable]) -> Mapping[str, ColumnChoice]:
    """Return the column choices for these tables, stored ones and those that the LLM makes now, by the keys of the tables.

    Rows of a table that stays in doubt go to Review.

    Raises:
        Stopped: while the LLM was asked.
    """
    services, task = attempt.services, attempt.task
    by_key = {table.key: table for table in doubtful}
    stored = column_choices.find_choices(services.store, supplier, by_key)
    unsettled = [table for key, table in by_key.items() if key not in stored]
    if not unsettled or services.pool is None or why_no_llm(attempt) or why_not_priced(services.settings):
        return stored
    ledger.mark_abandoned(services.store, task.id)
    chosen: dict[str, ColumnChoice] = {}
    for table in unsettled:
        for outcome in services.pool.ask(LayoutQuestion(), [table], (), attempt.stop, task.user_id, task.id):
            chosen.update((table.key, choice) for choice in outcome.standards.values())
            if outcome.use.requests:
                attempt.sink(call_event(task.id, outcome))
            if outcome.error is not None and not outcome.standards:
                attempt.sink(LlmSkipped(task.id, f"the columns of {table.sheet} stay in doubt: {outcome.error}"))
    attempt.check_stop()
    column_choices.save_choices(services.store, supplier, chosen, services.settings.llm_model, services.clock())
    return stored | chosen


def ask_about_pairs(attempt: Attempt) -> None:
    """Ask about those offers of the task's list that may be one product with others', each pair of texts once for each model.

    No list fails by it or waits long for it: what is not answered stays with people, and an event says why.

    Raises:
        Stopped: while the LLM was asked.
    """
    services, task = attempt.services, attempt.task
    if services.pool is None or why_no_llm(attempt) or why_not_priced(services.settings):
        return
    items = take_unanswered(services.store, task.id, services.settings.llm_model, _MOST_PAIRS)
    if not items:
        return
    ledger.mark_abandoned(services.store, task.id)
    try:
        error = _ask_about(attempt, services.pool, items)
    except MonitoError as fault:
        error = fault
    attempt.check_stop()
    if error is not None:
        why = ". ".join(filter(None, (str(error), error.remedy)))
        attempt.sink(LlmSkipped(task.id, f"offers that may be one product are left to people: {why}"))


def _ask_about(attempt: Attempt, pool: Pool, items: Mapping[str, PairItem]) -> MonitoError | None:
    """Return the last error, None where every request was answered in time; the ledger stores the answers."""
    error: MonitoError | None = None
    stop = _StopOrDeadline(attempt.stop, _LONGEST_WAIT_S)
    for outcome in pool.ask(PairQuestion(), list(items.values()), list(items), stop, attempt.task.user_id, attempt.task.id):
        error = outcome.error
        if outcome.use.requests:
            attempt.sink(call_event(attempt.task.id, outcome))
    return error


class _StopOrDeadline(threading.Event):
    """Set as soon as another event is, and after `seconds`."""

    def __init__(self, stop: threading.Event, seconds: float) -> None:
        super().__init__()
        self._stop = stop
        self._ends_at = time.monotonic() + seconds

    def is_set(self) -> bool:
        return self._stop.is_set() or time.monotonic() >= self._ends_at
