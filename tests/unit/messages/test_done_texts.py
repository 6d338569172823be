"""What a person reads of a list that is done."""

import pytest

from monito_ray.messages import Messages
from monito_ray.messages.done_texts import done_lines

RESULT = {
    "rows_found": 2, "rows_written": 2, "rows_rejected": 0, "rows_duplicate": 0, "products_new": 2, "prices_changed": 0,
    "supplier": "Rynok", "currency": "IDR",
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ru", "id"])
def test_a_file_under_two_suppliers_is_told_of(language: str):
    """With the other supplier, and the command that takes its list back."""
    twice = RESULT | {"same_file": {"task_id": "k7m2p9x4ra", "file": "f.csv", "supplier": "Toko A"}}
    (told,) = set(done_lines(Messages(language), twice)) - set(done_lines(Messages(language), RESULT))
    assert "Toko A" in told
    assert "/undo k7m2p9x4ra " in told
