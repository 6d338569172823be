"""Once in an hour: remove what is kept long enough, as the settings say. What cannot be removed now is removed later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from monito_ray import log
from monito_ray.catalog.prices.history_retention import remove_old_history
from monito_ray.errors import StoreUnavailable
from monito_ray.jobs.retention import file_retention, record_retention
from monito_ray.jobs.retention.file_retention import RetentionLimits
from monito_ray.steps.context import Services
from monito_ray.store.database import Store

_Remove = Callable[[Store, timedelta, datetime], int]


def sweep(services: Services) -> None:
    """Remove the files and rows that the settings keep no longer."""
    settings = services.settings
    limits = RetentionLimits(timedelta(days=settings.keep_days), round(settings.keep_gb * 2**30))
    _try("files", lambda now: file_retention.remove_expired(services.store, services.files, limits, now), services)
    records: tuple[tuple[str, int, _Remove], ...] = (
        ("events", settings.keep_events_days, record_retention.remove_old_events),
        ("ledger", settings.keep_ledger_days, record_retention.remove_old_requests),
        ("answers", settings.keep_answers_days, record_retention.remove_old_answers),
        ("history", settings.keep_history_days, remove_old_history),
    )
    for name, days, remove in records:
        if days:
            _try(name, lambda now, remove=remove, days=days: remove(services.store, timedelta(days=days), now), services)


def _try(name: str, remove: Callable[..., Any], services: Services) -> None:
    try:
        remove(services.clock())
    except StoreUnavailable as error:
        log.warning(f"{name}.kept", code=error.code, message=str(error))
