"""The console command `monito`. What a command needs is imported when it runs, so that `--help` answers at once and loads neither Ray nor pandas."""

import logging
import sys
from collections.abc import Sequence

from monito_ray.arguments.checked_values import is_writable
from monito_ray.cli import app, catalog, evaluation, explain, queues, service, submit, suppliers  # noqa: F401  importing a module adds its commands
from monito_ray.cli.comparing import basket_command, changes_command, prices_command, report_command  # noqa: F401
from monito_ray.cli.deciding import link_command, undo_command  # noqa: F401
from monito_ray.terminal.guarded_stream import guard_streams

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process: 0 all done, 1 something failed, 2 wrong usage, 130 stopped by Ctrl-C."""
    guard_streams()
    logging.getLogger("dotenv").setLevel(logging.ERROR)  # of a line that cannot be read, `ignored_settings` says in which file it is
    words = sys.argv[1:] if arguments is None else list(arguments)
    if unreadable := [text for text in words if not is_writable(text)]:
        app.echo_error(f"monito: {unreadable[0]!r} is no text in UTF-8", "Rename the file, or write it anew.")
        sys.exit(app.USAGE)
    app.app(args=words, prog_name="monito")
