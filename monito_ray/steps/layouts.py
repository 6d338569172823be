"""Tables whose columns are in doubt: known from last time, or asked about once each."""

from collections.abc import Mapping, Sequence

from monito_ray.events import LlmUnset
from monito_ray.jobs import layouts as kept
from monito_ray.jobs import ledger
from monito_ray.jobs.task import Task
from monito_ray.pipeline.layouts import Layout, LayoutQuestion, Told
from monito_ray.steps.calls import called, why_no_llm, why_not_priced
from monito_ray.steps.world import Stopped, World


def settle(task: Task, world: World, supplier: str, doubtful: Sequence[Layout]) -> Mapping[str, Told]:
    """What is known, or now said, of these tables' columns, by their keys; what stays open goes to Review with its rows.

    Raises:
        Stopped: while it was asked.
    """
    by_key = {layout.key: layout for layout in doubtful}
    told = kept.known(world.store, supplier, by_key)
    asked = [layout for key, layout in by_key.items() if key not in told]
    if not asked or world.pool is None or why_no_llm(task, world) or why_not_priced(world):
        return told
    ledger.abandon(world.store, task.id)
    news: dict[str, Told] = {}
    for layout in asked:
        for answered in world.pool.put(LayoutQuestion(), [layout], (), world.stop, task.user_id, task.id):
            news.update((layout.key, said) for said in answered.standards.values())
            if answered.use.requests:
                world.sink(called(task, answered))
            if answered.error is not None and not answered.standards:
                world.sink(LlmUnset(task.id, f"the columns of {layout.sheet} stay in doubt: {answered.error}"))
    if world.stop.is_set():
        raise Stopped
    kept.keep(world.store, supplier, news, world.settings.llm_model, world.clock())
    return told | news
