"""Small lists under titles of each language are read whole: names, prices, and nothing of what stands beside them."""

import random
import tomllib
from pathlib import Path

import pytest

from monito_ray.pipeline.rows.price_list import read_price_list

TITLES = tomllib.loads((Path(__file__).resolve().parents[3] / "data" / "titles.toml").read_text(encoding="utf-8"))
BESIDE = ("sku", "unit", "quantity", "cost", "tax", "sum", "margin", "discount", "pack", "barcode", "number")
NAMES = "Alma Bario Cortan Delvo Erbina Falko Gomero Hindal Ivoka Jurmel Kasdo Lontar Mivex Norda".split()


def _goods(dice: random.Random, n: int) -> dict[str, str]:
    """One row of a list, by roles: the cost below the price, the sum above it."""
    price, quantity = dice.randint(300, 9000) / 100, dice.randint(1, 60)
    return {
        "name": f"{dice.choice(NAMES)} {dice.choice(NAMES).lower()} {n}",
        "price": f"{price:.2f}",
        "sku": f"A{1000 + 7 * n}",
        "unit": "pcs",
        "quantity": str(quantity),
        "cost": f"{0.7 * price:.2f}",
        "tax": dice.choice(("5", "12", "18")),
        "sum": f"{quantity * price:.2f}",
        "margin": f"{0.3 * price:.2f}",
        "discount": dice.choice(("0", "5", "10")),
        "pack": dice.choice(("6", "12", "24")),
        "barcode": str(dice.randint(4 * 10**12, 5 * 10**12 - 1)),
        "number": str(n + 1),
    }


@pytest.mark.parametrize("language", TITLES)
def test_names_and_prices_are_found_under_titles_of_a_language(language: str):
    """In any order of columns."""
    dice, titles = random.Random(language), TITLES[language]  # noqa: S311  # the same lists in each run
    for _ in range(2):
        roles = ["name", "price", *(role for role in BESIDE if role in titles and dice.random() < 0.4)]
        dice.shuffle(roles)
        header = ";".join(dice.choice(titles[role]).replace('"', "״") for role in roles)
        goods = [_goods(dice, n) for n in range(12)]
        text = "\n".join([header, *(";".join(row[role] for role in roles) for row in goods)])
        rows = read_price_list(text.encode(), "list.csv").rows.to_pylist()
        have = [(row["original_name"], f"{row['price']:.2f}") for row in rows]
        assert have == [(row["name"], row["price"]) for row in goods], header
