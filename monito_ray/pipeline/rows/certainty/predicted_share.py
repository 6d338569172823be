"""The predicted share of right rows of a list: a logistic model of its signs, each of which can only speak against it.

The weights lie in `data/predicted_share.toml`, with the script that makes them and the score they had on lists they were not made from.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monito_ray.pipeline import data
from monito_ray.pipeline.rows.certainty.list_signs import ListSigns, sign_names

_FILE = "predicted_share.toml"


@dataclass(frozen=True, slots=True)
class Prediction:
    """How much of a list is right, as far as its signs tell."""

    #: 0 to 1.
    share: float
    #: The points that each sign takes, decisive ones before those that take most; signs that take none are left out.
    against: Mapping[str, float]
    #: Signs that are decisive by themselves.
    decisive: tuple[str, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether the list is not to be taken at its word."""
        return bool(self.decisive) or self.share < float(data.table(_FILE)["doubtful_below"])


def predict(signs: ListSigns) -> Prediction:
    """Return the predicted share of right rows: the logistic function of the points that signs leave of those of a flawless list.

    A decisive sign is a share of rows that are surely wrong or lost, so no more than the others can be right.
    """
    model = data.table(_FILE)
    weights: Mapping[str, float] = model["weights"]
    values = dict(zip(sign_names(), signs.values(), strict=True))
    decisive = tuple(name for name, least in model["decisive"].items() if values[name] > least)
    against = {name: weights.get(name, 0.0) * math.sqrt(value) for name, value in values.items()}
    points = float(model["flawless"]) - sum(against.values())
    counting = [(name, lost) for name, lost in against.items() if lost > 0 or name in decisive]
    ranked = dict(sorted(counting, key=lambda entry: (entry[0] not in decisive, -entry[1])))
    share = min(1 / (1 + math.exp(-points)), *(1 - values[name] for name in decisive), 1.0)
    return Prediction(share, ranked, decisive)
