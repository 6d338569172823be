"""The commands that look at queues and tasks and change them."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from monito_ray.cli.app import AsJson, app, open_monito, print_json, report_errors

TaskId = Annotated[str, typer.Argument(metavar="TASK_ID", show_default=False, help="A task, as `monito status` lists them.")]
Queue = Annotated[
    str,
    typer.Argument(
        metavar="QUEUE", show_default=False, help="file_processing, data_validation, llm_processing, sheets_writing or notifications."
    ),
]


@app.command()
def queues(as_json: AsJson = False) -> None:
    """Tell how the five queues stand."""
    with report_errors():
        with open_monito() as monito:
            found = monito.get_queue_status()
        if as_json:
            print_json({name: asdict(status) for name, status in found.items()})
            return
        rows = [
            (
                at.name,
                at.waiting,
                at.running,
                at.done,
                at.failed,
                "paused" if at.paused else "",
                f"{at.oldest_waiting_s:,.0f} s" if at.waiting else "",
            )
            for at in found.values()
        ]
        _show(("Queue", "Waiting", "Running", "Done", "Failed", "", "Oldest waits"), rows)


@app.command()
def workers(as_json: AsJson = False) -> None:
    """Tell what all workers have done, and which drivers are alive."""
    with report_errors():
        with open_monito() as monito:
            stats, drivers, use = monito.get_worker_stats(), monito.get_drivers(), monito.get_llm_use()
        if as_json:
            print_json(asdict(stats) | {"drivers": [asdict(driver) for driver in drivers], "llm_today": use.as_result()})
            return
        _show(("Workers", ""), [(name.replace("_", " "), value) for name, value in asdict(stats).items()])
        if use.requests:
            tokens = f"{use.prompt_tokens + use.completion_tokens:,} tokens"
            typer.echo(f"LLM today (UTC): {use.requests:,} requests, {use.rows:,} rows, {tokens}, {use.cost_usd:.4f} USD")
        for driver in drivers:
            kind = "service" if driver.is_serving else "command"
            typer.echo(
                f"{kind} on {driver.host}, process {driver.pid}, since {driver.started_at:%Y-%m-%d %H:%M} UTC {driver.dashboard}".rstrip()
            )


@app.command()
def cancel(task_id: TaskId, as_json: AsJson = False) -> None:
    """Give up a task that waits or runs."""
    with report_errors():
        with open_monito() as monito:
            result = monito.cancel(task_id)
        _tell(result, f"{task_id} is cancelled", as_json=as_json)


@app.command()
def retry(task_id: TaskId, as_json: AsJson = False) -> None:
    """Let a task that failed or was cancelled go on where it stood."""
    with report_errors():
        with open_monito() as monito:
            result = monito.retry(task_id)
        _tell(result, f"{task_id} waits in {result.metadata['stage']} again", as_json=as_json)


@app.command()
def purge(queue: Queue, as_json: AsJson = False) -> None:
    """Cancel all tasks that wait in a queue."""
    with report_errors():
        with open_monito() as monito:
            count = monito.purge_queue(queue)
        _tell({"queue": queue, "purged": count}, f"{queue}: {count} waiting tasks cancelled", as_json=as_json)


@app.command()
def pause(queue: Queue, as_json: AsJson = False) -> None:
    """Let no task of a queue begin until it is resumed; this outlives a restart."""
    with report_errors():
        with open_monito() as monito:
            monito.pause(queue)
        _tell({"queue": queue, "paused": True}, f"{queue} is paused", as_json=as_json)


@app.command()
def resume(queue: Queue, as_json: AsJson = False) -> None:
    """Let tasks of a queue begin again."""
    with report_errors():
        with open_monito() as monito:
            monito.resume(queue)
        _tell({"queue": queue, "paused": False}, f"{queue} goes on", as_json=as_json)


def _tell(value: Any, line: str, *, as_json: bool) -> None:
    if as_json:
        print_json(value)
    else:
        typer.echo(line)


def _show(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    console.show_table(titles, [[f"{cell:,}" if isinstance(cell, int | float) else str(cell) for cell in row] for row in rows], sys.stdout)
