"""The commands that show suppliers and change them."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli import asking
from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_json, print_result, read_settings, report_errors
from monito_ray.errors import UsageWrong

if TYPE_CHECKING:
    from monito_ray.catalog.suppliers.supplier_list import Supplier

_EXAMPLES = """\b
Examples:
  monito suppliers                                      who there is, and how old their lists are
  monito suppliers rename "june veg" "Sari Sayur"       its next list named "june veg" goes there, too
  monito suppliers merge "PT Zarvex (2)" "PT Zarvex"    of each product the newest offer stands
  monito suppliers split "PT Zarvex (2)" k7m2p9x4ra     they are two again
  monito suppliers delete "test list"
  monito suppliers assign k7m2p9x4ra "Sari Sayur"       whose list it is that this task brought
"""
_RENAME_EXAMPLES = """\b
Example:
  monito suppliers rename "june veg" "Sari Sayur"
"""
_MERGE_EXAMPLES = """\b
Example:
  monito suppliers merge "PT Zarvex (2)" "PT Zarvex"    PT Zarvex is what remains
"""
_SPLIT_EXAMPLES = """\b
Example:
  monito suppliers split "PT Zarvex (2)" k7m2p9x4ra 3d8f5h1j0w    these lists are its own again
"""
_DELETE_EXAMPLES = """\b
Examples:
  monito suppliers delete "test list"
  monito suppliers delete "test list" --yes             from a script
"""
_ASSIGN_EXAMPLES = """\b
Examples:
  monito suppliers assign k7m2p9x4ra "Sari Sayur"       a new supplier, or one that is there
  monito suppliers assign k7m2p9x4ra sari               in any case and with any legal form
"""
_LIST_EXAMPLES = """\b
Examples:
  monito suppliers list
  monito suppliers list --json | jq '.[] | select(.offers == 0).name'
"""

_suppliers = typer.Typer(invoke_without_command=True, epilog=_EXAMPLES, rich_markup_mode=None)
app.add_typer(_suppliers, name="suppliers", short_help="Show, rename, merge, split, delete suppliers.")


def _name(metavar: str, text: str) -> typer.models.ArgumentInfo:
    return typer.Argument(metavar=metavar, show_default=False, help=text)  # type: ignore[no-any-return]


@_suppliers.callback()
def suppliers_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Show suppliers; rename one, make one of two or two of one, or delete one.

    Names are found in any case and with any legal form: "zarvex" is "PT Zarvex".
    """
    if context.invoked_subcommand is None:
        _show_suppliers(as_json=as_json)
    elif as_json:
        with report_errors():
            raise UsageWrong(f"--json stands behind {context.invoked_subcommand}")


@_suppliers.command("list", short_help="Show suppliers, offers, lists, other names.", epilog=_LIST_EXAMPLES)
def list_command(as_json: AsJson = False) -> None:
    """Show all suppliers with their offers, lists and other names."""
    _show_suppliers(as_json=as_json)


@_suppliers.command("rename", short_help="Give a supplier another name.", epilog=_RENAME_EXAMPLES)
def rename_command(
    old: Annotated[str, _name("OLD", "The supplier as it is called now.")],
    new: Annotated[str, _name("NEW", "The name that the catalogue shows from now on.")],
    as_json: AsJson = False,
) -> None:
    """Give a supplier another name; lists that come under the old one go there, too."""
    with report_errors():
        with open_monito() as monito:
            change = monito.rename_supplier(old, new)
        print_result(change, f"{change.before!r} is {change.supplier!r} now: {_count(change.offers, 'offer')}", as_json=as_json)
        _show_in_outputs(change.before or change.supplier, as_json=as_json)


@_suppliers.command("merge", short_help="Make one supplier of two.", epilog=_MERGE_EXAMPLES)
def merge_command(
    source: Annotated[str, _name("FROM", "The supplier that goes; lists that come under its name go to the other.")],
    target: Annotated[str, _name("INTO", "The supplier that remains.")],
    as_json: AsJson = False,
) -> None:
    """Make one supplier of two: its lists are those of both, so that of each article the newest offer stands, with the prices of both.

    `monito suppliers split` takes it back.
    """
    with report_errors():
        with open_monito() as monito:
            change = monito.merge_suppliers(source, target)
        counts = f"{_count(change.offers, 'offer')} moved, {_count(change.joined, 'article')} of both"
        print_result(change, f"{change.before!r} is part of {change.supplier!r} now: {counts}", as_json=as_json)
        _show_in_outputs(change.before or change.supplier, as_json=as_json)


