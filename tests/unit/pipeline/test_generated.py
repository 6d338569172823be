"""A sample of `benchmarks/generated.py`: a long list in every format is read whole, and nothing but it."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import generated
import written_lists


@pytest.mark.parametrize("kind", [kind for kind in written_lists.KINDS if kind not in ("docx", "pdf", "pdf ruled", "pdf broken rows")])
def test_every_offer_of_a_made_list_is_there_and_no_other(kind: str):
    """Five lists of up to 400 offers, a language each: columns, sections, repeated headers and sheets as the seed has them."""
    for result in generated.outcomes(5, 3, (kind,), 400, 1):
        assert (result.what, result.missing, result.invented) == (result.what, [], [])
