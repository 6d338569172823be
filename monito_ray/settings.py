"""The settings: read once from the environment and `.env`, checked, then passed on."""

import json
import os
import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv.parser import Binding, parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from monito_ray.currency_codes import is_currency
from monito_ray.errors import SettingsInvalid

#: Bytes in a megabyte of `MONITO_MAX_FILE_MB` and of messages about sizes.
BYTES_PER_MB = 2**20

#: How long a request to the LLM may take, and in OpenAI's service tier `flex`, whose guide says so.
_TIMEOUT_S, _FLEX_TIMEOUT_S = 120.0, 900.0
_FLEX = "flex"
#: What the program itself decides of a request: the question, and that its answer comes in one piece.
_OWN_FIELDS = frozenset({"messages", "stream"})
_ENV_FILE = ".env"
#: With or without a byte-order mark, which editors of Windows put before the first line: python-dotenv before 1.2 takes it for a part of the name.
_ENCODING = "utf-8-sig"
#: What names of settings begin with, and names of others that do: of `deploy/node.sh`, of Kubernetes for Services "monito" and "monito-head-svc",
#: and of tests.
_PREFIX = "MONITO_"
_NO_SETTINGS = re.compile(r"MONITO_(DATA|LOCKS|NODE|PYTHON|TEST_.*|(.*_SVC_)?(PORT(_\d.*)?|SERVICE_(HOST|PORT.*)))")


