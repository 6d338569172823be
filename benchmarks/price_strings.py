"""Prices as web shops write them: the strings of price-parser's public tests, each as the price of a list of eight rows.

    python benchmarks/price_strings.py test_price_parsing.py [--rows alike|same] [--show wrong blank]

The file is `tests/test_price_parsing.py` of https://github.com/scrapinghub/price-parser; nothing of it stands in this project. A string
stands among seven others of its form (`alike`: each digit but nought is another one), as it would in a supplier's column, or eight times
(`same`). It is right where the row has price-parser's amount, or none where it has none, and wrong where it has another; blank where the
row, or the list, is left without a price. Amounts are compared as people see them (`prices.rounded`).
"""

import argparse
import ast
import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from monito_ray.errors import FileUnusable
from monito_ray.pipeline import prices
from monito_ray.pipeline.rows.price_list import read_price_list

FEWEST_RIGHT, MOST_WRONG = 1_080, 2
ROWS, PLACE = 8, 3
NAMES = ("Apple juice", "Brown sugar", "Corn flour", "Dried figs", "Egg noodles", "Fish sauce", "Green tea", "Honey")
#: A mark that is not one of these separates no decimals in a column of a list.
DECIMAL_MARKS = (None, ".", ",")


@dataclass(frozen=True, slots=True)
class Example:
    """A string and the amount that price-parser's tests have for it."""

    text: str
    amount: Decimal | None
    decimal_mark: str | None


def examples(path: Path) -> Iterator[Example]:
    """Yield the examples of price-parser's test file, read without running it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Example"):
            continue
        values = [_value(argument) for argument in node.args]
        named = {keyword.arg: _value(keyword.value) for keyword in node.keywords}
        values += [named.get("decimal_separator")] * (len(values) == len(("currency_raw", "price_raw", "currency", "text", "amount")))
        if isinstance(values[1], str) and values[5] in DECIMAL_MARKS:
            yield Example(values[1], None if values[4] is None else Decimal(str(values[4])), values[5])


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):  # Decimal("1.11")
        return ast.literal_eval(node.args[0])
    return ast.literal_eval(node)


def column(example: Example, rows: str) -> list[str]:
    """Return a column of prices with the example at `PLACE`."""
    if rows == "same":
        return [example.text] * ROWS
    dice = random.Random(example.text)
    changed = "123456789" if any(char in "123456789" for char in example.text) else "0"  # goods beside a free one have a price
    texts = ["".join(str(dice.randint(1, 9)) if char in changed else char for char in example.text) for _ in range(ROWS)]
    return [example.text if place == PLACE else text for place, text in enumerate(texts)]


def price_read(texts: list[str]) -> Decimal | None:
    """Return the price of the row at `PLACE` of a list with these prices, None where it has none or the list is refused."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("Product", "Price"), *zip(NAMES, texts, strict=True)])
    try:
        rows = read_price_list(file.getvalue().encode(), "prices.csv").rows.to_pylist()
    except FileUnusable:
        return None
    found = [row["price"] for row in rows if row["original_name"] == NAMES[PLACE] and not row["role"]]
    return found[0] if found else None


def verdict(example: Example, price: Decimal | None) -> str:
    """Return "right", "wrong" or "blank"."""
    if example.amount is None or price is None:
        return "right" if example.amount == price else "blank" if price is None else "wrong"
    return "right" if prices.rounded(price) == prices.rounded(example.amount) else "wrong"


def main() -> int:
    """Read every string, print what became of them, and return 1 where a limit is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("tests", type=Path)
    options.add_argument("--rows", choices=("alike", "same"), default="alike")
    options.add_argument("--show", nargs="*", default=())
    chosen = options.parse_args()
    counts: Counter[str] = Counter()
    for example in examples(chosen.tests):
        price = price_read(column(example, chosen.rows))
        result = verdict(example, price)
        counts[result] += 1
        if result in chosen.show:
            print(f"{result}: {example.text!r} is {example.amount}, read as {price}")
    print(f"{counts.total()} strings, {chosen.rows}: {dict(counts)}; at least {FEWEST_RIGHT} right, at most {MOST_WRONG} wrong")
    return int(counts["right"] < FEWEST_RIGHT or counts["wrong"] > MOST_WRONG)


if __name__ == "__main__":
    raise SystemExit(main())
