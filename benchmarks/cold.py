"""What a cold command costs over Ray itself: the example against a bare script, in turn, in one run.

    python benchmarks/cold.py [ROUNDS]

Floor: a script that imports ray, inits, runs one Ray Data map and exits. The truth beside the time: how many rows were written.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "examples" / "bali_grocery_june.xlsx"
MOST = 1.4
BARE = """
import ray
ray.init(address="local", include_dashboard=False, log_to_driver=False, logging_level="ERROR")
ray.data.DataContext.get_current().enable_progress_bars = False
ray.data.from_items([{"a": i} for i in range(200)]).map_batches(lambda batch: batch, batch_format="pyarrow").materialize()
ray.shutdown()
"""


def seconds(command: list[str], folder: str) -> tuple[float, str]:
    """Wall time of a command run in an empty folder, and its standard output."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Time both, in turn."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    bare, ours, written = [], [], 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            bare.append(seconds([sys.executable, "-c", BARE], folder)[0])
            command = [sys.executable, str(ROOT / "scripts" / "submit.py"), str(LIST), "--no-llm", "--json", "--out", "june.xlsx"]
            took, said = seconds(command, folder)
            ours.append(took)
            written = json.loads(said)["result"]["rows_written"]
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"bare script  {statistics.median(bare):6.2f} s   ({', '.join(f'{t:.1f}' for t in bare)})")
    print(f"example      {statistics.median(ours):6.2f} s   ({', '.join(f'{t:.1f}' for t in ours)})   {written} rows written")
    print(f"ratio        {ratio:6.2f}     at most {MOST}")


if __name__ == "__main__":
    main()
