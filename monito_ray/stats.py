"""The system in figures, as other programs ask for them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """One stage's queue. `oldest_waiting_s` is 0 when nothing waits."""

    name: str
    waiting: int
    running: int
    done: int
    failed: int
    paused: bool
    oldest_waiting_s: float


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """All tasks and workers together; `queue_length` counts what waits in any queue."""

    total_tasks: int
    successful_tasks: int
    failed_tasks: int
    pending_tasks: int
    active_workers: int
    queue_length: int
    average_processing_time_ms: float
