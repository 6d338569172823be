"""Checks of everything that the program depends on: each service is tried, for real."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from monito_ray import wiring
from monito_ray.errors import ClusterUnavailable, MonitoError, SettingsInvalid
from monito_ray.jobs import heartbeat
from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.server.example_rows import EXAMPLE_ROWS
from monito_ray.settings import Settings, ignored_settings, load_settings
from monito_ray.spending import price_of
from monito_ray.steps.llm_calls import why_not_priced
from monito_ray.store import private_files

if TYPE_CHECKING:
    from monito_ray.cluster.llm.trial import Trial

#: Tokens of a row and of the answer about it, to say how long a request with all rows is.
_TOKENS_A_ROW = 60
_LOST_REMEDY = (
    "See that they run and can be reached from the head; then `node.sh start worker` there. The reason is in ~/monito-node/logs/worker.log."
)
_NO_HELP_REMEDY = (
    "This model is no help: the rules alone are better. Choose another MONITO_LLM_MODEL, or unset OPENAI_BASE_URL and OPENAI_API_KEY."
)


class ServiceState(StrEnum):
    """The state of a service."""

    OK = "ok"
    UNSET = "not set"
    #: It works; something that was set counts for nothing.
    IGNORED = "IGNORED"
    #: It was not looked at, since something else is down.
    SKIPPED = "SKIPPED"
    DOWN = "DOWN"
    #: It answers, but what it answers is of no use.
    NO_HELP = "NO HELP"
    #: Others can look into it.
    OPEN = "OPEN"

    @property
    def is_well(self) -> bool:
        """Whether nothing is down."""
        return self in (ServiceState.OK, ServiceState.UNSET, ServiceState.IGNORED, ServiceState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Finding:
    """What trying one service showed."""

    state: ServiceState
    detail: str
    #: What to do, or to change.
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of trying one service."""

    name: str
    state: ServiceState
    #: What was seen, or the error.
    detail: str
    #: What to do where it is down, or to change.
    remedy: str = ""


def run_checks() -> list[Check]:
    """Try the settings, then every service that they name, one after the other; with wrong settings nothing else can be tried."""
    try:
        settings = load_settings()
    except SettingsInvalid as error:
        return [Check("settings", ServiceState.DOWN, str(error), error.remedy)]
    return [_settings_check(settings), *_check_services(settings)]


def _settings_check(settings: Settings) -> Check:
    read = f"read; MONITO_HOME is {settings.home.resolve()}"
    if ignored := ignored_settings():
        return Check("settings", ServiceState.IGNORED, "; ".join([read, *ignored]), "Correct it in the environment or in .env.")
    return Check("settings", ServiceState.OK, read)


def _check_services(settings: Settings) -> Iterator[Check]:
    for name, check in _CHECKS.items():
        try:
            finding = check(settings)
        except MonitoError as error:
            yield Check(name, ServiceState.DOWN, str(error), error.remedy or _REMEDIES[name])
        else:
            yield Check(name, finding.state, finding.detail, finding.remedy)


def _check_store(settings: Settings) -> Finding:
    with wiring.open_store(settings) as store, store.write() as connection:
        return Finding(ServiceState.OK, f"{connection.dialect.name} takes writes")


def _check_access(settings: Settings) -> Finding:
    """Look at the rights on the home, which opening the database has narrowed, and on the settings, which hold keys."""
    wide = private_files.exposed(settings.home)
    if wide:
        return Finding(ServiceState.OPEN, f"others can look into {', '.join(map(str, wide))}", "Run as its owner, or chmod it to that one.")
    keys = Path(".env")
    if private_files.is_open(keys):
        return Finding(ServiceState.OK, f"{settings.home} is its owner's alone; .env is not", "chmod 600 .env, if it holds keys.")
    return Finding(ServiceState.OK, f"{settings.home} is its owner's alone")


def _check_files(settings: Settings) -> Finding:
    wiring.open_files(settings).probe()
    return Finding(ServiceState.OK, f"{settings.files} takes, gives back and deletes")


def _check_ray(settings: Settings) -> Finding:
    from monito_ray.cluster import session  # noqa: PLC0415

    if settings.ray_address:
        session.check_reachable(settings.ray_address)
    try:
        store = wiring.open_store(settings)
    except MonitoError:
        return Finding(ServiceState.SKIPPED, "not looked at: which services are alive stands in the store")
    with store:
        now = wiring.utc_now()
        serving = heartbeat.serving_drivers(store, now)
        dead = [beat for beat in heartbeat.registered_drivers(store) if beat.is_serving and beat not in serving]
    for beat in serving:
        if beat.dashboard and beat.is_here:
            session.check_reachable(beat.dashboard.removeprefix("http://"))
    clusters = [beat.nodes for beat in serving if beat.nodes]
    if lost := [node for nodes in clusters for node in nodes.split("; ") if " here, " not in node]:
        raise ClusterUnavailable(f"machines of the cluster do not answer: {', '.join(lost)}", _LOST_REMEDY)
    if serving:
        return Finding(
            ServiceState.OK,
            "; ".join(
                [*(f"a service is alive on {beat.host}, process {beat.pid} {beat.dashboard}".rstrip() for beat in serving), *clusters]
            ),
        )
    if dead:
        raise ClusterUnavailable(
            f"the service on {dead[-1].host} (process {dead[-1].pid}) was last heard of at {dead[-1].seen_at:%Y-%m-%d %H:%M:%S} UTC"
        )
    if settings.ray_address:
        return Finding(ServiceState.OK, f"something listens at {settings.ray_address}; no service is alive")
    return Finding(ServiceState.UNSET, "no service is alive; commands start a Ray of their own")


