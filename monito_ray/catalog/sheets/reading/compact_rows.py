"""Rows of a sheet in little memory: most cells of a wide table are empty."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monito_ray.sheet_model import Scalar

#: The cells of a row that say what it is of, as texts.
SheetKey = tuple[str, ...]


class CompactRows(Mapping[SheetKey, tuple[Scalar, ...]]):
    """Rows of `width` cells by their keys; of two with one key the first counts. Rows with cells in the same places share these."""

    def __init__(self, width: int, rows: Iterable[tuple[SheetKey, Sequence[Scalar]]] = ()) -> None:
        self._width = width
        self._rows: dict[SheetKey, tuple[tuple[int, ...], tuple[Scalar, ...]]] = {}
        self._shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        for key, cells in rows:
            if key not in self._rows:
                places = tuple([place for place, cell in enumerate(cells) if cell != ""])
                self.put(key, places, tuple([cells[place] for place in places]))

    def put(self, key: SheetKey, places: tuple[int, ...], cells: tuple[Scalar, ...]) -> None:
        """Add a row by its cells that are not empty and their places."""
        self._rows[key] = self._shared.setdefault(places, places), cells

    def filled(self) -> Iterator[tuple[SheetKey, tuple[int, ...], tuple[Scalar, ...]]]:
        """Yield each row by its cells that are not empty and their places."""
        for key, (places, cells) in self._rows.items():
            yield key, places, cells

    def __getitem__(self, key: SheetKey) -> tuple[Scalar, ...]:
        places, cells = self._rows[key]
        row: list[Scalar] = [""] * self._width
        for place, cell in zip(places, cells, strict=True):
            row[place] = cell
        return tuple(row)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[SheetKey]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
