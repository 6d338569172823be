"""In whose money a list is, by what its letterhead says of the supplier: telephone, tax number, legal form, city."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from monito_ray.pipeline import data

#: Votes of a cue that only one country has (a telephone prefix), and of one that a supplier of another country may name (a city).
SURE_VOTES, LIKELY_VOTES = 3, 1


def currency_of_country(lines: Sequence[str]) -> str:
    """Return the money of the country that the cues in `lines` speak for, "" where none does or where two come near each other."""
    ranked = sorted(_votes("\n".join(lines)).items(), key=lambda vote: -vote[1])
    (currency, most), (_, next_most) = ranked[:2]
    is_clear = most >= next_most + LIKELY_VOTES and not (most < SURE_VOTES and next_most)
    return currency if most and is_clear else ""


def names_country(lines: Sequence[str]) -> bool:
    """Whether anything in `lines` speaks for any country."""
    return any(_votes("\n".join(lines)).values())


@lru_cache(maxsize=1)
def _votes(text: str) -> dict[str, int]:
    """Return the votes for each country's money; a cue that stands there twice counts once."""
    return {currency: sum(votes for votes, cue in cues if cue.search(text)) for currency, cues in _cues().items()}


@cache
def _cues() -> dict[str, list[tuple[int, re.Pattern[str]]]]:
    votes = {"sure": SURE_VOTES, "likely": LIKELY_VOTES}
    countries = data.table("countries.toml").items()
    return {currency: [(votes[kind], _bordered(cue)) for kind, cues in kinds.items() for cue in cues] for currency, kinds in countries}


def _bordered(cue: str) -> re.Pattern[str]:
    """Return a cue between word borders; digits follow the prefix of a telephone number."""
    end = "" if cue.startswith(r"\+") else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:{cue}){end}", re.IGNORECASE)
