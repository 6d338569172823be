"""The commands that run the service, its parts as processes of their own, and those that check and save it."""

import os
import signal
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, echo_error, open_monito, print_json, read_settings, report_errors, stop_on_signal
from monito_ray.errors import MonitoError, TelegramMisconfigured

if TYPE_CHECKING:
    from monito_ray.jobs.heartbeat import Heartbeat

_LOW_PRIORITY = 10  # of `nice`, 0 to 19: drawing the workbook gives way to reading and answering
_ENDING = "stopping: running tasks are put back, waiting ones stay ..."
_SERVE_EXAMPLES = """\b
Examples:
  monito serve                                 in this terminal; Ctrl-C ends it
  RAY_ADDRESS=10.0.0.5:6379 monito serve       on a Ray cluster
  systemctl enable --now monito                as a service of this machine; see deploy/monito.service
"""
_BOT_EXAMPLES = """\b
Example:
  TELEGRAM_BOT_TOKEN=... MONITO_ALLOWED_USERS=1001 monito bot
"""
_DASHBOARD_EXAMPLES = """\b
Examples:
  monito dashboard
  monito dashboard --json | jq -r '.[0].url'
"""
_BACKUP_EXAMPLES = """\b
Examples:
  monito backup                                into MONITO_HOME/backups
  monito backup /mnt/disk/monito.tar.gz
"""
_DOCTOR_EXAMPLES = """\b
Examples:
  monito doctor
  monito doctor --json | jq '.[] | select(.state == "DOWN")'
"""


@app.command("serve", short_help="Run the service, and the bot where one is set.", epilog=_SERVE_EXAMPLES)
def serve_command() -> None:
    """Run the service: it does the tasks of everybody, and is the Telegram bot where one is set.

    Joins the Ray cluster of RAY_ADDRESS, or starts Ray on this machine with its dashboard on 127.0.0.1.
    Ends with SIGTERM or Ctrl-C within 20 seconds; nothing is lost.
    """
    with report_errors():
        from monito_ray import serve, wiring  # noqa: PLC0415

        settings = read_settings()
        wiring.open_store(settings).close()
        with open_monito(settings) as monito:
            for line in _services_alive(monito.get_drivers()):
                _log_line(line)
        with stop_on_signal(signal.SIGTERM, signal.SIGINT, message=_ENDING) as stop:
            code = serve.supervise(serve.service_children(settings), stop, _log_line)
        raise typer.Exit(code)


def _services_alive(drivers: "Sequence[Heartbeat]") -> list[str]:
    """Return a line on each service that does the tasks of this database already: two on one machine, or two bots of one token, are a mistake."""
    return [
        f"a service is alive on this database: {one.host}, process {one.pid}, since {one.started_at:%Y-%m-%d %H:%M} UTC; both do the tasks"
        for one in drivers
        if one.is_serving
    ]


@app.command("drive", hidden=True)
def drive_command() -> None:
    """Run the driver of `monito serve`."""
    with report_errors():
        import logging  # noqa: PLC0415

        from monito_ray import log, serve  # noqa: PLC0415

        log.configure(logging.INFO)
        with stop_on_signal(signal.SIGTERM, signal.SIGINT, message="the driver stops") as stop:
            serve.run_driver(read_settings(is_child=True), stop, _log_line)


@app.command("draw", hidden=True)
def draw_command() -> None:
    """Draw the workbook, and end."""
    with report_errors():
        from monito_ray.steps.background import workbook_drawing  # noqa: PLC0415
        from monito_ray.store.database import open_store  # noqa: PLC0415

        if hasattr(os, "nice"):  # Windows has none
            os.nice(_LOW_PRIORITY)
        settings = read_settings(is_child=True)
        workbook_drawing.draw_workbook_and_exit(partial(open_store, settings.store_url), workbook_drawing.workbook_path(settings))


