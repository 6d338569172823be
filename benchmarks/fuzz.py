"""Whether any bytes crash, hang or bloat the reader.

    python benchmarks/fuzz.py random [--minutes 10] [--only pdf xls ...] [--keep DIR]   # hypothesis bends readable lists of every format
    python benchmarks/fuzz.py hostile                                                     # bombs, entities, huge grids, 20 MB of this and that

The reader runs in a process of its own, which is asked again and again: a file may be read or refused with one of our errors, within five
seconds, in less than 1 GB. What breaks that is made as small as hypothesis can, told of, and kept in DIR; then the exit code is 1.
"""

import argparse
import hashlib
import io
import multiprocessing
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from hostile import hostile, seeds
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.rows import price_list

MOST_S = 5.0
MOST_MB = 1024
_ROUND = 400
_ZIPPED = ("xlsx", "ods", "docx", "odt")
_TOKENS = (b"\x00", b"\xff" * 4, b"<", b">", b'"', b"&#0;", b"9" * 40, b"-1", b"1e999", b"NaN", b";" * 50, b"\n" * 50, b"%PDF", b"endobj", b"PK\x03\x04")  # fmt: skip


class Broken(Exception):
    """The reader did what it never may."""


def serve(pipe: Connection) -> None:
    """Read what comes, tell how it went and how much memory was taken at most, in MB."""
    while True:
        name, data = pipe.recv()
        try:
            price_list.read_price_list(data, name)
            told = "read"
        except FileUnusable as error:
            told = f"refused: {type(error).__name__}"
        except BaseException as error:  # noqa: BLE001  whatever it is, it is told
            told = f"crashed: {type(error).__name__}: {error}"
        pipe.send((told, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


class Reader:
    """A process that reads; a new one when it died or was killed."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._pipe, other = self._context.Pipe()
        self._process = self._context.Process(target=serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self.read("warm.csv", b"Item;Price\nRice;12000\n", 60.0)

    def read(self, name: str, data: bytes, most_s: float = MOST_S) -> tuple[str, float, int]:
        """How it went, in how many seconds, with how many MB at most so far.

        Raises:
            Broken: it crashed, hung, or took too much memory.
        """
        began = time.monotonic()
        self._pipe.send((name, data))
        try:
            told, peak_mb = self._pipe.recv() if self._pipe.poll(most_s) else (f"hung for {most_s:.0f} s", 0)
        except EOFError:
            self._process.join()
            told, peak_mb = f"died with {self._process.exitcode}", 0
        if not told.startswith(("read", "refused")) or peak_mb > MOST_MB:
            self.stop()
            self._start()
            raise Broken(f"{name} ({len(data):,} bytes): {told}, {peak_mb} MB")
        return told, time.monotonic() - began, peak_mb

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


Edits = Sequence[tuple[str, float, float, bytes]]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["set", "insert", "cut", "copy", "flip"]),
        st.floats(0, 1, exclude_max=True),
        st.floats(0, 1, exclude_max=True),
        st.one_of(st.binary(min_size=1, max_size=16), st.sampled_from(_TOKENS)),
    ),
    min_size=1,
    max_size=12,
)


def edited(data: bytes, edits: Edits) -> bytes:
    """`data` after the edits, one after the other, at their relative places."""
    made = bytearray(data)
    for kind, at, other, token in edits:
        place, end = int(at * (len(made) + 1)), int(other * (len(made) + 1))
        match kind:
            case "set":
                made[place : place + len(token)] = token
            case "insert":
                made[place:place] = token
            case "cut":
                del made[min(place, end) : max(place, end)]
            case "copy":
                made[place:place] = made[end : end + 4096]
            case "flip" if made:
                made[place % len(made)] ^= 1 << token[0] % 8
    return bytes(made)


def inside(data: bytes, part: float, edits: Edits) -> bytes:
    """An archive with one of its parts edited, packed anew so that the reader gets to see it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        names = whole.namelist()
        chosen = names[int(part * len(names))]
        for name in names:
            archive.writestr(name, edited(whole.read(name), edits) if name == chosen else whole.read(name))
    return out.getvalue()


def bend(corpus: Mapping[str, Sequence[bytes]], suffix: str, which: float, part: float, edits: Edits) -> bytes:
    """A list of that format, bent: as a whole, or within a part of its archive."""
    lists = corpus[suffix]
    data = lists[int(which * len(lists))]
    return inside(data, part, edits) if suffix in _ZIPPED and part < 0.9 else edited(data, edits)


def random(minutes: float, only: Sequence[str], keep: Path, first_seed: int) -> int:
    """Fuzz until the time is over; the number of faults found."""
    corpus = {suffix: lists for suffix, lists in seeds().items() if not only or suffix in only}
    reader, tally, faults = Reader(), Counter[str](), 0
    until, number = time.monotonic() + minutes * 60, first_seed
    latest = [("", b"")]

    @settings(
        max_examples=_ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(st.sampled_from(sorted(corpus)), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), EDITS)
    def survives(suffix: str, which: float, part: float, edits: Edits) -> None:
        if time.monotonic() > until:
            return
        data = bend(corpus, suffix, which, part, edits)
        latest[0] = (f"fuzz.{suffix}", data)
        told, _, _ = reader.read(*latest[0])
        tally[f"{suffix} {told}"] += 1

    while time.monotonic() < until:
        number += 1
        try:
            seeded(number)(survives)()
        except (Broken, ExceptionGroup) as error:  # what breaks now and then comes as a group
            faults += 1
            name, data = latest[0]
            keep.mkdir(parents=True, exist_ok=True)
            place = keep / f"{hashlib.sha256(data).hexdigest()[:12]}.{name.rpartition('.')[2]}"
            place.write_bytes(data)
            print(f"BROKEN {error}; kept as {place}", flush=True)
    reader.stop()
    for what, count in sorted(tally.items()):
        print(f"{what:<40}{count:>8}")
    print(f"{tally.total():,} files in {minutes:g} minutes, {faults} faults, seeds {first_seed + 1} to {number}")
    return faults


def hurt() -> int:
    """Each hostile file once, time and memory beside it; the number of faults."""
    faults = 0
    for what, (name, make) in hostile().items():
        data, reader = make(), Reader()
        try:
            told, took_s, peak_mb = reader.read(name, data, 60.0)
        except Broken as error:
            faults += 1
            print(f"BROKEN {what}: {error}", flush=True)
        else:
            print(f"{what:<42}{len(data) / 1e6:>7.1f} MB  {told:<26}{took_s:>6.1f} s{peak_mb:>7} MB at most", flush=True)
        reader.stop()
    return faults


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("random", "hostile"))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--only", nargs="*", default=[], help="formats, by their suffix")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"), help="where files go that broke the reader")
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6))
    chosen = parser.parse_args()
    sys.exit(int(bool(hurt() if chosen.what == "hostile" else random(chosen.minutes, chosen.only, chosen.keep, chosen.seed))))


if __name__ == "__main__":
    main()
