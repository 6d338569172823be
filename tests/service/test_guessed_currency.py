"""A currency that nothing says, beside the one that the supplier's last list said."""

import threading
from pathlib import Path

import pytest
from lists import bench

from monito_ray.driver.driver import Driver
from monito_ray.jobs import queue

DOLLARS = "Item,Price (USD)\nSalt cake plain 1 kg,5.50\nRice basmati 5 kg,9.90\nPasta penne 500 g,1.35\n"
BARE = "Item,Price\nSalt cake plain 1 kg,88000\nRice basmati 5 kg,158000\nPasta penne 500 g,21500\n"
DOUBT = "The list: its currency is a guess, IDR, and the supplier's last list was in USD; send it again with its currency"


@pytest.mark.parametrize(
    ("text", "options", "doubts"),
    [(BARE, {}, [DOUBT]), (BARE, {"currency": "IDR"}, []), (BARE.replace("Price", "Price (IDR)"), {}, [])],
)
def test_a_guess_that_takes_the_place_of_a_currency_is_in_doubt(tmp_path: Path, text: str, options: dict[str, str], doubts: list[str]):
    """That of the settings is a guess; what the list or a person says is none."""
    with bench(tmp_path) as made:
        results = []
        for task_id in (made.submit(DOLLARS, "june.csv"), made.submit(text, "july.csv", **options)):
            Driver(made.services).work([task_id], threading.Event())
            results.append(queue.load(made.store, task_id).result or {})
        assert [result["currency"] for result in results] == ["USD", "IDR"]
        assert [[one for one in result["doubts"] if "guess" in one] for result in results] == [[], doubts]
        assert results[1]["prices_changed"] == 3
