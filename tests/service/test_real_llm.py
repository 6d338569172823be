"""A real LLM behind a real server, where both are on this machine.

Set MONITO_TEST_LLAMA_SERVER to llama.cpp's `llama-server` and MONITO_TEST_LLAMA_MODEL to a model in GGUF, such as an instruct model of half a billion
weights; docs/evaluation.md says where both come from.
"""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.evaluation.evaluate import evaluate
from monito_ray.evaluation.labelled_rows import read_lists
from monito_ray.evaluation.recorded_answers import read_answers

SERVER, MODEL = (os.environ.get(f"MONITO_TEST_LLAMA_{name}", "") for name in ("SERVER", "MODEL"))
pytestmark = pytest.mark.skipif(
    not (SERVER and MODEL), reason="set MONITO_TEST_LLAMA_SERVER and MONITO_TEST_LLAMA_MODEL to try a real LLM (docs/evaluation.md)"
)
#: A small model on two cores takes this long to load, and for a request of a few rows.
LOAD_S, REQUEST_S = 120, 600
CSV = (
    "original_name,price,right_name,right_brand,right_size,right_unit,right_pack_count,right_category\n"
    "AIR SUMBER botol 1500 ml (12/dus),5500,water bottle,Sumber,1500,ml,1,beverages\n"
    "Kerupuk Zarvex (160/dus),2000,crackers,Zarvex,,,1,snacks\n"
    "Ban 205/55 R16 Roadmax,650000,tyre 205/55 R16,Roadmax,,,1,tyres\n"
    "Cat tembok 5 putih,98000,white wall paint 5,,,,1,paint\n"
)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a server of its own, with one slot and a small context."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [SERVER, "-m", MODEL, "--host", "127.0.0.1", "--port", str(port), "-c", "4096", "-np", "1", "--no-webui"]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(Path(SERVER).parent)}
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_loaded(server, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


def _wait_until_loaded(server: "subprocess.Popen[bytes]", health: str) -> None:
    until = time.monotonic() + LOAD_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(health, timeout=5) as answer:  # noqa: S310  loopback
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("the server did not load the model")


def test_no_field_becomes_worse_by_what_a_small_model_says(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each row has a trap that such a model falls into: a carton beside the price of a piece, a count, a tyre, a number without a unit."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "OPENAI_BASE_URL": url,
        "MONITO_LLM_MODEL": "local",
        "MONITO_LLM_TIMEOUT_S": str(REQUEST_S),
        "MONITO_LLM_PRICE": "0/0/0",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "traps.csv").write_text(CSV, encoding="utf-8")
    ended = CliRunner().invoke(app, ["eval", "traps.csv", "--llm", "--record", "answers.json"])
    if not Path("answers.json").exists():  # the model gave no row of the promised form, and every row is left to the rules
        assert (ended.exit_code, "answered nothing" in ended.stderr) == (1, True), ended.output
        return
    lists = read_lists(Path("traps.csv"))
    before, after = evaluate(lists).verdicts, evaluate(lists, read_answers(Path("answers.json"))).verdicts
    worse = {
        (row, field) for row, fields in before.items() for field, is_right in fields.items() if is_right and not after[row].get(field, True)
    }
    assert worse == set()
