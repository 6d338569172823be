"""How far each rule is to be believed: as often as it was right on labelled lists (`data/confidence.toml`)."""

from functools import cache

from monito_ray.pipeline import data


@cache
def rule_accuracy(field: str, rule: str) -> float:
    """The chance that `rule` settles `field` rightly, a half for a rule that was never counted.

    Laplace's rule of succession: of `all` rows `right` were settled rightly, so the next one is with (right + 1) / (all + 2).
    """
    right, total = data.table("confidence.toml")[field].get(rule, (0, 0))
    return (int(right) + 1) / (int(total) + 2)
