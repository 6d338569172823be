"""What asking about the real lists costs, a row over the whole list, beside a plain prompt that sends and gets every row as an object.

No model is called. Both sides are counted as the testing server counts tokens, at the default model's prices, and both answer the same:
what the rules make of the row, for that has the length of any answer. The plain prompt sends name, unit and price of every row in
batches of 50 and gets name, brand, size, category and confidence; it is too short for the provider's cache.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from llm_world import show
from reading import LISTS

from monito_ray import frames
from monito_ray.errors import FileUnusable
from monito_ray.pipeline.llm import gate, number_templates, prompts
from monito_ray.pipeline.llm.answer_checks import answer_key
from monito_ray.pipeline.llm.answer_forms import PART_NAMES
from monito_ray.pipeline.llm.row_items import RowItem, row_item
from monito_ray.pipeline.llm.row_question import RowQuestion
from monito_ray.pipeline.products import rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import RawRow, Standard
from monito_ray.spending import cost_usd
from monito_ray.testing.llm_server import answer_line

MODEL = "gpt-6-luna"
BATCH_ROWS, PLAIN_ROWS = 40, 50
CACHED_STEP = 128
MOST = 0.4
PLAIN = (
    "You standardize rows of suppliers' price lists. Answer with JSON: "
    '{"products": [{"name", "brand", "size", "category", "confidence"}, ...]}, one object for each row, in their order.'
)


def add_to(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The subcommand `cost`."""
    cost = parts.add_parser("cost", help="cost a row on the real lists against a plain prompt; skipped where the lists are not")
    cost.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    cost.set_defaults(run=run_cost)


def run_cost(chosen: argparse.Namespace) -> bool:
    """Each list and their sum; whether the sum is within the limit."""
    if not LISTS.is_dir():
        print("skipped: the real lists do not lie beside this project")
        return True
    ours, plain, verdicts = Decimal(0), Decimal(0), []
    for name, rows in _lists(chosen.skip):
        standards = rules.standardize(rows)
        items = list(map(row_item, rows, standards))
        keys = [answer_key(item, MODEL) for item in items]
        by_key = dict(zip(keys, standards, strict=True))
        questions = number_templates.predict_questions(gate.rows_to_ask(keys, items, standards, ()), by_key)
        one, other = _ours(list(questions.values()), [by_key[key] for key in questions]), _plain(rows, standards)
        ours, plain = ours + one, plain + other
        verdicts.append((f"{name}: {len(questions):,} of {len(rows):,} rows asked", f"{one / other:.0%}", "", True))
    verdicts.append(("all lists", f"{ours / plain:.1%}", f"{MOST:.0%}", ours <= Decimal(str(MOST)) * plain))
    return show(f"Cost against a plain prompt, {MODEL}", verdicts)


def _lists(skip: Sequence[str]) -> Iterator[tuple[str, list[RawRow]]]:
    names = frames.schema(RawRow).names
    for path in sorted((LISTS / "files").iterdir()):
        if path.name.startswith(tuple(skip or ("\0",))):
            continue
        try:
            good, _ = validation.partition(validation.validate(price_list.read_price_list(path.read_bytes(), path.name).rows))
        except FileUnusable:
            continue
        yield path.name, frames.from_table(good.select(names), RawRow)


def _ours(rows: Sequence[RowItem], standards: Sequence[Standard]) -> Decimal:
    question, cost = RowQuestion("Supplier"), Decimal(0)
    for start in range(0, len(rows), BATCH_ROWS):
        part = rows[start : start + BATCH_ROWS]
        answers = [
            _line(number, check, item, standard)
            for number, (check, item, standard) in enumerate(
                zip(prompts.check_tokens([item.row for item in part]), part, standards[start : start + BATCH_ROWS], strict=True), 1
            )
        ]
        system = _tokens(question.system_message)
        cached = system // CACHED_STEP * CACHED_STEP if start else 0
        answer = json.dumps({"rows": answers}, ensure_ascii=False, separators=(",", ":"))
        cost += cost_usd(MODEL, system + _tokens(question.user_message(part, {})), cached, _tokens(answer))
    return cost


def _line(number: int, check: str, item: RowItem, standard: Standard) -> str:
    """Return the answer about a row with its given parts left empty."""
    parts = answer_line(_fields(standard)).split("|")
    return "|".join([f"{number}", check, *("" if name in item.settled else part for name, part in zip(PART_NAMES[2:], parts, strict=True))])


def _plain(rows: Sequence[RawRow], standards: Sequence[Standard]) -> Decimal:
    cost = Decimal(0)
    for start in range(0, len(rows), PLAIN_ROWS):
        sent = [{"name": row.original_name, "unit": row.unit_text, "price": row.price} for row in rows[start : start + PLAIN_ROWS]]
        answers = [_object(standard) for standard in standards[start : start + PLAIN_ROWS]]
        question = json.dumps(sent, ensure_ascii=False, separators=(",", ":"), default=float)
        answer = json.dumps({"products": answers}, ensure_ascii=False, separators=(",", ":"))
        cost += cost_usd(MODEL, _tokens(PLAIN) + _tokens(question), 0, _tokens(answer))
    return cost


def _fields(standard: Standard) -> dict[str, object]:
    size = None if standard.size is None else f"{standard.size.normalize():f}"
    category = standard.category or "other"
    return {
        "standardized_name": standard.standardized_name,
        "brand": standard.brand,
        "size": size,
        "unit": standard.unit,
        "pack_count": standard.pack_count,
        "category": category,
    }


def _object(standard: Standard) -> dict[str, object]:
    size = "" if standard.size is None else f"{standard.size.normalize():f} {standard.unit}"
    return {
        "name": standard.standardized_name,
        "brand": standard.brand,
        "size": size,
        "category": standard.category or "other",
        "confidence": 0.95,
    }


def _tokens(text: str) -> int:
    return len(text) // 4 + 1
