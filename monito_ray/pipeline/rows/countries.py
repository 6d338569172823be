"""In which country's money a list is, by what its letterhead says of the supplier: telephone, tax number, legal form, city."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from monito_ray.pipeline import data

SURE, LIKELY = 3, 1
"""What a cue of each kind counts."""


def currency_of_country(lines: Sequence[str]) -> str:
    """The currency that the cues in `lines` speak for, "" where none do or where two countries are near each other."""
    ranked = sorted(_votes("\n".join(lines)).items(), key=lambda vote: -vote[1])
    (first, most), (_, next_most) = ranked[:2]
    return first if most and most >= next_most + LIKELY and not (most < SURE and next_most) else ""


def names_country(lines: Sequence[str]) -> bool:
    """Whether anything in `lines` speaks for any country."""
    return any(_votes("\n".join(lines)).values())


@lru_cache(maxsize=1)
def _votes(text: str) -> dict[str, int]:
    """What the different cues that are found weigh together; the same one twice says no more than once."""
    return {currency: sum(weight for weight, cue in cues if cue.search(text)) for currency, cues in _countries().items()}


@cache
def _countries() -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    weights = {"sure": SURE, "likely": LIKELY}
    return {
        currency: tuple((weights[kind], _bordered(cue)) for kind, cues in kinds.items() for cue in cues)
        for currency, kinds in data.table("countries.toml").items()
    }


def _bordered(cue: str) -> re.Pattern[str]:
    end = "" if cue.startswith(r"\+") else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{cue}){end}", re.IGNORECASE)
