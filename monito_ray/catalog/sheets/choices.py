"""What a person may choose in a cell."""

from monito_ray.pipeline import units


def unit_choices() -> tuple[str, ...]:
    """Return the units in which a size can be given."""
    return (*sorted(units.content_units()), "pcs")
