"""Asking the LLM from a step: whether it may be asked, which columns of a doubtful table hold what, and each request as an event."""

from collections.abc import Mapping, Sequence

from monito_ray.events import LlmCalled, LlmSkipped
from monito_ray.jobs.llm import column_choices, ledger
from monito_ray.jobs.task import Task
from monito_ray.pipeline.llm.layout_question import LayoutQuestion
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.spending import is_priced
from monito_ray.steps.context import LlmOutcome, Stopped, World


def why_no_llm(task: Task, world: World) -> str:
    """Why the LLM is not to be asked for this task; "" when it may be."""
    if task.options.get("use_llm") is False:
        return "the LLM is switched off for this list"
    return "" if world.pool is not None else "no LLM is set: give OPENAI_API_KEY or OPENAI_BASE_URL"


def why_not_priced(world: World) -> str:
    """Why no budget can be kept, and nothing be asked where there is one; "" where it can."""
    model = world.settings.llm_model
    if not (world.settings.llm_budget_usd or world.settings.llm_daily_usd) or is_priced(model):
        return ""
    return f"no price is known for the model {model}, so its budget cannot be kept: unset the budget, or choose another model"


def call_event(task: Task, answered: LlmOutcome) -> LlmCalled:
    """A request that ended, as an event."""
    use, code = answered.use, answered.error.code if answered.error else ""
    tokens = use.prompt_tokens, use.cached_tokens, use.completion_tokens
    return LlmCalled(task.id, use.rows, *tokens, answered.duration_ms, code, use.requests, float(use.cost_usd))


def settle_columns(task: Task, world: World, supplier: str, doubtful: Sequence[DoubtfulTable]) -> Mapping[str, ColumnChoice]:
    """What is known, or now said, of these tables' columns, by their keys; what stays open goes to Review with its rows.

    Raises:
        Stopped: while it was asked.
    """
    by_key = {layout.key: layout for layout in doubtful}
    told = column_choices.find_choices(world.store, supplier, by_key)
    asked = [layout for key, layout in by_key.items() if key not in told]
    if not asked or world.pool is None or why_no_llm(task, world) or why_not_priced(world):
        return told
    ledger.mark_abandoned(world.store, task.id)
    news: dict[str, ColumnChoice] = {}
    for layout in asked:
        for answered in world.pool.put(LayoutQuestion(), [layout], (), world.stop, task.user_id, task.id):
            news.update((layout.key, said) for said in answered.standards.values())
            if answered.use.requests:
                world.sink(call_event(task, answered))
            if answered.error is not None and not answered.standards:
                world.sink(LlmSkipped(task.id, f"the columns of {layout.sheet} stay in doubt: {answered.error}"))
    if world.stop.is_set():
        raise Stopped
    column_choices.save_choices(world.store, supplier, news, world.settings.llm_model, world.clock())
    return told | news