def _check_llm(settings: Settings) -> Finding:
    """Ask the true question about two example rows; what is found of the server is kept for the lists that follow."""
    if not settings.has_llm:
        return Finding(ServiceState.UNSET, "OPENAI_API_KEY and OPENAI_BASE_URL are unset: rules alone")
    from monito_ray.clients.llm.profile_store import ProfileStore  # noqa: PLC0415
    from monito_ray.cluster.llm.trial import try_llm  # noqa: PLC0415

    address = wiring.llm_address(settings)
    on_profile = partial(ProfileStore(wiring.profiles_path(settings)).save, address)
    trial = try_llm(address, settings.llm_batch_rows, settings.request_timeout_s, on_profile)
    if trial.error is not None and not trial.duration_ms:
        raise trial.error
    seen = f"{settings.llm_model} answers: {'; '.join(_observations(settings, trial))}"
    if trial.mistakes:
        return Finding(ServiceState.NO_HELP, f"{seen}; {'; '.join(trial.mistakes)}", _NO_HELP_REMEDY)
    if unpriced := why_not_priced(settings):
        return Finding(ServiceState.NO_HELP, f"{seen}; nothing will be asked: {unpriced}", "Set MONITO_LLM_PRICE, or unset the budget.")
    return Finding(ServiceState.OK, seen, " ".join(_advice(settings, trial)))


def _observations(settings: Settings, trial: "Trial") -> Iterator[str]:
    """Yield what the trial showed of the server and its model."""
    use, profile = trial.use, trial.profile
    yield f"two rows in {trial.duration_ms / 1000:.1f} s" + (f", {trial.tokens_per_s:.0f} tokens a second" if use.completion_tokens else "")
    stricter = list(AnswerForm)[: list(AnswerForm).index(profile.form)]
    yield f"form {profile.form}" + (f" (not {', '.join(stricter)})" if stricter else "")
    if profile.refused:
        yield f"asked without {', '.join(sorted(profile.refused))}, which the server does not take"
    if use.prompt_tokens:
        tokens = use.prompt_tokens + settings.llm_batch_rows * _TOKENS_A_ROW
        yield f"instructions of about {use.prompt_tokens:,} tokens, {tokens:,} with {settings.llm_batch_rows} rows and their answers"
    limits = trial.limits
    counts = [
        f"{allowance.limit:,} {name} a minute"
        for name, allowance in (("requests", limits.requests), ("tokens", limits.tokens))
        if allowance.limit
    ] if limits else []  # fmt: skip
    yield f"limits announced: {', '.join(counts)}" if counts else "no limits announced: they are learned"


def _advice(settings: Settings, trial: "Trial") -> Iterator[str]:
    """Yield what to change, though it works."""
    a_row_s = trial.duration_ms / 1000 / len(EXAMPLE_ROWS)
    if a_row_s * settings.llm_batch_rows > settings.request_timeout_s:
        fitting = max(1, int(settings.request_timeout_s / a_row_s / 2))
        yield (
            f"{settings.llm_batch_rows} rows take longer than {settings.request_timeout_s:g} s here: "
            f"set MONITO_LLM_BATCH_ROWS={fitting}, or raise MONITO_LLM_TIMEOUT_S."
        )
    if trial.profile.thinking_tokens and not settings.llm_reasoning_effort:
        yield "Thinking is paid for and of no use here: set MONITO_LLM_REASONING_EFFORT=none or low where the model takes it."
    if price_of(settings.llm_model, settings.llm_price) is None:
        yield "Set MONITO_LLM_PRICE to see what it costs."


def _check_telegram(settings: Settings) -> Finding:
    token = settings.telegram_bot_token.get_secret_value()
    if not token:
        return Finding(ServiceState.UNSET, "TELEGRAM_BOT_TOKEN is unset: no bot")
    from monito_ray.clients.telegram.loop_thread import TelegramThread  # noqa: PLC0415

    with TelegramThread(token, settings.telegram_base_url) as line:
        name = line.start(line.client.check()).result()
    users = len(settings.allowed_users)
    allowed = "" if users else ": nobody, until MONITO_ALLOWED_USERS is set"
    return Finding(ServiceState.OK, f"the token is that of @{name}; {users} people may use it{allowed}")


def _check_sheets(settings: Settings) -> Finding:
    if not settings.sheet_id:
        return Finding(ServiceState.UNSET, "MONITO_SHEET_ID is unset: the local workbook alone")
    book = wiring.open_spreadsheet(settings, only_try=True)
    try:
        return Finding(ServiceState.OK, f"the spreadsheet {book.check()!r} opens")
    finally:
        book.close()


_CHECKS: dict[str, Callable[[Settings], Finding]] = {
    "store": _check_store,
    "files": _check_files,
    "access": _check_access,
    "ray": _check_ray,
    "llm": _check_llm,
    "telegram": _check_telegram,
    "sheets": _check_sheets,
}
_REMEDIES = {
    "store": "See that the database of MONITO_DATABASE_URL runs and takes connections, or that MONITO_HOME is writable.",
    "files": "See that the folder or bucket of MONITO_FILES_URL is there and writable.",
    "access": "See that MONITO_HOME belongs to who runs this.",
    "ray": "Start `monito serve` again (systemctl start monito) and look into its log.",
    "llm": "See that the server of OPENAI_BASE_URL runs and can be reached; until then rules do the work.",
    "telegram": "See that MONITO_TELEGRAM_BASE_URL can be reached from here.",
    "sheets": "See that MONITO_SHEETS_ENDPOINT can be reached, and that the service account may edit the spreadsheet.",
}
