"""What is done in each stage: a table from stage to step, for files and for each other kind of task.

A step reads the artifacts of the step before it and leaves its own. When those it produces are in place it is done, and is not
run again; one that produces none may run any number of times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from monito_ray.jobs.artifacts import GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.jobs.task import LLM, NOTIFICATION
from monito_ray.stages import Stage
from monito_ray.steps.context import Attempt
from monito_ray.steps.finish import summarize
from monito_ray.steps.notify import send_message
from monito_ray.steps.read import read_list
from monito_ray.steps.standardize import standardize, standardize_products
from monito_ray.steps.validate import validate
from monito_ray.steps.write import write_offers


@dataclass(frozen=True, slots=True)
class Step:
    """`run` goes through the rows of the artifact `consumes` ("" = the file itself); that of the last step returns the task's result."""

    run: Callable[[Attempt], dict[str, Any] | None]
    consumes: str
    produces: tuple[str, ...] = ()


STEPS: Mapping[Stage, Step] = {
    Stage.FILE_PROCESSING: Step(read_list, "", (RAW,)),
    Stage.DATA_VALIDATION: Step(validate, RAW, (REJECTS, GOOD)),
    Stage.LLM_PROCESSING: Step(standardize, GOOD, (PRODUCTS,)),
    Stage.SHEETS_WRITING: Step(write_offers, PRODUCTS),
    Stage.NOTIFICATIONS: Step(summarize, PRODUCTS),
}

STEPS_BY_KIND: Mapping[str, Mapping[Stage, Step]] = {
    LLM: {Stage.LLM_PROCESSING: Step(standardize_products, GOOD)},
    NOTIFICATION: {Stage.NOTIFICATIONS: Step(send_message, "")},
}
