"""What every step that asks the LLM says of it."""

from monito_ray.clients.llm_prices import is_priced
from monito_ray.events import LlmCalled
from monito_ray.jobs.task import Task
from monito_ray.steps.world import Answered, World


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


def called(task: Task, answered: Answered) -> LlmCalled:
    """A request that ended, as an event."""
    use, code = answered.use, answered.error.code if answered.error else ""
    tokens = use.prompt_tokens, use.cached_tokens, use.completion_tokens
    return LlmCalled(task.id, use.rows, *tokens, answered.duration_ms, code, use.requests, float(use.cost_usd))
