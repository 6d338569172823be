"""Columns in which people write: what they may choose from, and where they are answered."""

from monito_ray.pipeline import units

#: The columns that a person may change.
EDITABLE = ("Product", "Brand", "Size", "Unit", "Pack", "Category")
#: The column in which a person says that a suspected price is right, and what to write there.
PRICE_RIGHT, YES = "Price Right?", "yes"
#: The title over the answers to what was written and not taken.
NOT_ACCEPTED = "Not Accepted"
REFUSAL_NOTE = "Why something that was written in this row was not taken. Empty the cell once it is read."


def unit_choices() -> tuple[str, ...]:
    """Return the units in which a size can be given."""
    return (*sorted(units.content_units()), "pcs")
