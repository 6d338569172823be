"""What a list shows of its supplier, and what is stored of earlier lists that bears on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monito_ray.catalog.suppliers.supplier_names import SupplierNames, words_of_name
from monito_ray.pipeline.rows.supplier.row_sketch import ListSketch, sketch_from_json
from monito_ray.pipeline.rows.supplier.supplier_marks import Mark, MarkKind


@dataclass(frozen=True, slots=True)
class SupplierSigns:
    """What a list shows of its supplier, and who sent it."""

    file_name: str
    #: The supplier that a person named with the list.
    stated: str = ""
    #: The company that its letterhead names.
    letterhead: str = ""
    #: Who sent it; "0" is the command line.
    sender: str = ""
    #: The keys of its tables' layouts.
    layouts: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    #: The first short texts at its head.
    heads: tuple[str, ...] = ()
    #: What its rows are.
    sketch: ListSketch = field(default_factory=ListSketch)
    #: What stands under its file in a chat: a name, talk, or both.
    caption: str = ""

    @property
    def name_mark(self) -> Mark | None:
        """The mark of the letterhead's company, None where it names none."""
        words = words_of_name(self.letterhead)
        return Mark(MarkKind.NAME, words) if words else None

    @property
    def own_marks(self) -> tuple[Mark, ...]:
        """All marks that belong to the supplier."""
        return (*self.marks, self.name_mark) if self.name_mark else self.marks

    def as_json(self) -> dict[str, Any]:
        """Return the form in which it goes from reading to writing."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"sketch": self.sketch.as_json()}


def signs_from_json(values: Mapping[str, Any]) -> SupplierSigns:
    """Return the `SupplierSigns` that `as_json` was called on."""
    marks = tuple(Mark(*mark) for mark in values["marks"])
    return SupplierSigns(
        **{
            **values,
            "layouts": tuple(values["layouts"]),
            "heads": tuple(values.get("heads", ())),
            "marks": marks,
            "sketch": sketch_from_json(values["sketch"]),
        }
    )


@dataclass(frozen=True, slots=True)
class EarlierList:
    """A list that came before, and shares columns, the file's name or rows with the new one."""

    supplier: str
    sender: str
    layouts: frozenset[str]
    stem: str
    sketch: ListSketch
    #: Whether its supplier is beyond doubt.
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class SupplierMemory:
    """What is stored of all suppliers that bears on one list."""

    names: SupplierNames
    #: The suppliers in whose lists each mark of the new list stood.
    owners: Mapping[Mark, frozenset[str]] = field(default_factory=dict)
    #: All tax numbers of suppliers that the new list may be of, by supplier.
    tax_numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lists: Sequence[EarlierList] = ()
    #: Suppliers of whom signs are stored; older ones have a name alone.
    seen: frozenset[str] = frozenset()