@_suppliers.command("split", short_help="Take a merge back.", epilog=_SPLIT_EXAMPLES)
def split_command(
    name: Annotated[str, _name("NAME", "Another name of a supplier, as `monito suppliers` shows it under Also comes as.")],
    task_ids: Annotated[list[str], _name("TASK_ID...", "The tasks that brought its lists; `monito status` shows them.")],
    as_json: AsJson = False,
) -> None:
    """Take a merge back: another name of a supplier is a supplier of its own again, with the lists of these tasks.

    What was corrected and linked since stays with the supplier that had the name.
    """
    with report_errors():
        with open_monito() as monito:
            change = monito.split_supplier(name, task_ids)
        counts = f"{_count(len(set(task_ids)), 'list')}, {_count(change.offers, 'offer')}"
        print_result(change, f"{change.supplier!r} is no part of {change.before!r} any more: {counts}", as_json=as_json)
        _show_in_outputs(change.before, as_json=as_json)


@_suppliers.command("assign", short_help="Say whose list it is.", epilog=_ASSIGN_EXAMPLES)
def assign_command(
    task_id: Annotated[str, _name("TASK_ID", "The task that brought the list; `monito status` shows it.")],
    name: Annotated[str, _name("NAME", "Whose list it is: a supplier that there is, or a new one.")],
    as_json: AsJson = False,
) -> None:
    """Say whose list it is; that is remembered for the sender, the columns, and all that the list shows."""
    with report_errors():
        with open_monito() as monito:
            answer = monito.answer_supplier(task_id, name)
        print_result(answer, f"{_count(len(answer.tasks), 'list')} of {answer.before!r} went to {answer.supplier!r}", as_json=as_json)
        _show_in_outputs(answer.before, as_json=as_json)


@_suppliers.command("delete", short_help="Delete a supplier with all of its lists.", epilog=_DELETE_EXAMPLES)
def delete_command(
    name: Annotated[str, _name("NAME", "The supplier that goes, with all that the catalogue has of it.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a supplier: its lists with all that they made, and its corrections.

    This cannot be taken back; `monito backup` before it keeps a copy.
    """
    with report_errors():
        with open_monito() as monito:
            supplier = monito.find_supplier(name)
            if not is_sure and not _may_delete(supplier):
                typer.echo("nothing is deleted", err=True)
                raise typer.Exit(FAILED)
            change = monito.delete_supplier(supplier.name)
        print_result(change, f"{change.supplier!r} is deleted: {_count(change.offers, 'offer')}", as_json=as_json)
        _show_in_outputs(change.before or change.supplier, as_json=as_json)


def _may_delete(supplier: "Supplier") -> bool:
    """Ask a person whether a supplier may go; a script has to say so.

    Raises:
        UsageWrong: nobody can be asked.
    """
    if not asking.is_possible():
        raise UsageWrong("this deletes prices for good", "From a script, say --yes.")
    content = f"{_count(supplier.offers, 'offer')} of {_count(supplier.lists, 'list')}, their history and corrections"
    return typer.confirm(f"Delete {supplier.name!r} with {content}?")


def _show_suppliers(*, as_json: bool) -> None:
    with report_errors():
        with open_monito() as monito:
            suppliers = monito.suppliers()
        if as_json:
            print_json([asdict(supplier) for supplier in suppliers])
            return
        if not suppliers:
            typer.echo("the catalogue has no supplier yet")
            return
        from monito_ray.cli import console  # noqa: PLC0415

        rows = []
        for supplier in suppliers:
            seen = f"{supplier.last_seen:%Y-%m-%d}" if supplier.last_seen else ""
            day = f"{supplier.list_date:%Y-%m-%d}" if supplier.list_date else ""
            currencies = ", ".join(code or "?" for code in supplier.currencies)
            rows.append(
                (supplier.name, f"{supplier.lists:,}", f"{supplier.offers:,}", currencies, day, seen, ", ".join(supplier.other_names))
            )
        console.show_texts(("Supplier", "Lists", "Offers", "Currency", "List of", "Came", "Also comes as"), rows, sys.stdout)


def _show_in_outputs(gone: str, *, as_json: bool) -> None:
    """Draw the workbook again, and say what the spreadsheet still shows of the supplier that had it."""
    from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415

    workbook_drawing.draw_workbook_in_subprocess()
    if not as_json and read_settings().sheet_id:
        typer.echo(f"the Google spreadsheet follows with the next list; sheet and columns of {gone!r} stay there until you delete them")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"
