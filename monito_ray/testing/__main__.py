"""`python -m monito_ray.testing llm|sheets|telegram`: start a testing server, print its URL, serve until interrupted."""

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path

from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_rate_limits import MINUTE_S, LimitKind, LlmLimits
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.llm_traits import LlmTraits
from monito_ray.testing.sheets_server import SheetsFault, SheetsServer
from monito_ray.testing.telegram_server import TOKEN, TelegramServer


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m monito_ray.testing", description="Small servers that speak the outside protocols.")
    servers = parser.add_subparsers(required=True)
    _add_llm(servers)
    _add_sheets(servers)
    _add_telegram(servers)
    arguments = parser.parse_args()
    server = arguments.start(arguments)
    with suppress(KeyboardInterrupt), server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        server.wait()


def _add_llm(servers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    llm = servers.add_parser("llm", help="chat completions with hand-written answers")
    llm.add_argument("--port", type=int, default=0, help="0 takes a free one")
    llm.add_argument("--latency-s", type=float, default=0.0, help="seconds each answer takes")
    llm.add_argument("--per-row-s", type=float, default=0.0, help="seconds more for each row")
    llm.add_argument("--answers", type=Path, help="JSON file of further answers: name to fields")
    llm.add_argument("--fault", action="append", default=[], metavar="KIND=SHARE", help=f"one of {', '.join(LlmFault)}; may be repeated")
    llm.add_argument("--rpm", type=int, default=0, help="requests a minute; 0: without limit")
    llm.add_argument("--tpm", type=int, default=0, help="tokens a minute, likewise")
    llm.add_argument("--kind", type=LimitKind, default=LimitKind.BUCKET, choices=list(LimitKind), help="how limits are enforced")
    llm.add_argument("--burst-s", type=float, default=MINUTE_S, help="a bucket holds what refills in this time")
    llm.add_argument("--silent", action="store_true", help="say nothing of the limits, neither in headers nor how long to wait")
    llm.add_argument(
        "--refuse", action="append", default=[], metavar="NAME", help="a parameter to refuse with 400, or pattern, json_schema, json_object"
    )
    llm.add_argument("--cut-above", type=int, default=0, help="answers to more rows end after so many")
    llm.add_argument("--slow-above", type=int, default=0, help="answers to more rows never come")
    llm.add_argument("--context", type=int, default=0, help="tokens of prompt and longest answer together")
    llm.add_argument("--thinking", type=int, default=0, help="tokens that the model thinks before each answer")
    llm.add_argument("--seed", type=int, default=0, help="of the draw of faults")
    llm.set_defaults(start=_start_llm)


def _start_llm(arguments: argparse.Namespace) -> LlmServer:
    answers = json.loads(arguments.answers.read_text("utf-8")) if arguments.answers else {}
    latency = {"latency_s": arguments.latency_s, "per_row_s": arguments.per_row_s}
    limits = LlmLimits(
        arguments.rpm, arguments.tpm, arguments.kind, arguments.burst_s, headers=not arguments.silent, retry_after=not arguments.silent
    )
    traits = LlmTraits(
        arguments.refuse,
        cut_above=arguments.cut_above,
        slow_above=arguments.slow_above,
        context_tokens=arguments.context,
        thinking_tokens=arguments.thinking,
    )
    return LlmServer(
        **latency,
        limits=limits,
        traits=traits,
        faults=_fault_shares(arguments),
        answers=answers,
        seed=arguments.seed,
        port=arguments.port,
    )


def _add_sheets(servers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sheets = servers.add_parser("sheets", help="the Sheets v4 API with grid limits, quotas and faults, for a service account")
    sheets.add_argument("--port", type=int, default=0, help="0 takes a free one")
    sheets.add_argument("--latency-s", type=float, default=0.0, help="seconds each answer takes")
    sheets.add_argument("--window-s", type=float, default=60.0, help="seconds in which 60 reads and 60 writes are allowed")
    sheets.add_argument("--book", default="catalogue", help="id of the spreadsheet that is there")
    sheets.add_argument("--credentials", type=Path, help="where to write the service-account file for this server")
    sheets.add_argument(
        "--fault", action="append", default=[], metavar="KIND=SHARE", help=f"one of {', '.join(SheetsFault)}; may be repeated"
    )
    sheets.add_argument("--seed", type=int, default=0, help="of the draw of faults")
    sheets.set_defaults(start=_start_sheets)


def _start_sheets(arguments: argparse.Namespace) -> SheetsServer:
    times = {"latency_s": arguments.latency_s, "window_s": arguments.window_s}
    server = SheetsServer(**times, faults=_fault_shares(arguments), seed=arguments.seed, port=arguments.port)
    server.spreadsheet(arguments.book)
    if arguments.credentials:
        arguments.credentials.touch(mode=0o600)
        arguments.credentials.write_text(json.dumps(server.credentials), "utf-8")
    return server


def _add_telegram(servers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    telegram = servers.add_parser(
        "telegram",
        help="the Bot API with flood limits",
        description="People act over HTTP: POST /people/ID/document?name=june.xlsx with the file as body, POST /people/ID/text, GET /people/ID/chat.",
    )
    telegram.add_argument("--port", type=int, default=0, help="0 takes a free one")
    telegram.add_argument("--latency-s", type=float, default=0.0, help="seconds each answer takes")
    telegram.add_argument("--token", default=TOKEN, help="the bot's; %(default)s unless said")
    telegram.set_defaults(start=lambda arguments: TelegramServer(token=arguments.token, latency_s=arguments.latency_s, port=arguments.port))


def _fault_shares(arguments: argparse.Namespace) -> dict[str, float]:
    return {kind: float(share) for kind, _, share in (fault.partition("=") for fault in arguments.fault)}


if __name__ == "__main__":
    main()
