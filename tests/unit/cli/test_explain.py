"""`monito explain` draws an explanation."""

import json
from pathlib import Path

import pytest
from lists import JUNE
from typer.testing import CliRunner

from monito_ray.cli.app import app


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_draws_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_json: bool):
    """For people and for programs; nothing is kept, and a list that cannot be read ends with 1."""
    monkeypatch.chdir(tmp_path)
    Path("june.csv").write_text(JUNE, "utf-8")
    Path("words.csv").write_text("Meja;merah\nKursi;biru\n", "utf-8")
    ended = CliRunner().invoke(app, ["explain", "june.csv", *(["--json"] * as_json)])
    assert ended.exit_code == 0, ended.output
    if as_json:
        assert json.loads(ended.stdout)["sheets"][0]["tables"][0]["columns"][0]["role"] == "name"
    else:
        assert "Table on rows 2 to 9, header on row 1" in ended.stdout
        assert "no price in any price column" in " ".join(ended.stdout.split())
        assert "Points" not in ended.stdout
    assert CliRunner().invoke(app, ["explain", "words.csv"]).exit_code == 1
    assert CliRunner().invoke(app, ["explain", "gone.csv"]).exit_code == 1
    assert not (tmp_path / ".monito").exists()


def test_points_are_shown_to_whoever_asks_why(tmp_path: Path):
    """Each column's terms with their points, and the points that it needs."""
    path = tmp_path / "june.csv"
    path.write_text(JUNE, "utf-8")
    ended = CliRunner().invoke(app, ["explain", str(path), "--why"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0, ended.output
    assert "+3.00 title says price" in ended.stdout
    assert "-1.00 start" in ended.stdout
