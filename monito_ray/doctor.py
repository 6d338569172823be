"""Checks of everything that the program depends on: each service is tried, for real."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monito_ray import wiring
from monito_ray.errors import ClusterUnavailable, MonitoError, SettingsInvalid
from monito_ray.jobs import heartbeat
from monito_ray.pipeline.llm.questions import json_schema
from monito_ray.settings import Settings, load_settings

_LLM_TIMEOUT_S = 30.0
_ANY_JSON = json_schema("nothing", {"type": "object", "properties": {}, "required": [], "additionalProperties": False})


class ServiceState(StrEnum):
    """The state of a service."""

    OK = "ok"
    UNSET = "not set"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of trying one service."""

    name: str
    state: ServiceState
    #: What was seen, or the error.
    detail: str
    #: What to do, where it is down.
    remedy: str = ""


def run_checks() -> list[Check]:
    """Try the settings, then every service that they name, one after the other; with wrong settings nothing else can be tried."""
    try:
        settings = load_settings()
    except SettingsInvalid as error:
        return [Check("settings", ServiceState.DOWN, str(error), error.remedy)]
    return [Check("settings", ServiceState.OK, f"read; MONITO_HOME is {settings.home.resolve()}"), *_check_services(settings)]


def _check_services(settings: Settings) -> Iterator[Check]:
    for name, check in _CHECKS.items():
        try:
            state, detail = check(settings)
        except MonitoError as error:
            yield Check(name, ServiceState.DOWN, str(error), error.remedy or _REMEDIES[name])
        else:
            yield Check(name, state, detail)


def _check_store(settings: Settings) -> tuple[ServiceState, str]:
    with wiring.open_store(settings) as store, store.write() as connection:
        return ServiceState.OK, f"{connection.dialect.name} takes writes"


def _check_files(settings: Settings) -> tuple[ServiceState, str]:
    wiring.open_files(settings).probe()
    return ServiceState.OK, f"{settings.files} takes, gives back and deletes"


def _check_ray(settings: Settings) -> tuple[ServiceState, str]:
    from monito_ray.cluster import session  # noqa: PLC0415

    if settings.ray_address:
        session.check_reachable(settings.ray_address)
    with wiring.open_store(settings) as store:
        now = wiring.utc_now()
        serving = heartbeat.serving_drivers(store, now)
        dead = [beat for beat in heartbeat.registered_drivers(store) if beat.is_serving and beat not in serving]
    for beat in serving:
        if beat.dashboard and beat.host == os.uname().nodename:
            session.check_reachable(beat.dashboard.removeprefix("http://"))
    if serving:
        return ServiceState.OK, "; ".join(
            f"a service is alive on {beat.host}, process {beat.pid} {beat.dashboard}".rstrip() for beat in serving
        )
    if dead:
        raise ClusterUnavailable(
            f"the service on {dead[-1].host} (process {dead[-1].pid}) was last heard of at {dead[-1].seen_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    if settings.ray_address:
        return ServiceState.OK, f"the cluster at {settings.ray_address} answers; no service is alive"
    return ServiceState.UNSET, "no service is alive; commands start a Ray of their own"


def _check_llm(settings: Settings) -> tuple[ServiceState, str]:
    if not settings.has_llm:
        return ServiceState.UNSET, "OPENAI_API_KEY and OPENAI_BASE_URL are unset: rules alone"
    asyncio.run(_ask_llm(settings))
    return ServiceState.OK, f"{settings.llm_model} answers"


async def _ask_llm(settings: Settings) -> None:
    from monito_ray.clients.llm.chat_completions import LlmAddress, LlmClient  # noqa: PLC0415

    client = LlmClient(LlmAddress(settings.openai_base_url, settings.openai_api_key.get_secret_value(), settings.llm_model))
    try:
        await client.complete("Answer with an empty JSON object.", '{"supplier": "", "rows": []}', _ANY_JSON, _LLM_TIMEOUT_S)
    finally:
        await client.close()


def _check_telegram(settings: Settings) -> tuple[ServiceState, str]:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return ServiceState.UNSET, "TELEGRAM_BOT_TOKEN is unset: no bot"
    from monito_ray.clients.telegram.loop_thread import TelegramThread  # noqa: PLC0415

    with TelegramThread(token, settings.telegram_base_url) as line:
        name = line.start(line.client.check()).result()
    users = len(settings.allowed_users)
    return ServiceState.OK, f"the token is that of @{name}; {users} people may use it" + (
        "" if users else ": nobody, until MONITO_ALLOWED_USERS is set"
    )


def _check_sheets(settings: Settings) -> tuple[ServiceState, str]:
    if not settings.sheet_id:
        return ServiceState.UNSET, "MONITO_SHEET_ID is unset: the local workbook alone"
    book = wiring.open_spreadsheet(settings, only_try=True)
    try:
        return ServiceState.OK, f"the spreadsheet {book.check()!r} opens"
    finally:
        book.close()


_CHECKS: dict[str, Callable[[Settings], tuple[ServiceState, str]]] = {
    "store": _check_store,
    "files": _check_files,
    "ray": _check_ray,
    "llm": _check_llm,
    "telegram": _check_telegram,
    "sheets": _check_sheets,
}
_REMEDIES = {
    "store": "See that the database of MONITO_DATABASE_URL runs and takes connections, or that MONITO_HOME is writable.",
    "files": "See that the folder or bucket of MONITO_FILES_URL is there and writable.",
    "ray": "Start `monito serve` again (systemctl start monito) and look into its log.",
    "llm": "See that the server of OPENAI_BASE_URL runs and can be reached; until then rules do the work.",
    "telegram": "See that MONITO_TELEGRAM_BASE_URL can be reached from here.",
    "sheets": "See that MONITO_SHEETS_ENDPOINT can be reached, and that the service account may edit the spreadsheet.",
}
