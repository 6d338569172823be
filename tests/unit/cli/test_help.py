"""What `--help` of each command prints."""

import typer
from typer.testing import CliRunner

from monito_ray import cli
from monito_ray.cli.app import app


def test_the_help_of_no_command_has_strange_characters():
    """Marks of paragraphs that are not to be wrapped are for the library, and people see none."""
    assert callable(cli.main)  # it has added the commands
    names = [command.name for command in app.registered_commands]
    groups = [(str(group.name), command.name) for group in app.registered_groups for command in _commands(group.typer_instance)]
    pages = {words: CliRunner().invoke(app, [*words, "--help"]).output for words in [*((name,) for name in names), *groups]}
    assert len(pages) > 20
    assert {words for words, page in pages.items() if not page.replace("\n", "").isprintable()} == set()


def test_the_list_of_commands_says_each_in_a_whole_sentence():
    """Nothing is cut off at 80 columns."""
    for page in (["--help"], ["suppliers", "--help"]):
        output = CliRunner().invoke(app, page, env={"COLUMNS": "80"}, terminal_width=80).output
        lines = output.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
        assert len(lines) > 4
        assert [line for line in lines if not line.endswith(".") or line.endswith("...")] == []


def _commands(group: typer.Typer | None) -> list[typer.models.CommandInfo]:
    return group.registered_commands if group else []
