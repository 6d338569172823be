"""The commands that show tasks, queues and workers, and those that change them."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import AsJson, app, open_monito, print_json, print_result, report_errors
from monito_ray.records import OPEN_STATUSES

if TYPE_CHECKING:
    from monito_ray.jobs.heartbeat import Heartbeat
    from monito_ray.records import LlmUse

TaskId = Annotated[str, typer.Argument(metavar="TASK_ID", show_default=False, help="A task, as `monito status` lists them.")]
QueueName = Annotated[
    str,
    typer.Argument(
        metavar="QUEUE", show_default=False, help="file_processing, data_validation, llm_processing, sheets_writing or notifications."
    ),
]
_STATUS_EXAMPLES = """\b
Examples:
  monito status                    the newest tasks
  monito status 7829360che --json  one of them, as JSON
"""
_QUEUES_EXAMPLES = """\b
Examples:
  monito queues
  monito queues --json | jq .llm_processing.waiting
"""
_WORKERS_EXAMPLES = """\b
Examples:
  monito workers
  monito workers --json | jq .llm_today.cost_usd
"""
_CANCEL_EXAMPLES = """\b
Example:
  monito cancel 7829360che         the list is not catalogued; monito retry takes it up again
"""
_RETRY_EXAMPLES = """\b
Example:
  monito retry 7829360che          what its finished stages made is not made again
"""
_PURGE_EXAMPLES = """\b
Example:
  monito purge file_processing     running tasks go on, waiting ones are cancelled
"""
_PAUSE_EXAMPLES = """\b
Example:
  monito pause llm_processing      lists are read and wait there until monito resume llm_processing
"""
_RESUME_EXAMPLES = """\b
Example:
  monito resume llm_processing
"""


@app.command("status", short_help="Show how tasks stand.", epilog=_STATUS_EXAMPLES)
def status_command(
    task_id: Annotated[str, typer.Argument(metavar="[TASK_ID]", show_default=False, help="A task; without it the newest are listed.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout: one object a task.")] = False,
) -> None:
    """Show how tasks stand, and the history of one task, stage by stage."""
    with report_errors():
        from monito_ray.cli import console  # noqa: PLC0415

        with open_monito() as monito:
            results = [monito.get_task_result(task_id)] if task_id else monito.get_newest_results()
            history = monito.get_task_events(task_id) if task_id else []
            first_open = next((result.task_id for result in results if result.status in OPEN_STATUSES), "")
            waiting_for = monito.get_task_result(first_open).metadata.get("waiting_for") if first_open and not task_id else ""
        if as_json:
            for result in results:
                print_json(asdict(result) | ({"events": [asdict(event) for event in history]} if task_id else {}))
        elif task_id:
            console.show_task(results[0], history, sys.stdout)
        elif not results:
            typer.echo("there are no tasks yet; `monito submit FILE` makes one of a price list")
        else:
            console.show_tasks(results, sys.stdout)
            if waiting_for:
                typer.echo(f"{first_open}: {waiting_for}", err=True)


@app.command("queues", short_help="Show how many tasks wait, run, have ended.", epilog=_QUEUES_EXAMPLES)
def queues_command(as_json: AsJson = False) -> None:
    """Show how many tasks wait, run and have ended in each of the five queues."""
    with report_errors():
        with open_monito() as monito:
            queues = monito.get_queue_status()
        if as_json:
            print_json({name: asdict(queue) for name, queue in queues.items()})
            return
        rows = []
        for queue in queues.values():
            oldest = f"{queue.oldest_waiting_s:,.0f} s" if queue.waiting else ""
            rows.append((queue.name, queue.waiting, queue.running, queue.done, queue.failed, "yes" if queue.paused else "", oldest))
        _show_figures(("Queue", "Waiting", "Running", "Done", "Failed", "Paused", "Oldest waits"), rows)


@app.command("workers", short_help="Show what was done, and which drivers live.", epilog=_WORKERS_EXAMPLES)
def workers_command(as_json: AsJson = False) -> None:
    """Show what all workers have done, and which drivers are alive."""
    with report_errors():
        with open_monito() as monito:
            stats, drivers, use = monito.get_worker_stats(), monito.get_drivers(), monito.get_llm_use()
        if as_json:
            print_json(asdict(stats) | {"drivers": [asdict(driver) for driver in drivers], "llm_today": use.as_result()})
            return
        _show_figures(("Workers", "Figure"), [(name.replace("_", " "), value) for name, value in asdict(stats).items()])
        if use.requests:
            typer.echo(_llm_line(use))
        for driver in drivers:
            typer.echo(_driver_line(driver))


@app.command("cancel", short_help="Cancel a task that waits or runs.", epilog=_CANCEL_EXAMPLES)
def cancel_command(task_id: TaskId, as_json: AsJson = False) -> None:
    """Cancel a task that waits or runs."""
    with report_errors():
        with open_monito() as monito:
            result = monito.cancel(task_id)
        print_result(result, f"{task_id} is cancelled", as_json=as_json)


@app.command("retry", short_help="Try a task again from where it stood.", epilog=_RETRY_EXAMPLES)
def retry_command(task_id: TaskId, as_json: AsJson = False) -> None:
    """Try a task that failed or was cancelled again, from the stage where it stood."""
    with report_errors():
        with open_monito() as monito:
            result = monito.retry(task_id)
        print_result(result, f"{task_id} waits in {result.metadata['stage']} again", as_json=as_json)


@app.command("purge", short_help="Cancel all tasks that wait in a queue.", epilog=_PURGE_EXAMPLES)
def purge_command(queue: QueueName, as_json: AsJson = False) -> None:
    """Cancel all tasks that wait in a queue."""
    with report_errors():
        with open_monito() as monito:
            count = monito.purge_queue(queue)
        print_result({"queue": queue, "purged": count}, f"{queue}: {count} waiting tasks cancelled", as_json=as_json)


@app.command("pause", short_help="Start no task of a queue until it resumes.", epilog=_PAUSE_EXAMPLES)
def pause_command(queue: QueueName, as_json: AsJson = False) -> None:
    """Start no task of a queue until it is resumed; this outlives a restart."""
    with report_errors():
        with open_monito() as monito:
            monito.pause(queue)
        print_result({"queue": queue, "paused": True}, f"{queue} is paused", as_json=as_json)


@app.command("resume", short_help="Start tasks of a queue again.", epilog=_RESUME_EXAMPLES)
def resume_command(queue: QueueName, as_json: AsJson = False) -> None:
    """Start tasks of a queue again."""
    with report_errors():
        with open_monito() as monito:
            monito.resume(queue)
        print_result({"queue": queue, "paused": False}, f"{queue} goes on", as_json=as_json)


def _llm_line(use: "LlmUse") -> str:
    tokens = f"{use.prompt_tokens + use.completion_tokens:,} tokens"
    return f"LLM today (UTC): {use.requests:,} requests, {use.rows:,} rows, {tokens}, {use.cost_usd:.4f} USD"


def _driver_line(driver: "Heartbeat") -> str:
    kind = "service" if driver.is_serving else "command"
    return f"{kind} on {driver.host}, process {driver.pid}, since {driver.started_at:%Y-%m-%d %H:%M} UTC {driver.dashboard}".rstrip()


def _show_figures(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    console.show_table(titles, [[f"{cell:,}" if isinstance(cell, int | float) else str(cell) for cell in row] for row in rows], sys.stdout)
