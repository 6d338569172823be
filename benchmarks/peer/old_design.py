"""The design this project replaces, done for real: Celery and Redis, five queues, one message a file, batches of 50 rows one after another.

Run by `celery --app old_design worker`; `PEER_BROKER`, `PEER_OUTPUT` and `OPENAI_BASE_URL` say where. What passes from stage to stage goes
through Redis as JSON, as it did there; what Celery leaves to the user stands as Celery has it: a task is acknowledged when it begins.
"""

import json
import os
from pathlib import Path
from typing import Any

import openai
import openpyxl  # noqa: F401  threads that import it side by side fall over each other
import pandas as pd
from celery import Celery, chain

STAGES = ("file_processing", "data_validation", "llm_processing", "sheets_writing", "notifications")
BATCH_ROWS = 50
MODEL = "gpt-6-luna"
ASKED = {"name": "string", "brand": "string", "size": "string", "category": "string", "confidence": "number"}
PLAIN = (
    "You standardize rows of suppliers' price lists. Answer with JSON: "
    '{"rows": [{"id", "name", "brand", "size", "category", "confidence"}, ...]}, one object for each row.'
)

app = Celery("old_design", broker=os.environ["PEER_BROKER"], backend=os.environ["PEER_BROKER"])
app.conf.update(
    task_routes={f"old_design.{stage}": {"queue": stage} for stage in STAGES},
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)
llm = openai.OpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="none")


def submit(path: Path) -> Any:
    """Send a file on its way; the result of its last stage."""
    first, *others = (app.tasks[f"old_design.{stage}"] for stage in STAGES)
    return chain(first.s(str(path)), *(stage.s() for stage in others)).delay()


@app.task(shared=False)
def file_processing(path: str) -> dict[str, Any]:
    """Read the rows."""
    frame = pd.read_excel(path)
    rows = [{"name": str(name), "price": float(price)} for name, price in frame.itertuples(index=False)]
    return {"path": path, "rows": rows}


@app.task(shared=False)
def data_validation(told: dict[str, Any]) -> dict[str, Any]:
    """Keep what has a name and a price."""
    return told | {"rows": [row for row in told["rows"] if row["name"] and row["price"] > 0]}


@app.task(shared=False)
def llm_processing(told: dict[str, Any]) -> dict[str, Any]:
    """Ask about the rows, one batch after another."""
    rows = told["rows"]
    for start in range(0, len(rows), BATCH_ROWS):
        part = rows[start : start + BATCH_ROWS]
        for answer in _ask([{"id": place, **row} for place, row in enumerate(part)]):
            part[answer["id"]] |= {
                "standard": answer["name"],
                **{field: answer[field] for field in ("brand", "size", "category", "confidence")},
            }
    return told


@app.task(shared=False)
def sheets_writing(told: dict[str, Any]) -> dict[str, Any]:
    """Write the cleaned list."""
    target = Path(os.environ["PEER_OUTPUT"]) / Path(told["path"]).name
    pd.DataFrame(told["rows"]).to_excel(target, index=False)
    return {"output": str(target), "count": len(told["rows"])}


@app.task(shared=False)
def notifications(told: dict[str, Any]) -> dict[str, Any]:
    """Say that it is done."""
    return told


def _ask(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    item = {
        "type": "object",
        "properties": {"id": {"type": "integer"}} | {field: {"type": kind} for field, kind in ASKED.items()},
        "required": ["id", *ASKED],
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": item}},
        "required": ["rows"],
        "additionalProperties": False,
    }
    said = llm.chat.completions.create(
        model=MODEL,
        messages=[{"role": "system", "content": PLAIN}, {"role": "user", "content": json.dumps({"rows": rows}, ensure_ascii=False)}],
        response_format={"type": "json_schema", "json_schema": {"name": "rows", "strict": True, "schema": schema}},
    )
    answers: list[dict[str, Any]] = json.loads(said.choices[0].message.content or "{}")["rows"]
    return answers
