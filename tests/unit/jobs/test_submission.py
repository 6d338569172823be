"""What is refused before a task is made."""

import pytest

from monito_ray.errors import UsageWrong
from monito_ray.jobs.submission import check_currency


@pytest.mark.parametrize("code", ["", "IDR", "KWD", "BYR"])
def test_currencies_are_taken_by_their_codes(code: str):
    """Those of today, those that they replaced, and none."""
    check_currency(code)


@pytest.mark.parametrize("code", ["UDS", "EURO", "usd", "XYZ", "Rp"])
def test_what_is_no_currency_is_refused_in_words(code: str):
    """A typing error would put a list into money that does not exist."""
    with pytest.raises(UsageWrong, match=f"'{code}' is no currency"):
        check_currency(code)
