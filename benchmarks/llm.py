"""The LLM engine against what it has to show; each part prints its figure, its limit, and whether it holds, and fails where it does not.

    python benchmarks/llm.py stage        # one list through a warm pool against what the latency allows
    python benchmarks/llm.py throughput   # 20 lists of 1,000 rows side by side, concurrency 64, with the ledger
    python benchmarks/llm.py limits       # runs of three to five minutes against limits, announced, silent, changing; 12 minutes, little work
    python benchmarks/llm.py faults       # ten kinds of fault together, 20 seeds
    python benchmarks/llm.py servers      # servers of every kind: requests in vain, rows settled
    python benchmarks/llm.py cost         # the real lists against a plain prompt, where they lie beside the project
    python benchmarks/llm.py budgets      # 1,000 random runs with 32 callers in two processes

The server is a process of its own (it shares no interpreter with the driver), answers after 500 ms + 40 ms a row, and knows the
truth from a table made by hand-written rules; `right` counts rows whose name, brand, size, unit, pack and category are exact.
"""

import argparse
import sys

import llm_cost
import llm_limits
import llm_servers
import llm_throughput
import llm_truth


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(required=True)
    for module in (llm_throughput, llm_limits, llm_truth, llm_servers, llm_cost):
        module.add_to(parts)
    chosen = parser.parse_args()
    sys.exit(0 if chosen.run(chosen) else 1)


if __name__ == "__main__":
    main()
