"""`monito explain` draws an explanation."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from lists import JUNE, MENU
from typer.testing import CliRunner

from monito_ray.cli.app import app
from monito_ray.cli.explain import _show_text
from monito_ray.pipeline.explanation.lines_explanation import ExplainedOffer, ExplainedText, UnreadLine


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


@pytest.mark.parametrize("as_json", [False, True])
def test_running_text_is_shown_by_its_lines(tmp_path: Path, *, as_json: bool):
    """One sentence says what came of the text and of its tables, then come its offers."""
    path = tmp_path / "menu.txt"
    path.write_text(MENU, "utf-8")
    ended = CliRunner().invoke(app, ["explain", str(path), *(["--json"] * as_json)], env={"COLUMNS": "200"})
    assert ended.exit_code == 0, ended.output
    if as_json:
        text = json.loads(ended.stdout)["sheets"][0]["text"]
        assert (text["offer_count"], text["offers_as_tables"]) == (6, 0)
        assert text["offers"][0] == {"line": 4, "section": "Starters", "name": "Tomato soup", "price": 4.5, "tiers": {}}
    else:
        assert "read as running text: 6 offers in 9 lines; as tables 0" in ended.stdout
        assert "price 2: 18" in ended.stdout
        assert "no table with names and prices" not in ended.stdout


def test_amounts_that_became_no_price_are_shown_by_their_lines(capsys: pytest.CaptureFixture[str]):
    """With their count, and how many offers there are beyond those shown."""
    offer = ExplainedOffer(3, "", "Tea", Decimal(5), {})
    _show_text(ExplainedText((offer,), 12, 30, (UnreadLine(7, "Delivery from 40"),), 1, None))
    shown = capsys.readouterr().out
    assert "read as running text: 12 offers in 30 lines; beside the tables" in shown
    assert "and 11 more" in shown
    assert "1 line with an amount that became no price" in shown
    assert "Delivery from 40" in shown


def test_pages_are_drawn_of_pictures_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of other lists it is said that there is none; the explanation is shown all the same."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "june.csv").write_text("Name;Price\nGula 1 kg;17500\nBeras 5 kg;68000\nTelur;28000\n")
    ended = CliRunner().invoke(app, ["explain", "june.csv", "--png", "seen"])
    assert ended.exit_code == 0
    assert "no page of it is a picture" in ended.output
    assert "rows found" in ended.output
    assert not (tmp_path / "seen").exists()
