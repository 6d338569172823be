"""Ask the LLM from a step: check that it may be asked, settle the columns of doubtful tables, and emit each request as an event."""

from collections.abc import Mapping, Sequence

from monito_ray.catalog.questions.pair_answers import save_answers, unanswered_pairs
from monito_ray.events import LlmCalled, LlmSkipped
from monito_ray.jobs.llm import column_choices, ledger
from monito_ray.pipeline.llm.layout_question import LayoutQuestion
from monito_ray.pipeline.llm.pair_question import PairQuestion
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.settings import Settings
from monito_ray.spending import price_of
from monito_ray.steps.context import Attempt, LlmOutcome

#: Pairs of a list that the LLM is asked about, the likeliest: people do not answer more at a sitting.
_MOST_PAIRS = 200


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
    """Ask about those offers of the task's list that may be one product with others', each pair of texts once; a failure leaves people's questions as they are.

    Raises:
        Stopped: while the LLM was asked.
    """
    services, task = attempt.services, attempt.task
    if services.pool is None or why_no_llm(attempt) or why_not_priced(services.settings):
        return
    items = unanswered_pairs(services.store, task.id, _MOST_PAIRS)
    if not items:
        return
    ledger.mark_abandoned(services.store, task.id)
    keys = list(items)
    for outcome in services.pool.ask(PairQuestion(), list(items.values()), (), attempt.stop, task.user_id, task.id):
        answers = {keys[place]: answer for place, answer in outcome.standards.items()}
        save_answers(services.store, answers, services.settings.llm_model, services.clock())
        if outcome.use.requests:
            attempt.sink(call_event(task.id, outcome))
    attempt.check_stop()
