"""`python -m monito_ray.testing llm`: start a testing server, print its URL, serve until interrupted."""

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path

from monito_ray.testing.llm_faults import Fault
from monito_ray.testing.llm_server import LlmServer


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m monito_ray.testing", description="Small servers that speak the outside protocols.")
    llm = parser.add_subparsers(required=True).add_parser("llm", help="chat completions with hand-written answers")
    llm.add_argument("--port", type=int, default=0, help="0 takes a free one")
    llm.add_argument("--latency-s", type=float, default=0.0, help="seconds each answer takes")
    llm.add_argument("--per-row-s", type=float, default=0.0, help="seconds more for each row")
    llm.add_argument("--answers", type=Path, help="JSON file of further answers: name to fields")
    llm.add_argument("--fault", action="append", default=[], metavar="KIND=SHARE", help=f"one of {', '.join(Fault)}; may be repeated")
    llm.add_argument("--seed", type=int, default=0, help="of the draw of faults")
    chosen = parser.parse_args()
    faults = {kind: float(share) for kind, _, share in (fault.partition("=") for fault in chosen.fault)}
    answers = json.loads(chosen.answers.read_text("utf-8")) if chosen.answers else {}
    server = LlmServer(
        latency_s=chosen.latency_s, per_row_s=chosen.per_row_s, faults=faults, answers=answers, seed=chosen.seed, port=chosen.port
    )
    with suppress(KeyboardInterrupt), server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        server.wait()


if __name__ == "__main__":
    main()
