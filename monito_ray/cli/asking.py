"""Ask a person at a terminal what the columns of a list in doubt hold, and whose list it is."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from monito_ray.records import SUPPLIER_QUESTION


def is_possible() -> bool:
    """Return whether somebody sits at a terminal, and reads what is asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_columns(file_name: str, questions: Sequence[Mapping[str, Any]]) -> str:
    """Ask the questions of one list in turn and return the columns as `--columns` takes them, "" where all was right."""
    columns: dict[str, str] = {}
    for question in [question for question in questions if question["id"] != SUPPLIER_QUESTION]:
        chosen = _ask(file_name, question)
        role = str(question["id"]).rpartition(":")[2]
        if chosen:
            pairs = dict(pair.split("=") for pair in chosen.split(","))
            columns[role] = pairs[role]
    return ",".join(f"{role}={letters}" for role, letters in columns.items())


def ask_supplier(file_name: str, questions: Sequence[Mapping[str, Any]]) -> str:
    """Ask whose list it is, if that is among the questions; return the supplier's name, "" where nobody said."""
    question = next((question for question in questions if question["id"] == SUPPLIER_QUESTION), None)
    if question is None:
        return ""
    choices = question["choices"]
    _show_choices(file_name, question)
    answer = str(typer.prompt("Number, a name, or Enter to leave it", default="", show_default=False)).strip()
    return str(choices[int(answer) - 1]["id"]) if answer.isdigit() and 1 <= int(answer) <= len(choices) else answer


def _show_choices(file_name: str, question: Mapping[str, Any]) -> None:
    typer.echo(f"\n{file_name}: {question['text']}")
    for number, choice in enumerate(question["choices"], start=1):
        typer.echo(f"  {number}  {choice['text']}{'   (taken now)' if number == 1 else ''}")


def _ask(file_name: str, question: Mapping[str, Any]) -> str:
    """Return the id of the chosen answer, "" where the list was read by it already, or nothing was chosen."""
    choices = question["choices"]
    _show_choices(file_name, question)
    while True:
        answer = typer.prompt("Number, or Enter to leave it", default="1", show_default=False).strip()
        if answer.isdigit() and 1 <= int(answer) <= len(choices):
            return str(choices[int(answer) - 1]["id"]) if int(answer) > 1 else ""
        typer.echo(f"Give a number from 1 to {len(choices)}.")
