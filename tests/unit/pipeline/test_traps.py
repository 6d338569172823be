"""Small lists of our own making, each with one trap, read to the end."""

from collections import Counter

import pytest
import traps

from monito_ray import errors, frames
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import RawRow


@pytest.mark.parametrize("trap", traps.every(), ids=lambda trap: trap.name)
def test_a_trap_is_read_as_a_careful_buyer_does(trap: traps.Trap):
    """Each offer stands where it stands in the list, with its name and price; every other row has its reason."""
    if "error" in trap.said:
        with pytest.raises(getattr(errors, trap.said["error"])):
            price_list.read_price_list(trap.data(), trap.file_name)
        return
    good, rejects = validation.partition(validation.validate(price_list.read_price_list(trap.data(), trap.file_name).rows))
    rows = frames.from_table(good, RawRow)
    found = build.build_products(rows, rules.standardize(rows))
    told = [
        [p.source_sheet, p.source_row, p.original_name, float(p.price), *([_fields(p, wanted[4])] if len(wanted) > 4 else [])]
        for p, wanted in zip(found, [*trap.said["rows"], *[[]] * len(found)], strict=False)
    ]
    assert told == trap.said["rows"], trap.ugly
    assert Counter(rejects.column("reason").to_pylist()) == trap.said.get("rejected", {}), trap.ugly


def _fields(product: object, wanted: dict[str, object]) -> dict[str, object]:
    """The fields of a product that a trap tells of, as its JSON would have them."""
    found = {name: getattr(product, name) for name in wanted}
    return {
        name: value
        if value is None or isinstance(value, (int, str))
        else float(value)
        if isinstance(wanted[name], (int, float))
        else str(value)
        for name, value in found.items()
    }
