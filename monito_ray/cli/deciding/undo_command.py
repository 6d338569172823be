"""`monito undo`: take a list back."""

from typing import Annotated

import typer

from monito_ray.cli.app import AsJson, app, open_monito, print_result, report_errors
from monito_ray.cli.phrases import count_text

_EXAMPLES = """\b
Examples:
  monito status                    the newest tasks with their ids
  monito undo 7k2m4x9q1z           the list of this task was the wrong one
"""


@app.command("undo", short_help="Take a list back.", epilog=_EXAMPLES)
def undo_command(
    task_id: Annotated[str, typer.Argument(metavar="TASK_ID", show_default=False, help="The task of the list; `monito status` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Take a list back: offers, prices and changes are as if it had never come.

    What people corrected and linked stays. The same file can be submitted again at once.

    Exit code: 0, 1 the catalogue has no list of this task.
    """
    with report_errors():
        with open_monito() as monito:
            undone = monito.undo(task_id)
        suppliers = ", ".join(repr(name) for name in undone.suppliers)
        print_result(
            undone, f"{undone.file_name or task_id} of {suppliers} is taken back: {count_text(undone.rows, 'row')}", as_json=as_json
        )
        from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415

        workbook_drawing.draw_workbook_in_subprocess()
