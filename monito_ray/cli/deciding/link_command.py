"""`monito link`: say that two offers are one product, or not."""

from typing import Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_result, report_errors
from monito_ray.errors import UsageWrong

_EXAMPLES = """\b
Examples:
  monito prices shallots --json                                      shows ids of products and offers
  monito link 7k2m4x9q1z 3d8f5h1j0w --same                           both are one product
  monito link "Sari Sayur: Bawang mrh" "Toko B: Shallots" --same     by supplier and name
  monito link 7k2m4x9q1z 3d8f5h1j0w --apart                          they never are
  monito link 7k2m4x9q1z 3d8f5h1j0w --undo                           let the rules decide again
"""
_OFFER = 'An offer or product by its id, or an offer as "supplier: name".'


@app.command("link", short_help="Say that two offers are one product, or two.", epilog=_EXAMPLES)
def link_command(
    one: Annotated[str, typer.Argument(metavar="OFFER", show_default=False, help=_OFFER)],
    other: Annotated[str, typer.Argument(metavar="OFFER", show_default=False, help="The other one.")],
    same: Annotated[bool, typer.Option("--same", help="Both are one product.")] = False,
    apart: Annotated[bool, typer.Option("--apart", help="They are two products.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say of two offers that they are one product, or two.

    It goes before all rules, holds for these articles in all lists of their suppliers, and until somebody says the opposite.

    Exit code: 0, 1 it contradicts what was said before, or there is no such offer, 2 wrong usage.
    """
    with report_errors():
        if same + apart + undo != 1:
            raise UsageWrong("say one of --same, --apart and --undo")
        with open_monito() as monito:
            outcome = monito.link(one, other, "same" if same else "apart" if apart else "")
        state = "one product" if outcome.is_one_product else "two products"
        objection = f", though: {outcome.contradiction}" if outcome.contradiction else ""
        print_result(outcome, f"{outcome.one} and {outcome.other} are {state}{objection}", as_json=as_json)
        from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415

        workbook_drawing.draw_workbook_in_subprocess()
        raise typer.Exit(FAILED if outcome.contradiction else 0)
