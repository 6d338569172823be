"""What signs beside the amounts of a column of prices mean: minus, or nothing where most cells have them."""

from collections.abc import Sequence
from dataclasses import dataclass

from monito_ray.pipeline.cells import Value, is_filled
from monito_ray.pipeline.price_remarks import ends_in_stroke, may_say_minus, parts_from_name, says_minus

#: Brackets or a dash beside an amount mean minus unless a larger share of a column's first cells has them: no list sells most of its goods
#: below zero. Strokes of which the same is true stand for cents. Of 128 real lists one has such cells, 3 among 2,800, so the bound is a guess
#: that none contradicts.
MOST_SIGNED = 0.5


@dataclass(frozen=True, slots=True)
class PriceSigns:
    """What the signs of one column mean."""

    #: Brackets and dashes mean minus.
    mean_minus: bool = True
    #: Dashes behind amounts stand for cents, as the column's others do.
    are_strokes: bool = False

    def is_negative(self, text: str) -> bool:
        """Return whether the amount of a cell's text is below zero."""
        return self.mean_minus and says_minus(text)

    def is_unclear(self, text: str) -> bool:
        """Return whether the amount of a cell's text, taken for a price, may be below zero."""
        if says_minus(text):
            return not self.mean_minus and not parts_from_name(text)
        return may_say_minus(text) and not (self.are_strokes and ends_in_stroke(text))


def signs_of_column(cells: Sequence[Value]) -> PriceSigns:
    """Return what the signs beside the amounts of a column mean, by its first cells."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    most = MOST_SIGNED * sum(map(is_filled, cells))
    return PriceSigns(mean_minus=sum(map(says_minus, texts)) <= most, are_strokes=sum(map(ends_in_stroke, texts)) > most)
