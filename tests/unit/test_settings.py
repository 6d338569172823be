"""The settings: from the environment and `.env`, checked, and all of them in the example."""

import re
from pathlib import Path

import pytest

from monito_ray.errors import SettingsInvalid
from monito_ray.settings import Settings, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
NAMES = {str(field.validation_alias) for field in Settings.model_fields.values()}


@pytest.fixture(autouse=True)
def _no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from a folder and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_example_settings_are_complete_and_are_the_defaults(tmp_path: Path):
    """`.env.example` names every setting, and with its lines taken in gives what no file gives."""
    lines = re.findall(r"^#([A-Z_]+)=(.*)$", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in lines} == NAMES
    example = tmp_path / "env"
    example.write_text("".join(f"{name}={value}\n" for name, value in lines), "utf-8")
    assert Settings(_env_file=example) == Settings(_env_file=None)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`.env` in the working folder is read; a variable that is set counts more, an empty one does not."""
    (tmp_path / ".env").write_text("MONITO_CURRENCY=IDR\nMONITO_LANG=ru\n", "utf-8")
    monkeypatch.setenv("MONITO_CURRENCY", "EUR")
    monkeypatch.setenv("MONITO_LANG", "")
    settings = load_settings()
    assert (settings.currency, settings.lang) == ("EUR", "ru")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONITO_LLM_CONCURRENCY", "many"),
        ("MONITO_LLM_CONCURRENCY", "0"),
        ("MONITO_LLM_BUDGET_USD", "-1"),
        ("MONITO_ALLOWED_USERS", "ann,bob"),
        ("MONITO_LANG", "de"),
        ("MONITO_CURRENCY", "rupiah"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch):
    """The message has the variable and no traceback of the library's."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_people_are_numbers_separated_by_commas(monkeypatch: pytest.MonkeyPatch):
    """Spaces and a comma at the end do no harm."""
    monkeypatch.setenv("MONITO_ALLOWED_USERS", " 1001, 1002,")
    assert load_settings().allowed_users == (1001, 1002)
