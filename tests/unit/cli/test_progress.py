"""Progress while tasks run: bars on a terminal, lines elsewhere."""

from io import StringIO

import pytest

from monito_ray import events
from monito_ray.cli.progress import show_progress
from monito_ray.stages import Stage

STEPS = [
    events.StageStarted("t1", Stage.FILE_PROCESSING, 0),
    events.StageFinished("t1", Stage.FILE_PROCESSING, 120, 240),
    events.StageStarted("t1", Stage.LLM_PROCESSING, 120),
    events.LlmTraffic("t1", 3),
    events.StageAdvanced("t1", Stage.LLM_PROCESSING, 40, 120),
    events.LlmCalled("t1", 40, 11_000, 0, 900, 1500, cost_usd=0.0012),
    events.LlmTraffic("t1", 2, 1),
    events.TaskRetried("t1", "LlmUnavailable", "no answer", 2.0),
    events.StageFinished("t1", Stage.LLM_PROCESSING, 120, 1500),
    events.TaskSucceeded("t1", 2000),
]


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_in_a_log_is_plain_lines():
    """Where nobody watches, each stage is one line without any control characters."""
    stream = StringIO()
    with show_progress({"t1": "june.xlsx"}, stream) as sink:
        for event in STEPS:
            sink(event)
    assert stream.getvalue().splitlines() == [
        "june.xlsx: reading done, 120 rows, 0.24 s",
        "june.xlsx: no answer; again in 2 s",
        "june.xlsx: standardizing done, 120 rows, 1.5 s",
        "june.xlsx: done, 2.0 s",
    ]


@pytest.mark.parametrize("files", [1, 5])
def test_progress_on_a_terminal_shows_files_and_stages(monkeypatch: pytest.MonkeyPatch, files: int):
    """On a terminal every stage has a bar under the file's name, and nothing of a file's name is taken for markup."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "120")
    stream = _Terminal()
    names = {f"t{number}": f"[red]{number}.xlsx" for number in range(1, files + 1)}
    with show_progress(names, stream) as sink:
        for event in STEPS:
            sink(event)
    shown = stream.getvalue()
    assert [word for word in ("[red]1.xlsx", "reading", "standardizing", "120 rows", "starting Ray") if word not in shown] == []


def test_waiting_for_the_llm_is_shown_below_the_bars(monkeypatch: pytest.MonkeyPatch):
    """While a list is standardized a line says how its requests stand; it goes with the stage."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    stream = _Terminal()
    with show_progress({"t1": "june.xlsx"}, stream) as sink:
        for event in STEPS[:7]:
            sink(event)
    assert "june.xlsx: LLM: 2 in flight, 1 answer, 1 repair, 12k tokens, $0.0012" in stream.getvalue()
