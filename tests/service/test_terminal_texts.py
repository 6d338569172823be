"""The commands at a terminal, over a catalogue of texts that would command it."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_catalogues import TERMINAL_TEXTS, write_catalogue

from monito_ray.settings import load_settings
from monito_ray.wiring import open_store

#: What the texts would do: titles, hidden and blinking letters, questions to the terminal, other controls, turned writing, forged lines.
COMMANDS = (b"\x1b]", b"\x1b[8m", b"\x1b[5", b"\x1bP", b"\x1b\\", b"\x07", b"\x08", b"\x7f", b"h\rF")
COMMANDS_OF_UNICODE = ("\x9b", "\u202e", "\u2066", "\u2028")
#: Runs every command of the arguments' file in one process, whose start is most of a command's time.
_ALL_IN_ONE = """
import json, sys
from monito_ray.cli import main
for arguments in json.load(open(sys.argv[1])):
    print("$", json.dumps(arguments))
    try:
        main(arguments)
    except SystemExit as ended:
        print("ended:", ended.code)
"""


def test_no_command_lets_a_text_through_to_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Names, sections, suppliers, files, doubts and errors are shown, and none of what they would do reaches the terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
    with open_store(load_settings()) as store:
        write_catalogue(store, TERMINAL_TEXTS)
    title, hidden = TERMINAL_TEXTS[0], TERMINAL_TEXTS[2]
    readable = [text for text in TERMINAL_TEXTS if not re.search(r"[\x00-\x1f\x7f]", text)]
    rows = "\n".join(f'"{text} {index} kg",1{index}000' for index, text in enumerate(readable, start=1))
    Path(title).write_text(f"{readable[0]},Price\n{rows}\n", "utf-8")
    Path("order.txt").write_text("\n".join(f"2 {text}" for text in (*readable, "owned")), "utf-8")
    broken = f"broken{hidden}.pdf"
    Path(broken).write_bytes(b"%PDF-1.4 nothing")
    commands = (
        "status", "status t0", "status t0 --json", f"status {title}", "prices x --json", "prices owned", "prices", "review", "changes", "suppliers",
        f"suppliers rename {title} {hidden}", f"basket {title}", "basket order.txt", f"report --out {hidden}.html", f"explain {title}",
        f"submit --estimate {title}", f"explain {broken}", f"submit --no-wait {title}", f"submit {title}.gone", f"--{title}", f"submit --{hidden}",
        f"submit --most {hidden} x", f"review --apply {title}", f"export --out {title}", "undo t1", f"undo {hidden}", "queues", "prices \udcff",
    )  # fmt: skip
    shown = _at_a_terminal([command.split(" ") for command in commands], tmp_path)
    assert shown.count(b"\nended: ") == len(commands), shown.decode(errors="replace")
    assert b"Traceback" not in shown, shown.decode(errors="replace")
    assert shown.count(b"owned") > len(commands)
    text = shown.decode("utf-8", "replace")
    assert [found for found in COMMANDS if found in shown] == []
    assert [found for found in COMMANDS_OF_UNICODE if found in text] == []


def _at_a_terminal(commands: list[list[str]], folder: Path) -> bytes:
    """Return all bytes that a terminal gets of the commands, from stdout and stderr."""
    arguments = folder / "arguments.json"
    arguments.write_text(json.dumps(commands), "utf-8")
    master, terminal = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", _ALL_IN_ONE, str(arguments)], stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        os.close(master)
        assert process.wait(60) == 0, shown.decode(errors="replace")
    return shown


def _read(master: int) -> bytes:
    try:
        return os.read(master, 1 << 16)
    except OSError:  # Linux says so where all have hung up
        return b""