class Settings(BaseSettings):
    """All settings. A field's alias is the environment variable that sets it; `.env.example` has the same texts for people."""

    model_config = SettingsConfigDict(env_file=_ENV_FILE, env_file_encoding=_ENCODING, extra="ignore", frozen=True, env_ignore_empty=True)

    #: Database, staged files, local workbook.
    home: Path = Field(Path(".monito"), validation_alias="MONITO_HOME")
    #: SQLAlchemy URL, "" = a SQLite file in `home`; see `store_url`.
    database_url: str = Field("", validation_alias="MONITO_DATABASE_URL")
    #: Uploads and artifacts: a path or an fsspec URL, "" = a folder in `home`; see `files`.
    files_url: str = Field("", validation_alias="MONITO_FILES_URL")
    #: A running Ray cluster to join, "" = Ray is started on this machine.
    ray_address: str = Field("", validation_alias="RAY_ADDRESS")

    openai_api_key: SecretStr = Field(SecretStr(""), validation_alias="OPENAI_API_KEY")
    #: A server that speaks chat completions, "" = OpenAI's.
    openai_base_url: str = Field("", validation_alias="OPENAI_BASE_URL")
    llm_model: str = Field("gpt-6-luna", validation_alias="MONITO_LLM_MODEL")
    #: Most requests in flight over the whole cluster.
    llm_concurrency: int = Field(32, ge=1, validation_alias="MONITO_LLM_CONCURRENCY")
    #: Requests and tokens a minute over the whole cluster; 0 = learn them from the response headers.
    llm_rpm: int = Field(0, ge=0, validation_alias="MONITO_LLM_RPM")
    llm_tpm: int = Field(0, ge=0, validation_alias="MONITO_LLM_TPM")
    #: Actors that ask, over the whole cluster; 0 = two for each node.
    llm_workers: int = Field(0, ge=0, validation_alias="MONITO_LLM_WORKERS")
    #: Most cores that Ray's autoscaler is asked for while files wait; 0 = it is told nothing.
    autoscale_cores: int = Field(64, ge=0, validation_alias="MONITO_AUTOSCALE_CORES")
    #: Most rows in one request.
    llm_batch_rows: int = Field(40, ge=1, validation_alias="MONITO_LLM_BATCH_ROWS")
    #: How long one request may take; None = as `request_timeout_s` says.
    llm_timeout_s: float | None = Field(None, gt=0, validation_alias="MONITO_LLM_TIMEOUT_S")
    #: USD a million tokens of prompt, cached prompt and answer, for a model that the built-in table does not list; () = none.
    llm_price: Annotated[tuple[Decimal, ...], NoDecode] = Field((), validation_alias="MONITO_LLM_PRICE")
    #: Merged into every request.
    llm_extra_body: Annotated[dict[str, Any], NoDecode] = Field(default_factory=dict, validation_alias="MONITO_LLM_EXTRA_BODY")
    #: Most that a task, and a day, may cost; 0 = no limit.
    llm_budget_usd: Decimal = Field(Decimal(0), ge=0, validation_alias="MONITO_LLM_BUDGET_USD")
    llm_daily_usd: Decimal = Field(Decimal(0), ge=0, validation_alias="MONITO_LLM_DAILY_USD")
    #: How much a model that can think shall think, "" = the least it takes.
    llm_reasoning_effort: str = Field("", validation_alias="MONITO_LLM_REASONING_EFFORT")
    #: OpenAI's service tier, "" = the account's default.
    llm_service_tier: str = Field("", validation_alias="MONITO_LLM_SERVICE_TIER")

    #: Without it there is no bot.
    telegram_bot_token: SecretStr = Field(SecretStr(""), validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_base_url: str = Field("https://api.telegram.org", validation_alias="MONITO_TELEGRAM_BASE_URL")
    #: Whether that server runs in local mode on a disk of this machine: files are read at the paths that it names.
    telegram_is_local: bool = Field(default=False, validation_alias="MONITO_TELEGRAM_LOCAL")
    #: Telegram user ids that may use the bot, the first is the admin; none = nobody.
    allowed_users: Annotated[tuple[int, ...], NoDecode] = Field((), validation_alias="MONITO_ALLOWED_USERS")

    #: The spreadsheet to bring up to date, "" = the local workbook alone.
    sheet_id: str = Field("", validation_alias="MONITO_SHEET_ID")
    #: JSON key file of a service account.
    google_credentials: str = Field("", validation_alias="GOOGLE_APPLICATION_CREDENTIALS")
    sheets_endpoint: str = Field("https://sheets.googleapis.com", validation_alias="MONITO_SHEETS_ENDPOINT")

    #: Larger files are refused.
    max_file_mb: float = Field(20.0, gt=0, validation_alias="MONITO_MAX_FILE_MB")
    #: Files of one person within any hour.
    user_files_per_hour: int = Field(60, ge=1, validation_alias="MONITO_USER_FILES_PER_HOUR")
    #: Lists of one person that are worked on at once.
    user_concurrent: int = Field(4, ge=1, validation_alias="MONITO_USER_CONCURRENT")
    #: How long uploads and artifacts of ended tasks stay, and how much of them at most; 0 = any amount.
    keep_days: float = Field(30.0, gt=0, validation_alias="MONITO_KEEP_DAYS")
    keep_gb: float = Field(0.0, ge=0, validation_alias="MONITO_KEEP_GB")
    #: How many days these are kept: what happened to ended tasks, requests to the LLM, its answers, past prices and changes; 0 = for ever.
    keep_events_days: int = Field(0, ge=0, validation_alias="MONITO_KEEP_EVENTS_DAYS")
    keep_ledger_days: int = Field(0, ge=0, validation_alias="MONITO_KEEP_LEDGER_DAYS")
    keep_answers_days: int = Field(0, ge=0, validation_alias="MONITO_KEEP_ANSWERS_DAYS")
    keep_history_days: int = Field(0, ge=0, validation_alias="MONITO_KEEP_HISTORY_DAYS")
    #: Language of messages to people whose own is none of ours.
    lang: Literal["en", "ru", "id"] = Field("en", validation_alias="MONITO_LANG")
    #: A price that moved by this share of it, in percent, or more is worth telling those who follow it.
    alert_percent: float = Field(5.0, gt=0, allow_inf_nan=False, validation_alias="MONITO_ALERT_PERCENT")
    #: Where the metrics of a Ray that the service starts are; 0 = any free port.
    metrics_port: int = Field(8085, ge=0, le=65535, validation_alias="MONITO_METRICS_PORT")
    #: A collector of OpenTelemetry that traces go to, "" = none are made.
    otel_endpoint: str = Field("", validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT")
    #: Currency of lists that do not name theirs.
    currency: str = Field("", validation_alias="MONITO_CURRENCY")

    @field_validator("allowed_users", mode="before")
    @classmethod
    def _split_users(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("currency")
    @classmethod
    def _check_currency(cls, value: str) -> str:
        value = value.upper()
        if value and not is_currency(value):
            raise ValueError("this is no currency; give its code of ISO 4217, such as IDR")
        return value

    @field_validator("otel_endpoint")
    @classmethod
    def _check_endpoint(cls, value: str) -> str:
        if value and (not value.startswith(("http://", "https://")) or not urlsplit(value).hostname):
            raise ValueError("an address of OTLP over HTTP, as in http://localhost:4318")
        return value

    @field_validator("openai_base_url", "telegram_base_url", "sheets_endpoint")
    @classmethod
    def _check_address(cls, value: str) -> str:
        value = value.strip()
        if value and (not value.startswith(("http://", "https://")) or not urlsplit(value).hostname):
            raise ValueError(
                f"an address begins with http:// or https://, as in http://{value.rpartition('://')[2] or 'localhost:8080/v1'}"
            )
        return value

    @field_validator("openai_base_url")
    @classmethod
    def _check_path(cls, value: str) -> str:
        if value.rstrip("/").endswith("/chat/completions"):
            raise ValueError("leave out /chat/completions, which is put behind the address")
        return value

    @field_validator("llm_price", mode="before")
    @classmethod
    def _split_price(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            prices = tuple(Decimal(part.strip()) for part in value.split("/"))
        except InvalidOperation:
            prices = ()
        if len(prices) != 3 or not all(price.is_finite() and price >= 0 for price in prices):
            raise ValueError("three prices in USD a million tokens, in/cached/out, as in 0.10/0.01/0.50")
        return prices

    @field_validator("llm_extra_body", mode="before")
    @classmethod
    def _read_json_object(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        if not isinstance(value, dict):
            raise ValueError('a JSON object, as in {"temperature": 0}')  # noqa: TRY004  pydantic takes ValueError alone
        if own := sorted(_OWN_FIELDS & value.keys()):
            raise ValueError(f"{' and '.join(own)} cannot be set")
        return value

    @property
    def request_timeout_s(self) -> float:
        """How long one request to the LLM may take."""
        return self.llm_timeout_s or (_FLEX_TIMEOUT_S if self.llm_service_tier == _FLEX else _TIMEOUT_S)

    @property
    def has_llm(self) -> bool:
        """Whether an LLM is set: a key, or a server that may need none."""
        return bool(self.openai_api_key.get_secret_value() or self.openai_base_url)

    @property
    def sheet_link(self) -> str:
        """Address at which people open the spreadsheet, "" when none is set."""
        return f"https://docs.google.com/spreadsheets/d/{self.sheet_id}" if self.sheet_id else ""

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{(self.home / 'monito.db').resolve()}"

    @property
    def files(self) -> str:
        """Path or fsspec URL of staged files and artifacts."""
        return self.files_url or str((self.home / "files").resolve())


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsInvalid: one line that names each wrong variable and what is wrong with it, or says that `.env` is in no UTF-8.
    """
    try:
        return Settings()
    except UnicodeDecodeError:
        raise SettingsInvalid(f"{_ENV_FILE} is not in UTF-8, so none of it can be read", "Save it as UTF-8.") from None
    except ValidationError as error:
        wrong = "; ".join(
            f"{detail['loc'][0]}={detail['input']!r}: {detail['msg'].removeprefix('Value error, ')}" for detail in error.errors()
        )
        raise SettingsInvalid(f"wrong setting: {wrong}", "Correct the variable in the environment or in .env.") from None


def ignored_settings() -> list[str]:
    """Return a sentence for each thing that was set and counts for nothing.

    These are variables MONITO_* of the environment and of `.env` that no setting has, with the nearest that there is, and lines of `.env`
    that cannot be read.
    """
    lines = _lines_of_file()
    names = [str(field.validation_alias) for field in Settings.model_fields.values()]
    return [
        *(
            f"{name}{place} is no setting{_nearest(name, names)}"
            for place, variables in (("", sorted(os.environ)), (f" in {_ENV_FILE}", [line.key for line in lines if line.key]))
            for name in variables
            if name.upper().startswith(_PREFIX) and name.upper() not in names and not _NO_SETTINGS.fullmatch(name.upper())
        ),
        *(f"{_ENV_FILE}, line {_line_number(line)}, is not of the form NAME=value" for line in lines if line.error),
    ]


def _nearest(name: str, names: list[str]) -> str:
    # Without what all begin with, which would make any two alike.
    own = [setting.removeprefix(_PREFIX) for setting in names if setting.startswith(_PREFIX)]
    near = get_close_matches(name.upper().removeprefix(_PREFIX), own, 1)
    return f", {_PREFIX}{near[0]} is" if near else ""


def _lines_of_file() -> list[Binding]:
    with suppress(OSError), Path(_ENV_FILE).open(encoding=_ENCODING, errors="replace") as file:
        return list(parse_stream(file))
    return []


def _line_number(line: Binding) -> int:
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")  # empty lines before it are counted as its own
