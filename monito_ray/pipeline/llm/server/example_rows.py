"""Two rows with known answers, by which `monito doctor` tells whether a model is of help. Each has a word that misleads who does not know the language.

They do not stand in the instructions, from where a model could copy them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import RawRow, Standard


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A row, and what is right about it."""

    item: RowItem
    #: A word of the English name.
    word: str
    brand: str
    #: The categories that are not wrong.
    categories: tuple[str, ...]


def _row(number: int, name: str, size: str) -> RowItem:
    row = RawRow(source_file="doctor", source_sheet="", source_row=number, original_name=name, price=Decimal(1))
    return RowItem(row, {"size": size, "pack": "1"})


EXAMPLE_ROWS = (
    ExampleRow(_row(1, "Sabun Mandi SEKARWANGI Susu Strawberry 90gr", "90 g"), "soap", "SEKARWANGI", ("personal care",)),
    ExampleRow(_row(2, "Масло моторное ЗЕНИТОЛ 5W-40 4 л", "4 l"), "oil", "ЗЕНИТОЛ", ("motor oil & fluids", "auto parts")),
)


def mistakes_of(answers: Mapping[int, Standard]) -> list[str]:
    """Return what is wrong with the answers about `EXAMPLE_ROWS`, by their positions; [] where they are right."""
    return [mistake for position, example in enumerate(EXAMPLE_ROWS) if (mistake := _mistake(example, answers.get(position)))]


def _mistake(example: ExampleRow, answer: Standard | None) -> str:
    name = example.item.row.original_name
    if answer is None:
        return f"no answer about {name!r} passes the checks"
    wrong = [
        *([f"called {answer.standardized_name!r}"] if example.word not in answer.standardized_name.casefold() else []),
        *([f"of the brand {answer.brand or 'none'}"] if answer.brand.casefold() != example.brand.casefold() else []),
        *([f"among {answer.category or OTHER}"] if answer.category not in example.categories else []),
    ]
    return f"{name!r} is {' and '.join(wrong)}" if wrong else ""
