"""The commands that run the service, or look whether all is well with it."""

import os
import signal
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_json, read_settings, report_errors, stop_on_signal
from monito_ray.errors import MonitoError, TelegramMisconfigured

_IN_NO_HURRY = 10
_ENDING = "stopping: running tasks are put back, waiting ones stay ..."


@app.command()
def serve() -> None:
    """Be the service: do the tasks of everybody, and be the Telegram bot where one is set.

    Joins the Ray cluster of RAY_ADDRESS, or starts Ray on this machine with its dashboard on 127.0.0.1.
    Ends with SIGTERM or Ctrl-C within 20 seconds; nothing is lost.
    """
    with report_errors():
        from monito_ray import serve as service  # noqa: PLC0415
        from monito_ray import wiring  # noqa: PLC0415

        chosen = read_settings()
        wiring.open_store(chosen).close()
        with stop_on_signal(signal.SIGTERM, signal.SIGINT, says=_ENDING) as stop:
            code = service.supervise(service.service_children(chosen), stop, _say)
        raise typer.Exit(code)


@app.command(hidden=True)
def drive() -> None:
    """Be the driver of `monito serve`."""
    with report_errors():
        import logging  # noqa: PLC0415

        from monito_ray import log  # noqa: PLC0415
        from monito_ray import serve as service  # noqa: PLC0415

        log.configure(logging.INFO)
        with stop_on_signal(signal.SIGTERM, signal.SIGINT, says="the driver stops") as stop:
            service.run_driver(read_settings(), stop, _say)


@app.command(hidden=True)
def draw() -> None:
    """Draw the workbook, and end."""
    with report_errors():
        from monito_ray import wiring  # noqa: PLC0415
        from monito_ray.steps import write  # noqa: PLC0415

        os.nice(_IN_NO_HURRY)
        chosen = read_settings()
        with wiring.open_store(chosen) as store:
            write.draw_workbook(store, write.workbook_path(chosen))


@app.command(hidden=True)
def publish(task_id: str = typer.Argument(""), owner: str = typer.Argument(""), claim_number: int = typer.Argument(0)) -> None:
    """Bring the spreadsheet up to date by the right of a driver that holds a task, and end; an error goes to stdout as JSON."""
    from monito_ray import wiring  # noqa: PLC0415
    from monito_ray.jobs.lease import Lease  # noqa: PLC0415
    from monito_ray.steps import publish as publishing  # noqa: PLC0415
    from monito_ray.steps.context import WriteRequest  # noqa: PLC0415

    with stop_on_signal(signal.SIGTERM, says="the publishing stops") as stop:
        try:
            chosen = read_settings()
            with wiring.open_store(chosen) as store:
                request = WriteRequest(stop, Lease(task_id, owner, claim_number) if task_id else None)
                publishing.publish(store, lambda: wiring.open_spreadsheet(chosen), [request])
        except MonitoError as error:
            typer.echo(publishing.error_line(error))
            raise typer.Exit(FAILED) from None


@app.command()
def bot() -> None:
    """Be the Telegram bot alone; `monito serve` runs one, too."""
    with report_errors():
        chosen = read_settings()
        if not chosen.telegram_bot_token.get_secret_value():
            raise TelegramMisconfigured("there is no bot: TELEGRAM_BOT_TOKEN is not set", "Set TELEGRAM_BOT_TOKEN.")
        from monito_ray.bot import run_bot  # noqa: PLC0415

        with stop_on_signal(signal.SIGTERM, signal.SIGINT, says="the bot stops") as stop:
            run_bot(chosen, stop)


@app.command()
def dashboard(as_json: AsJson = False) -> None:
    """Tell where the Ray dashboard of the service is, and how to reach it from elsewhere."""
    with report_errors():
        with open_monito() as monito:
            found = [driver for driver in monito.get_drivers() if driver.dashboard]
        if as_json:
            print_json([{"url": driver.dashboard, "host": driver.host} for driver in found])
        for driver in found if not as_json else ():
            port = driver.dashboard.rpartition(":")[2]
            typer.echo(f"{driver.dashboard} on {driver.host}; it asks for the token in ~/.ray/auth_token there")
            typer.echo(f"from elsewhere: ssh -N -L {port}:127.0.0.1:{port} {driver.host}, then open http://127.0.0.1:{port}")
        if not found:
            typer.echo("monito: no service with a dashboard is alive. Start `monito serve`.", err=True)
            raise typer.Exit(FAILED)


@app.command()
def backup(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", show_default=False, help="Where to; MONITO_HOME/backups/TIME.tar.gz unless said.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database, and the files of tasks that have not ended, while everything goes on.

    To restore, unpack it into an empty folder and name that in MONITO_HOME; see docs/operations.md.
    """
    with report_errors():
        chosen = read_settings()
        place = path or chosen.home.resolve() / "backups" / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar.gz"
        with open_monito() as monito:
            count = monito.backup(place)
        if as_json:
            print_json({"path": str(place), "size_bytes": place.stat().st_size, "tasks_open": count})
        else:
            typer.echo(f"{place}: {place.stat().st_size / 1000:,.0f} kB, with the files of {count:,} tasks that have not ended")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Try everything this program depends on, and say what is down and what to do. Exit code 1 when something is."""
    from monito_ray import doctor as practice  # noqa: PLC0415

    checks = practice.run_checks()
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            typer.echo(
                f"{check.state:<8} {check.name:<9} {' '.join(f'{check.told}. {check.remedy}'.split()) if check.remedy else check.told}"
            )
    raise typer.Exit(FAILED if any(check.state == practice.ServiceState.DOWN for check in checks) else 0)


def _say(line: str) -> None:
    from monito_ray import log  # noqa: PLC0415

    log.write_line(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} monito: {line}")
