"""Measure net content and packs on public shop titles: OA-Mine as ExtractGPT prepared it, where a copy lies beside the project.

A title is judged on the attributes that its category has: number and kind of unit for the net content, the number for the pack. A pack of one is
right where it is labelled, and no answer where it is not. Where a title gives one number of pieces, it is the net content if the category has
that, else the pack.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from monito_ray.pipeline.products.measuring.measures import Measure, parse_measure

NET, PACK = "Net content", "Pack size"
#: What is asked of the product: the least F1 of each attribute.
LEAST_F1 = {NET: 0.93, PACK: 0.88}
_IN_REPOSITORY = "data/processed_datasets/oa-mine"
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|\.\d+")
_KINDS = {
    "ounce": r"(?:fl\.?\s*)?oz|(?:fluid )?ounces?",
    "pound": r"lbs?|pounds?",
    "metric": r"kg|g|gr|grams?|ml|milliliters?|l|liters?",
    "gallon": r"gal|gallons?",
}
_KIND_OF_UNIT = {"oz": "ounce", "fl_oz": "ounce", "lb": "pound", "gal": "gallon", "pcs": "count"} | dict.fromkeys(
    ("g", "kg", "ml", "l"), "metric"
)
_WORDS = {"dozen": 12, "twin": 2, "single": 1, "triple": 3, "two": 2, "three": 3, "four": 4, "six": 6, "pair": 2}


class Answer(NamedTuple):
    """A number and the kind of its unit."""

    number: Decimal
    kind: str


def main() -> None:
    """Print precision, recall and F1 of both attributes; end with 1 where one falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "data", type=Path, help="a folder with train.jsonl and test.jsonl, or a git directory of wbsg-uni-mannheim/ExtractGPT"
    )
    parser.add_argument("--split", default="test", choices=("train", "test"))
    parser.add_argument("--errors", type=int, default=0, help="show so many wrong titles of each attribute")
    arguments = parser.parse_args()
    if not arguments.data.exists():
        print(f"skipped: {arguments.data} is not there")
        return
    titles = list(read_titles(arguments.data, arguments.split))
    enough = [report(titles, attribute, arguments.errors) for attribute in LEAST_F1]
    sys.exit(0 if all(enough) else 1)


def read_titles(data: Path, split: str) -> Iterator[dict[str, Any]]:
    """Yield the titles of a split."""
    path = data / f"{split}.jsonl"
    if path.exists():
        text = path.read_text(encoding="utf-8")
    else:
        show = ["git", f"--git-dir={data}", "show", f"HEAD:{_IN_REPOSITORY}/{split}.jsonl"]
        text = subprocess.run(show, check=True, capture_output=True, text=True).stdout
    yield from map(json.loads, text.splitlines())


def report(titles: list[dict[str, Any]], attribute: str, errors: int) -> bool:
    """Print how often an attribute is right; return whether that is enough."""
    asked = defaultdict(set)
    for title in titles:
        asked[title["category"]] |= title["target_scores"].keys()
    counts: Counter[str] = Counter()
    for title in titles:
        if attribute not in asked[title["category"]]:
            continue
        labels = [text for text in title["target_scores"].get(attribute, ()) if text != "n/a"]
        answer = answer_of(parse_measure(title["input"]), attribute, has_net=NET in asked[title["category"]])
        is_right = any(is_same(answer, label, attribute) for label in labels)
        counts.update(labelled=bool(labels), answered=answer is not None or is_right, right=is_right)
        if (labels or answer) and not is_right and counts["shown"] < errors:
            counts["shown"] += 1
            print(f"  {attribute}: {title['input']} | {labels} | {answer}")
    precision, recall = (counts["right"] / max(1, counts[of]) for of in ("answered", "labelled"))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{attribute}: F1 {f1:.3f} (precision {precision:.3f}, recall {recall:.3f} of {counts['labelled']}), limit {LEAST_F1[attribute]}")
    return f1 >= LEAST_F1[attribute]


def answer_of(measure: Measure, attribute: str, *, has_net: bool) -> Answer | None:
    """Return what a measure says of an attribute, None for nothing."""
    pieces = Answer(Decimal(measure.pack_count), "count")
    if attribute == NET:
        if measure.size is not None:
            return Answer(measure.size, _KIND_OF_UNIT.get(measure.unit, measure.unit))
        return pieces if measure.pack_count > 1 else None
    return pieces if measure.pack_count > 1 and (measure.size is not None or not has_net) else None


def is_same(answer: Answer | None, label: str, attribute: str) -> bool:
    """Return whether an answer says what the label says; a label of one piece needs no answer."""
    if answer is None:
        return attribute == PACK and numbers_of(label) == {Decimal(1)}
    if answer.number not in numbers_of(label):
        return False
    kinds = {kind for kind, pattern in _KINDS.items() if re.search(rf"(?<![a-z])(?:{pattern})(?![a-z])", label.lower())}
    return attribute == PACK or answer.kind in (kinds or {"count"})


def numbers_of(label: str) -> set[Decimal]:
    """Return the numbers that a label has, in digits or words."""
    digits = {Decimal(number.replace(",", "")) for number in _NUMBER.findall(label)}
    return digits or {Decimal(number) for word, number in _WORDS.items() if word in label.lower()}


if __name__ == "__main__":
    main()
