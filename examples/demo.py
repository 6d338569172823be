"""The whole way on this machine alone: a price list goes into a Telegram chat, a clean catalogue comes out in a spreadsheet.

    python examples/demo.py

Starts the three testing servers (Telegram, Google Sheets, an LLM) and `monito serve`, sends the June list as a document, prints the
chat and the head of the Master Table; then the July list, and its changed prices.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.sheets_server import SheetsServer
from monito_ray.testing.telegram_chats import Message
from monito_ray.testing.telegram_server import TOKEN, TelegramServer

FOLDER = Path(__file__).resolve().parent
BUYER = 1001
BOOK = "catalogue"
START_S = 120.0
LIST_S = 180.0
HEAD_ROWS = 12
HEAD_COLUMNS = 9


@contextmanager
def service(home: Path, telegram: TelegramServer, sheets: SheetsServer, llm: LlmServer) -> Iterator[subprocess.Popen[bytes]]:
    """Run `monito serve` against these servers, with its log in `home`, and end it with SIGTERM."""
    credentials = home / "service-account.json"
    credentials.write_text(json.dumps(sheets.credentials))
    settings = {
        "MONITO_HOME": str(home),
        "OPENAI_BASE_URL": llm.url,
        "OPENAI_API_KEY": "",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "MONITO_TELEGRAM_BASE_URL": telegram.url,
        "MONITO_ALLOWED_USERS": str(BUYER),
        "MONITO_SHEET_ID": BOOK,
        "MONITO_SHEETS_ENDPOINT": sheets.url,
        "GOOGLE_APPLICATION_CREDENTIALS": str(credentials),
    }
    with (home / "serve.log").open("wb") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "monito_ray", "serve"], env=os.environ | settings, cwd=home, stdout=log, stderr=log
        )
        try:
            yield serving
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(30)


def send(telegram: TelegramServer, path: Path, serving: subprocess.Popen[bytes]) -> list[Message]:
    """Send a list, wait until the bot has sent the cleaned list or the failure, and return the bot's messages since."""
    before = len(telegram.chat(BUYER))
    sent_at = time.monotonic()
    telegram.send_document(BUYER, path.name, path.read_bytes())
    print(f"\n── {path.name} is sent to the bot " + "─" * 60)
    limit_s = LIST_S if before else START_S + LIST_S
    while time.monotonic() - sent_at < limit_s and serving.poll() is None:
        messages = telegram.chat(BUYER)[before:]
        if any(message.file_name or any(data.startswith("retry") for _, data in message.buttons) for message in messages):
            return messages
        time.sleep(0.2)
    sys.exit(f"the list did not come back; {'the service ended' if serving.poll() is not None else 'time is over'}, see serve.log")


def show_chat(messages: Sequence[Message]) -> None:
    """Print each message as the person saw it, its edits one below the other."""
    start = min(message.sent_at for message in messages)
    for message in messages:
        for at, text in message.versions:
            lines = text.strip().splitlines() or [""]
            print(f"{at - start:6.1f} s  bot: {lines[0]}")
            for line in lines[1:]:
                print(f"               {line}")
        if message.file_name:
            print(f"               [{message.file_name}, {len(message.data):,} bytes]")


def master_table(sheets: SheetsServer) -> list[list[str]]:
    """Return the Master Table as the spreadsheet shows it."""
    return sheets.spreadsheet(BOOK).values("'Master Table'").get("values", [])


def show_table(rows: Sequence[Sequence[object]], most: int = HEAD_ROWS) -> None:
    """Print the first rows and columns, aligned."""
    head = [[str(cell)[:24] for cell in row[:HEAD_COLUMNS]] for row in rows[: most + 1]]
    widths = [max(len(row[c]) for row in head if c < len(row)) for c in range(max(map(len, head)))]
    for row in head:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip())


def best_prices(rows: Sequence[Sequence[object]]) -> dict[tuple[str, ...], str]:
    """Return the best price by product, brand, size, unit, pack."""
    title = list(rows[0]).index("Best Price")
    return {tuple(map(str, row[:5])): str(row[title]) for row in rows[1:] if len(row) > title}


def show_changes(before: Sequence[Sequence[object]], after: Sequence[Sequence[object]]) -> None:
    """Print the products whose best price changed."""
    old, new = best_prices(before), best_prices(after)
    changed = {key: (old[key], price) for key, price in new.items() if key in old and old[key] != price}
    print(f"\n── {len(changed)} changed prices, {len(new.keys() - old.keys())} new products " + "─" * 40)
    for key, (was, now) in sorted(changed.items())[:HEAD_ROWS]:
        print(f"  {' '.join(part for part in key[:4] if part)[:44]:<46}{was:>12} → {now:>12}")


def main() -> None:
    """Send both lists and show what comes of them."""
    with tempfile.TemporaryDirectory(prefix="demo-") as folder, TelegramServer() as telegram, SheetsServer() as sheets, LlmServer() as llm:
        sheets.spreadsheet(BOOK)
        print("starting `monito serve` (Ray takes a few seconds) ...")
        with service(Path(folder), telegram, sheets, llm) as serving:
            show_chat(send(telegram, FOLDER / "bali_grocery_june.xlsx", serving))
            june = master_table(sheets)
            print(f"\n── Master Table, {len(june) - 1} products " + "─" * 60)
            show_table(june)
            show_chat(send(telegram, FOLDER / "bali_grocery_july.xlsx", serving))
            show_changes(june, master_table(sheets))
        print(f"\nThe LLM answered {llm.paid.requests} requests, Sheets took {sheets.tally.writes} writes.")


if __name__ == "__main__":
    main()
