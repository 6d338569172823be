"""Lists as strangers write them, made before they were first read: what they offer is read whole."""

import json
import re
from pathlib import Path

import pytest
import traps

from monito_ray.pipeline.rows import price_list, validation

FOLDER = Path(__file__).parents[2] / "data" / "strangers"


def _words(text: str) -> list[str]:
    return sorted(re.findall(r"[^\W_]+", text.casefold()))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_list_of_a_stranger_is_read_whole(path: Path):
    """Each offer is there and no other; a name may have its words in another order, and where two prices may be meant either is right."""
    said = json.loads(path.read_text(encoding="utf-8"))
    trap = traps.Trap(path.stem, said["ugly"], said)
    good = validation.partition(validation.validate(price_list.read_price_list(trap.data(), trap.file_name).rows))[0]
    have = sorted((_words(row["original_name"]), float(row["price"])) for row in good.to_pylist())
    allowed = [(_words(name), price) for name, price in said.get("allowed", ())]
    have = [row for row in have if row not in allowed]
    offers = sorted((_words(name), price if isinstance(price, list) else [price]) for name, price in said["offers"])
    assert [words for words, _ in have] == [words for words, _ in offers]
    assert [one for (_, price), one in zip(have, offers, strict=True) if not any(abs(price - x) < 0.006 for x in one[1])] == []
