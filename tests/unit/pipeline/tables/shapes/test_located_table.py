"""Located tables and their rows of offers."""

from monito_ray.pipeline.tables.roles import Roles
from monito_ray.pipeline.tables.shapes.located_table import has_amount, is_offer_row


def test_an_offer_has_a_name_and_an_amount():
    """What goes on with the name may stand for it; words instead of the amount may not."""
    roles = Roles(name=0, prices=(2,), more_name=(1,))
    assert is_offer_row(["Tea", "", 12.0], roles)
    assert is_offer_row(["", "green", "12 USD"], roles)
    assert not is_offer_row(["", "", 12.0], roles)
    assert not is_offer_row(["Tea", "", "see the other page"], roles)
    assert has_amount(["", "", 12.0], roles)
