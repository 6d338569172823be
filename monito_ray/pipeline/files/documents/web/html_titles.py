"""What the classes of a page call the parts of its pieces: "product-card__title", "old-price"."""

import re
from collections.abc import Sequence

from monito_ray.pipeline.title_words import find_matches, split_words

_SEPARATORS = re.compile(r"[-_:/.]+")


def title_of_classes(around: Sequence[str]) -> str:
    """Return the title of a column by the classes of the elements around its texts, outermost first; "" where they say nothing.

    A class that speaks of a price is it, of others the innermost one: a price's amount and its sign have classes of their own.
    """
    innermost = ""
    for classes in around:
        for one in classes.split():
            words = split_words(_SEPARATORS.sub(" ", _element_of(one)))
            if any(match.role == "price" for match in find_matches(words)):
                return " ".join(words)
            if words and find_matches(words[-1:]):
                innermost = words[-1]
    return innermost


def are_titles(titles: Sequence[str]) -> bool:
    """Whether the titles of columns say where names and where prices stand."""
    roles = [{match.role for match in find_matches(split_words(title))} for title in titles]
    return any("price" in of_column for of_column in roles) and any("name" in of_column and "price" not in of_column for of_column in roles)


def _element_of(one: str) -> str:
    """Return the last name of a class as "block__element": the element."""
    before, parted, element = one.rpartition("__")
    return element if parted and element else one if not parted else before.rpartition("__")[2] + parted
