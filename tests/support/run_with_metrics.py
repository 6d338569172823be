"""A process for `test_metrics`: Ray with dashboard and metrics, a small run through sink and sampler; ends when stdin does."""

import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
os.environ |= {"RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_metrics_report_interval_ms": "1000", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}

import pyarrow as pa
import ray
from readers import length

from monito_ray import events
from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster import batches, tasks
from monito_ray.cluster import metrics as exported
from monito_ray.cluster.batches import RowSlice
from monito_ray.cluster.llm.pool import LlmPool
from monito_ray.jobs import heartbeat
from monito_ray.jobs.statistics import worker_stats
from monito_ray.records import QueueStatus, WorkerStats
from monito_ray.stages import Stage
from monito_ray.store.database import open_store

HAPPENED = (
    events.StageStarted("task-7", Stage.SHEETS_WRITING, 164),
    events.StageFinished("task-7", Stage.SHEETS_WRITING, 164, 420),
    events.StageFinished("task-7", Stage.NOTIFICATIONS, 164, 8),
    events.RowsRejected("task-7", "no_price", 4),
    events.RowsRejected("task-7", "duplicate", 3),
    events.LlmCalled("task-7", 40, 1500, 1024, 900, 800, cost_usd=0.25),
    events.LlmCalled("task-7", 0, 0, 0, 0, 100, "LlmRateLimited"),
    events.LlmCalled("task-7", 0, 0, 0, 0, 0, "LlmMisconfigured", requests=0),
    events.TaskSucceeded("task-7", 2000),
    events.TaskFailed("task-8", "FileDamaged", "june.xlsx: torn"),
    events.TaskRetried("task-9", "StoreUnavailable", "june.xlsx: locked", 1.0),
)


def same(table: pa.Table) -> pa.Table:
    return table


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    folder = tempfile.mkdtemp(prefix="mf-", dir="/tmp")
    try:
        run(*start(folder), folder)
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: str, attempts: int = 3) -> tuple[int, int]:
    """Start Ray and return the ports of metrics and dashboard; try other ports if these were taken between the look and the start."""
    metrics, dashboard = free_port(), free_port()
    try:
        ray.init(
            address="local",
            num_cpus=1,
            include_dashboard=True,
            dashboard_host="127.0.0.1",
            dashboard_port=dashboard,
            log_to_driver=False,
            configure_logging=False,
            object_store_memory=100 * 1024 * 1024,
            _metrics_export_port=metrics,
            _temp_dir=folder,
        )
    except (RuntimeError, ValueError, OSError) as error:
        sys.stderr.write(f"Ray did not start: {error}\n")
        ray.shutdown()
        if attempts == 1:
            raise
        return start(folder, attempts - 1)
    return metrics, dashboard


def active_workers(size: int, folder: str) -> int:
    """Return what `get_worker_stats` reports after the heartbeat of a driver with a pool of that size."""
    store = open_store(f"sqlite:///{folder}/monito.db")
    now = datetime.now(UTC)
    heartbeat.beat(store, "driver", is_serving=True, now=now, workers=size)
    workers = worker_stats(store, now).active_workers
    store.close()
    return workers


def run(metrics: int, dashboard: int, folder: str) -> None:
    pool = LlmPool(LlmAddress("http://127.0.0.1:9/v1", "", "none"), concurrency=4, batch_rows=40)
    pool.warm()
    tasks.read_file(b"abc", "june.xlsx", length)
    batches.map_slices([RowSlice(pa.table({"name": list("abcdefgh")}), same, same, 1)])
    count = exported.sink()
    for event in HAPPENED:
        count(event)
    queue = QueueStatus(name="llm_processing", waiting=7, running=2, done=30, failed=1, paused=True, oldest_waiting_s=12.5)
    workers = active_workers(pool.size, folder)
    exported.sample({queue.name: queue}, WorkerStats(40, 30, 1, 7, workers, 7, 900.0))
    addresses = {
        "metrics": f"http://127.0.0.1:{metrics}/metrics",
        "dashboard": f"http://127.0.0.1:{dashboard}",
        "token": os.environ["RAY_AUTH_TOKEN"],
        "workers": workers,
    }
    sys.stdout.write(json.dumps(addresses) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    pool.close()


if __name__ == "__main__":
    main()
