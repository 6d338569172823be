"""What of a stranger's text a terminal and a program get to see."""

import json
import re
from io import StringIO

import pytest
from hostile_catalogues import TERMINAL_TEXTS

from monito_ray import log
from monito_ray.cli import console
from monito_ray.cli.progress import show_progress
from monito_ray.events import TaskFailed
from monito_ray.terminal.guarded_stream import GuardedStream
from monito_ray.terminal.visible_text import visible, visible_json

#: What no terminal may get from a text: controls, lone surrogates, what turns writing around or breaks lines elsewhere.
COMMANDS = ("\x1b]", "\x1b[8m", "\x1b[5n", "\x1bP", "\x1b\\", "\x07", "\x08", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "h\rF")
COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Beras Sawah 5 kg", "Beras Sawah 5 kg"),
        ("a\tb\nc\r\nd", "a\tb\nc\nd"),
        ("x\x1b]0;owned\x07.csv", "x\ufffd]0;owned\ufffd.csv"),
        ("a\x9b2Jb\x00", "a\ufffd2Jb\ufffd"),
        ("invoice\u202efdp.csv", "invoice\ufffdfdp.csv"),
        ("soft\xadhyphen\u200b\ufeff", "softhyphen"),
        ("کتاب\u200cها 👩\u200d🌾", "کتاب\u200cها 👩\u200d🌾"),
        ("\udcff.csv", "\ufffd.csv"),
    ],
)
def test_what_commands_is_a_sign_and_what_shows_nothing_is_gone(text: str, shown: str):
    """Spellings stay as they are; a character that a terminal would obey is seen to have been there."""
    assert visible(text) == shown
    assert visible(shown) == shown


def test_a_program_reads_what_was_there():
    """JSON for programs says each text to the letter, and shows a terminal nothing that it would obey."""
    value = {"names": [*TERMINAL_TEXTS, "\udcff", "\U000e0041", "кофе"]}
    text = visible_json(value)
    assert json.loads(text) == value
    assert COMMANDING.search(text) is None
    assert "кофе" in text


def test_tables_progress_log_and_plain_lines_are_guarded(monkeypatch: pytest.MonkeyPatch):
    """Whatever prints, a hostile text reaches the stream without its controls; the colours and bars are ours."""
    hostile = "".join(TERMINAL_TEXTS)
    for is_terminal in (False, True):
        stream = _Terminal() if is_terminal else StringIO()
        guarded = GuardedStream(stream)
        console.show_texts((hostile,), [(hostile,)], guarded)  # type: ignore[arg-type]
        guarded.writelines([hostile])
        with show_progress({"t": hostile}, guarded) as progress:  # type: ignore[arg-type]
            progress(TaskFailed("t", "x", hostile))
        monkeypatch.setattr("sys.stderr", guarded)
        log.warning("name", value=hostile)
        log.write_line(hostile)
        log.fault("crashed", ValueError(hostile), file_name=hostile)
        assert stream.getvalue().count("owned") >= 6
        assert [command for command in COMMANDS if command in stream.getvalue()] == []
    assert "\x1b[" in stream.getvalue()


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True
