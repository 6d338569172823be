"""A row as it is asked about: with those parts of the answer that the rules are sure of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.answer_forms import CATEGORY_KEYS
from monito_ray.records import RawRow, Standard

#: Parts that have another name than the field that they fill.
_FIELDS = {"pack": "pack_count"}


@dataclass(frozen=True, slots=True)
class RowItem:
    """A row, and the parts of its answer that are settled; the answer fills the others."""

    row: RawRow
    #: By the names of `PART_NAMES`, as an answer writes them; "" for a part that stays empty.
    settled: Mapping[str, str] = field(default_factory=dict)


def row_item(row: RawRow, by_rule: Standard) -> RowItem:
    """Return the row with what the rules are sure of (`gate`); the pack count is always among it, for the rules alone see the price."""
    size = "" if by_rule.size is None else f"{by_rule.size.normalize():f} {by_rule.unit}"
    parts = {
        "name": by_rule.standardized_name,
        "brand": by_rule.brand,
        "size": size,
        "pack": f"{by_rule.pack_count}",
        "category": CATEGORY_KEYS.get(by_rule.category, ""),
    }
    sure = gate.sure_fields(by_rule)
    return RowItem(row, {part: text for part, text in parts.items() if _FIELDS.get(part, part) in sure})
