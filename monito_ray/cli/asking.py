"""Ask a person at a terminal what the columns of a list in doubt hold."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer


def is_possible() -> bool:
    """Return whether somebody sits at a terminal, and reads what is asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_columns(file_name: str, questions: Sequence[Mapping[str, Any]]) -> str:
    """Ask the questions of one list in turn and return the columns as `--columns` takes them, "" where all was right."""
    columns: dict[str, str] = {}
    for question in questions:
        chosen = _ask(file_name, question)
        role = str(question["id"]).rpartition(":")[2]
        if chosen:
            pairs = dict(pair.split("=") for pair in chosen.split(","))
            columns[role] = pairs[role]
    return ",".join(f"{role}={letters}" for role, letters in columns.items())


def _ask(file_name: str, question: Mapping[str, Any]) -> str:
    """Return the id of the chosen answer, "" where the list was read by it already, or nothing was chosen."""
    typer.echo(f"\n{file_name}: {question['text']}")
    choices = question["choices"]
    for number, choice in enumerate(choices, start=1):
        typer.echo(f"  {number}  {choice['text']}{'   (taken now)' if number == 1 else ''}")
    while True:
        answer = typer.prompt("Number, or Enter to leave it", default="1", show_default=False).strip()
        if answer.isdigit() and 1 <= int(answer) <= len(choices):
            return str(choices[int(answer) - 1]["id"]) if int(answer) > 1 else ""
        typer.echo(f"Give a number from 1 to {len(choices)}.")
