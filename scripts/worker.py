"""The four commands of the system that this one replaces: `python scripts/worker.py worker | dashboard | status | purge [QUEUE] [--yes]`."""

import argparse
import sys

from monito_ray.cli import main
from monito_ray.stages import Stage


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="worker.py", description="The service and its queues; `monito --help` has all commands.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("worker", help="run the service, as `monito serve`")
    commands.add_parser("dashboard", aliases=["flower"], help="show where the Ray dashboard is")
    commands.add_parser("status", help="show how workers and queues stand")
    purge = commands.add_parser("purge", help="cancel what waits in one queue, or in all")
    purge.add_argument("queue", nargs="?", choices=[stage.value for stage in Stage])
    purge.add_argument("--yes", action="store_true", help="do not ask")
    for command in dict.fromkeys(commands.choices.values()):
        command.add_argument("--json", action="store_true", help="JSON on stdout")
    return parser.parse_args()


def _run(*words: str) -> int:
    """Run a command of `monito` and return its exit code."""
    try:
        main(words)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _confirm_purge_all() -> bool:
    if not sys.stdin.isatty():
        sys.stderr.write("worker.py: to clear all queues from a script, say --yes\n")
        return False
    sys.stderr.write("Cancel every waiting task in all five queues? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _purge(queue: str | None, *, is_sure: bool, json: list[str]) -> int:
    if queue:
        return _run("purge", queue, *json)
    if not is_sure and not _confirm_purge_all():
        return 1
    return max(_run("purge", stage.value, *json) for stage in Stage)


def _main() -> int:
    arguments = _parse_arguments()
    json = ["--json"] if arguments.json else []
    if arguments.command == "purge":
        return _purge(arguments.queue, is_sure=arguments.yes, json=json)
    if arguments.command == "worker":
        return _run("serve")
    if arguments.command == "status":
        return max(_run("workers", *json), _run("queues", *json))
    return _run("dashboard", *json)


if __name__ == "__main__":
    sys.exit(_main())
