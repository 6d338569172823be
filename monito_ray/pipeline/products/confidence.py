"""How often each rule is right, counted on labelled lists (`data/confidence.toml`)."""

from functools import cache

from monito_ray.pipeline import data


@cache
def rule_accuracy(field: str, rule: str) -> float:
    """Return the chance that `rule` settles `field` rightly; 0.5 for a rule that was never counted.

    Laplace's rule of succession: when `right` of `total` rows were right, the next one is with (right + 1) / (total + 2).
    """
    right, total = data.table("confidence.toml")[field].get(rule, (0, 0))
    return (int(right) + 1) / (int(total) + 2)
