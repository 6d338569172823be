"""Small price lists and services without Ray, for tests of what stands above the reader."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from monito_ray.cluster.batches import RowSlice
from monito_ray.events import Event
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.settings import Settings
from monito_ray.stages import Stage
from monito_ray.steps.background import workbook_drawing
from monito_ray.steps.background.row_batches import RowBatches
from monito_ray.steps.background.workbook_refresh import WorkbookRefresher
from monito_ray.steps.context import Attempt, Services
from monito_ray.steps.stage_table import FILE_STEPS, Steps
from monito_ray.store.database import open_store

# Two columns that could both be prices, and nothing that says which: they do not move together.
ALIKE = "".join(
    f"{name};{(n * 37 % 23 + 2) * 1500};{(n * 53 % 29 + 2) * 1300}\n"
    for n, name in enumerate(["Meja kayu", "Kursi rotan", "Lemari jati", "Rak buku", "Lampu meja", "Karpet wol", "Tirai linen", "Bantal", "Guling", "Selimut"])
)  # fmt: skip

T = TypeVar("T")
START = datetime(2024, 7, 1, tzinfo=UTC)

JUNE = """Nama Barang;Satuan;Harga
Beras Ramos 5 kg;sak;75.000
Minyak Goreng 2 L;pcs;38.500
Gula Pasir 1 kg;pcs;17.500
Gula Pasir 1 kg;pcs;17.500
Kecap Manis 600 ml;botol;
Zorblax Qwyjibo;pcs;12.000
Teh Celup 25 x 2 g;box;6.500
Vrumplet Snorf;pcs;9.900
"""
JULY = JUNE.replace("75.000", "78.000") + "Kopi Bubuk 200 g;pcs;24.000\n"


class Inline:
    """Workers that are this very thread."""

    def read_file(
        self,
        data: bytes,
        file_name: str,
        read: Callable[..., T],
        *args: Any,
        ahead: Callable[..., T] | None = None,
        check_stop: Callable[[], None] = lambda: None,
        user: int | None = None,  # noqa: ARG002  all turns are free
    ) -> T:
        """Call it."""
        check_stop()
        return (ahead or read)(data, file_name, *args)

    def cores(self) -> int:
        """As on a small machine."""
        return 2

    def cancel(self) -> None:
        """Nothing runs elsewhere."""


def map_inline(slices: Sequence[RowSlice]) -> list[pa.Table]:
    """Work on slices in this very thread, in blocks of three rows; none of them kills."""
    return [
        pa.concat_tables([piece.function(piece.rows.slice(start, 3)) for start in range(0, max(piece.rows.num_rows, 1), 3)])
        for piece in slices
    ]


def never_stop() -> None:
    """Let work go on."""


class FastClock:
    """A clock on which ten seconds pass whenever it is looked at."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        """Return the next moment."""
        self._now += timedelta(seconds=10)
        return self._now


class Bench:
    """Services in a folder, the events it emitted, and a way to put lists into it."""

    def __init__(self, home: Path, **changes: Any) -> None:
        settings = Settings(MONITO_HOME=str(home), MONITO_CURRENCY="IDR")
        self.home = home
        self.events: list[Event] = []
        self.store = open_store(settings.store_url)
        parts: dict[str, Any] = {
            "settings": settings,
            "store": self.store,
            "files": Artifacts(settings.files),
            "workers": Inline(),
            "row_batches": RowBatches(map_inline, lambda: 1),
            "pool": None,
            "sink": self.events.append,
            "clock": FastClock(),
        }
        parts |= changes
        self.services = Services(
            **parts,
            workbook=WorkbookRefresher(partial(workbook_drawing.draw_workbook, self.store, workbook_drawing.workbook_path(settings))),
        )

    def submit(self, text: str = JUNE, name: str = "june.csv", **options: Any) -> str:
        """Put a list in; the id of its task."""
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        return submit_file(self.store, self.services.files, path, 7, {"supplier": "Toko A", "force": True, **options}, START)


def instead(stage: Stage, run: Callable[[Attempt], Any], *produces: str) -> Steps:
    """The steps of files, with another function for the last step of `stage`, which runs unless what it `produces` is in place."""
    *before, last = FILE_STEPS[stage]
    return {**FILE_STEPS, stage: [*before, replace(last, run=run, produces=produces)]}


def run_stage(stage: Stage, attempt: Attempt) -> None:
    """Run the steps of a stage."""
    for step in FILE_STEPS[stage]:
        step.run(attempt)


@contextmanager
def bench(home: Path, **changes: Any) -> Iterator[Bench]:
    """A bench whose store is closed in the end; `changes` replace parts of its services."""
    made = Bench(home, **changes)
    with made.store:
        yield made


# A menu typed without columns: no table, two sections, one dish of two sizes.
MENU = "MENU\n\nStarters\nTomato soup 4.50\nOnion tart 6.20\n\nMains\nBeef stew 14.00\nPork pie 12.50 / 18.00\nFish cake with peas 13.20\nLamb chop 17.40\n"
