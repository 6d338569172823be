"""The steps of each stage, for files and for the other kinds of task.

A step reads the artifacts that it consumes and writes those that it produces. A step whose artifacts exist is done and is not run again; a step
that produces none may run any number of times.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.jobs.artifacts import BY_RULES, GOOD, PRODUCTS, RAW, REJECTS
from monito_ray.jobs.task import FILE, LLM, NOTIFICATION
from monito_ray.stages import Stage
from monito_ray.steps.alarms import tell_followers
from monito_ray.steps.apply_rules import apply_rules
from monito_ray.steps.context import Attempt
from monito_ray.steps.finish import summarize
from monito_ray.steps.notify import send_message
from monito_ray.steps.read import read_list
from monito_ray.steps.standardize import standardize, standardize_products
from monito_ray.steps.validate import validate
from monito_ray.steps.write import publish_offers, write_offers


@dataclass(frozen=True, slots=True)
class Step:
    """A function of an attempt, and the names of the artifacts that it reads and writes."""

    #: The last step of a task returns the task's result; a step before it may, and ends the task.
    run: Callable[[Attempt], dict[str, Any] | None]
    #: Progress is counted in rows of the first artifact.
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    #: For a short list it also writes these artifacts of later steps, which are then skipped.
    produces_if_short: tuple[str, ...] = ()
    #: It has all rows of the list in memory as records; those of a long list are in another process, where there is one (`long_lists`).
    holds_rows: bool = False
    #: It computes much for each row: of several short lists it is worked on in two processes (`many_lists`).
    is_heavy: bool = False


Steps = Mapping[Stage, Sequence[Step]]

FILE_STEPS: Steps = {
    Stage.FILE_PROCESSING: [Step(read_list, (), (RAW,), produces_if_short=(REJECTS, GOOD, BY_RULES))],
    Stage.DATA_VALIDATION: [Step(validate, (RAW,), (REJECTS, GOOD), holds_rows=True)],
    Stage.LLM_PROCESSING: [
        Step(apply_rules, (GOOD,), (BY_RULES,), holds_rows=True),
        Step(standardize, (GOOD, BY_RULES), (PRODUCTS,), holds_rows=True),
    ],
    Stage.SHEETS_WRITING: [Step(write_offers, (PRODUCTS,), holds_rows=True, is_heavy=True), Step(publish_offers, (PRODUCTS,))],
    Stage.NOTIFICATIONS: [Step(tell_followers, (PRODUCTS,)), Step(summarize, (PRODUCTS, REJECTS, RAW), holds_rows=True)],
}

STEPS_BY_KIND: Mapping[str, Steps] = {
    FILE: FILE_STEPS,
    LLM: {
        Stage.LLM_PROCESSING: [
            Step(apply_rules, (GOOD,), (BY_RULES,), holds_rows=True),
            Step(standardize_products, (GOOD, BY_RULES), holds_rows=True),
        ]
    },
    NOTIFICATION: {Stage.NOTIFICATIONS: [Step(send_message)]},
}
