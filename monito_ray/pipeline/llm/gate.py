"""Which rows the LLM is asked about: the gate asks each field that an LLM may settle, not the row."""

from collections.abc import Container, Sequence

from monito_ray.records import FieldConfidence, RawRow, Standard

#: A row is asked about when one of these fields is less sure than this. A row whose brand no rule settled is always asked about (its brand is
#: right three times in four); pack count and price unit are not asked: the rules see the price, which an LLM never does.
ASK_BELOW = FieldConfidence(name=0.85, brand=0.85, size=0.85, pack_count=0.0, category=0.85)


def rows_to_ask(keys: Sequence[str], rows: Sequence[RawRow], standards: Sequence[Standard], answered: Container[str]) -> dict[str, RawRow]:
    """Return the rows to ask an LLM about, by their keys: those with an unsure field whose key is not among `answered`.

    Rows that would be asked in the same words have one key and are asked once.
    """
    by_key = zip(keys, rows, standards, strict=True)
    return {key: row for key, row, standard in by_key if key not in answered and is_unsure(standard)}


def is_unsure(standard: Standard) -> bool:
    """Return whether a field that an LLM may settle is less sure than `ASK_BELOW`."""
    return any(sure < least for sure, least in zip(standard.field_confidence, ASK_BELOW, strict=True))
