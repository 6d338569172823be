"""Lists as strangers write them, made before they were first read: what they offer is read whole."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import traps

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.rows import price_list, validation

FOLDER = Path(__file__).parents[2] / "data" / "strangers"


def _words(text: str) -> list[str]:
    return sorted(re.findall(r"[^\W_]+", text.casefold()))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_one_of(price: float, prices: list[float]) -> bool:
    return any(abs(price - one) < 0.006 for one in prices)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_list_of_a_stranger_is_read_whole(path: Path):
    """Each offer is there and no other; a name may have its words in another order, and of several names or prices that may be meant each is right."""
    said = json.loads(path.read_text(encoding="utf-8"))
    trap = traps.Trap(path.stem, said["ugly"], said)
    if not said["offers"]:
        with pytest.raises(NoPricesFound):
            price_list.read_price_list(trap.data(), trap.file_name)
        return
    good = validation.partition(validation.validate(price_list.read_price_list(trap.data(), trap.file_name).rows))[0]
    have = sorted((_words(row["original_name"]), float(row["price"])) for row in good.to_pylist())
    allowed = [(_words(name), price) for name, price in said.get("allowed", ())]
    have = [row for row in have if row not in allowed]
    offers = list(said["offers"])
    for words, price in have:
        match = next((offer for offer in offers if words in map(_words, _each(offer[0])) and _is_one_of(price, _each(offer[1]))), None)
        assert match, (words, price)
        offers.remove(match)
    assert offers == []