@app.command("publish", hidden=True)
def publish_command(task_id: str = typer.Argument(""), owner: str = typer.Argument(""), claim_number: int = typer.Argument(0)) -> None:
    """Bring the spreadsheet up to date under the lease of a driver, and end; an error goes to stdout as JSON."""
    from monito_ray import wiring  # noqa: PLC0415
    from monito_ray.jobs.lease import Lease  # noqa: PLC0415
    from monito_ray.steps import publish  # noqa: PLC0415
    from monito_ray.steps.context import WriteRequest  # noqa: PLC0415

    with stop_on_signal(signal.SIGTERM, message="the publishing stops") as stop:
        try:
            settings = read_settings(is_child=True)
            with wiring.open_store(settings) as store:
                request = WriteRequest(stop, Lease(task_id, owner, claim_number) if task_id else None)
                publish.publish(store, lambda: wiring.open_spreadsheet(settings), [request])
        except MonitoError as error:
            typer.echo(publish.error_line(error))
            raise typer.Exit(FAILED) from None


@app.command("bot", short_help="Run the Telegram bot alone.", epilog=_BOT_EXAMPLES)
def bot_command() -> None:
    """Run the Telegram bot alone; `monito serve` runs one, too."""
    with report_errors():
        settings = read_settings()
        if not settings.telegram_bot_token.get_secret_value():
            raise TelegramMisconfigured("there is no bot: TELEGRAM_BOT_TOKEN is not set", "Set TELEGRAM_BOT_TOKEN.")
        from monito_ray.bot import run_bot  # noqa: PLC0415

        with stop_on_signal(signal.SIGTERM, signal.SIGINT, message="the bot stops") as stop:
            run_bot(settings, stop)


@app.command("dashboard", short_help="Show where the Ray dashboard is.", epilog=_DASHBOARD_EXAMPLES)
def dashboard_command(as_json: AsJson = False) -> None:
    """Show where the Ray dashboard of the service is, and its figures for Prometheus, and how to reach them from elsewhere."""
    with report_errors():
        from monito_ray.cluster.metrics import figures_url  # noqa: PLC0415

        with open_monito() as monito:
            drivers = [driver for driver in monito.get_drivers() if driver.dashboard]
        figures = figures_url(read_settings().metrics_port)
        if as_json:
            pages = ({"url": driver.dashboard, "host": driver.host, "metrics": figures} for driver in drivers)
            print_json([page if page["host"] == gethostname() else page | {"metrics": ""} for page in pages])
        for driver in drivers if not as_json else ():
            port = driver.dashboard.rpartition(":")[2]
            typer.echo(f"{driver.dashboard} on {driver.host}; it asks for the token in ~/.ray/auth_token there")
            typer.echo(f"from elsewhere: ssh -N -L {port}:127.0.0.1:{port} {driver.host}, then open http://127.0.0.1:{port}")
        if figures and not as_json:
            typer.echo(f"figures for Prometheus: {figures}, on this machine alone; rules of alerts: deploy/prometheus/alerts.yml")
        if not drivers:
            echo_error("monito: no service with a dashboard is alive", "Start `monito serve`.")
            raise typer.Exit(FAILED)


@app.command("backup", short_help="Copy the database while everything goes on.", epilog=_BACKUP_EXAMPLES)
def backup_command(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", show_default=False, help="Where to; MONITO_HOME/backups/TIME.tar.gz unless said.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database, and the files of tasks that have not ended, while everything goes on.

    To restore, unpack it into an empty folder and name that in MONITO_HOME; see docs/operations.md.
    """
    with report_errors():
        settings = read_settings()
        archive = path or settings.home.resolve() / "backups" / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar.gz"
        with open_monito(settings) as monito:
            count = monito.backup(archive)
        size_bytes = archive.stat().st_size
        if as_json:
            print_json({"path": str(archive), "size_bytes": size_bytes, "tasks_open": count})
        else:
            typer.echo(f"{archive}: {size_bytes / 1000:,.0f} kB, with the files of {count:,} tasks that have not ended")


@app.command("doctor", short_help="Try everything, say what is down.", epilog=_DOCTOR_EXAMPLES)
def doctor_command(as_json: AsJson = False) -> None:
    """Try everything this program depends on, and say what is down and what to do. Exit code 1 when something is."""
    from monito_ray import doctor  # noqa: PLC0415

    checks = doctor.run_checks()
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            remedy = f". {check.remedy}" if check.remedy else ""
            typer.echo(f"{check.state:<8} {check.name:<9} {' '.join(f'{check.detail}{remedy}'.split())}")
    raise typer.Exit(FAILED if any(not check.state.is_well for check in checks) else 0)


def _log_line(line: str) -> None:
    from monito_ray import log  # noqa: PLC0415

    log.write_line(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} monito: {line}")
