"""The settings: from the environment and `.env`, checked, and all of them in the example."""

import re
from decimal import Decimal
from pathlib import Path
from typing import IO

import pytest
from dotenv.parser import Position, Reader

from monito_ray.errors import SettingsInvalid
from monito_ray.settings import Settings, ignored_settings, load_settings

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
        ("MONITO_LLM_TIMEOUT_S", "0"),
        ("MONITO_LLM_PRICE", "0.10"),
        ("MONITO_LLM_PRICE", "a/b/c"),
        ("MONITO_LLM_PRICE", "1/-1/1"),
        ("MONITO_LLM_EXTRA_BODY", "temperature=0"),
        ("MONITO_LLM_EXTRA_BODY", "[1]"),
        ("MONITO_LLM_EXTRA_BODY", '{"stream": true}'),
        ("MONITO_LLM_WORKERS", "-1"),
        ("MONITO_METRICS_PORT", "65536"),
        ("MONITO_METRICS_PORT", "http"),
        ("MONITO_ALERT_PERCENT", "0"),
        ("MONITO_ALERT_PERCENT", "nan"),
        ("OPENAI_BASE_URL", "127.0.0.1:8080/v1"),
        ("MONITO_TELEGRAM_BASE_URL", "api.example"),
        ("MONITO_SHEETS_ENDPOINT", "https://"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1/chat/completions"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str, monkeypatch: pytest.MonkeyPatch):
    """The message has the variable and no traceback of the library's."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsInvalid) as caught:
        load_settings()
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("MONITO_CURENCY", "MONITO_CURENCY{} is no setting, MONITO_CURRENCY is"),
        ("MONITO_KEEP_DAY", "MONITO_KEEP_DAY{} is no setting, MONITO_KEEP_DAYS is"),
        ("MONITO_XYZZY", "MONITO_XYZZY{} is no setting"),
        ("MONITO_CURRENCY", ""),
        ("monito_currency", ""),  # settings are taken in any case of letters
        ("MONITO_PYTHON", ""),  # of deploy/node.sh
        ("MONITO_SERVICE_PORT", ""),  # what Kubernetes sets for a Service "monito"
        ("MONITO_HEAD_SVC_PORT_6379_TCP", ""),  # and for "monito-head-svc"
        ("MONITO_METRIC_PORT", "MONITO_METRIC_PORT{} is no setting, MONITO_METRICS_PORT is"),
        ("CURENCY", ""),
    ],
)
def test_a_name_that_no_setting_has_is_named_with_the_nearest(name: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In the environment and in `.env` alike; names of others are left alone."""
    monkeypatch.setenv(name, "IDR")
    assert ignored_settings() == [sentence.format("")] * bool(sentence)
    monkeypatch.delenv(name)
    (tmp_path / ".env").write_text(f"MONITO_LANG=ru\nexport {name}=IDR\n", "utf-8")
    assert ignored_settings() == [sentence.format(" in .env")] * bool(sentence)


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path):
    """With its number; the other lines count."""
    (tmp_path / ".env").write_text("# mine\nMONITO_LANG=ru\n\nMONITO CURRENCY IDR\nMONITO_KEEP_GB=1\n", "utf-8")
    assert ignored_settings() == [".env, line 4, is not of the form NAME=value"]
    settings = load_settings()
    assert (settings.lang, settings.keep_gb) == ("ru", 1)


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Editors of Windows write one, which python-dotenv before 1.2 takes for a letter; the first setting counts as the others do."""

    def read_whole(reader: Reader, stream: IO[str]) -> None:
        reader.string, reader.position, reader.mark = stream.read(), Position.start(), Position.start()

    monkeypatch.setattr(Reader, "__init__", read_whole)
    (tmp_path / ".env").write_text("MONITO_KEEP_GB=1\nMONITO_LANG=ru\n", "utf-8-sig")
    settings = load_settings()
    assert (settings.keep_gb, settings.lang, ignored_settings()) == (1, "ru", [])


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251"])
def test_a_file_in_another_encoding_is_one_line(tmp_path: Path, encoding: str):
    """As a shell of Windows writes it, or an old editor."""
    (tmp_path / ".env").write_text("MONITO_KEEP_GB=1\n# ключ\n", encoding)
    with pytest.raises(SettingsInvalid, match="not in UTF-8"):
        load_settings()


def test_people_are_numbers_separated_by_commas(monkeypatch: pytest.MonkeyPatch):
    """Spaces and a comma at the end do no harm."""
    monkeypatch.setenv("MONITO_ALLOWED_USERS", " 1001, 1002,")
    assert load_settings().allowed_users == (1001, 1002)


def test_an_address_without_a_scheme_is_corrected_in_the_message(monkeypatch: pytest.MonkeyPatch):
    """People see what to write instead."""
    monkeypatch.setenv("OPENAI_BASE_URL", "127.0.0.1:8080/v1")
    with pytest.raises(SettingsInvalid, match=re.escape("http://127.0.0.1:8080/v1")):
        load_settings()


@pytest.mark.parametrize(
    ("variables", "timeout_s"), [({}, 120), ({"MONITO_LLM_SERVICE_TIER": "flex"}, 900), ({"MONITO_LLM_TIMEOUT_S": "7"}, 7)]
)
def test_a_request_may_take_longer_in_a_slow_tier(variables: dict[str, str], timeout_s: float, monkeypatch: pytest.MonkeyPatch):
    """Flex answers within a quarter of an hour; a time that is set counts more."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load_settings().request_timeout_s == timeout_s


def test_prices_and_extra_fields_are_typed(monkeypatch: pytest.MonkeyPatch):
    """Prices are exact numbers, extra fields an object."""
    monkeypatch.setenv("MONITO_LLM_PRICE", "0.1 / 0.01/ 0.50")
    monkeypatch.setenv("MONITO_LLM_EXTRA_BODY", '{"temperature": 0, "provider": {"order": ["a"]}}')
    settings = load_settings()
    assert settings.llm_price == (Decimal("0.1"), Decimal("0.01"), Decimal("0.50"))
    assert settings.llm_extra_body == {"temperature": 0, "provider": {"order": ["a"]}}


def test_the_currency_is_checked_as_that_of_a_list_is(monkeypatch: pytest.MonkeyPatch):
    """It may be written small; three letters alone make no currency."""
    monkeypatch.setenv("MONITO_CURRENCY", "idr")
    assert load_settings().currency == "IDR"
    monkeypatch.setenv("MONITO_CURRENCY", "XYZ")
    with pytest.raises(SettingsInvalid, match="no currency; give its code of ISO 4217, such as IDR"):
        load_settings()
