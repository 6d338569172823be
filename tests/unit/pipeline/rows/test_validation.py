"""Every raw row becomes a good row, a duplicate, or a reject with its reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray import frames
from monito_ray.pipeline.rows import validation
from monito_ray.records import RawRow


def raw(name="Gula Pasir", price="17500", **more) -> RawRow:
    more.setdefault("fingerprint", f"{name}|{price}")
    return RawRow(
        source_file="f.xlsx",
        source_sheet="S",
        source_row=more.pop("row", 2),
        original_name=name,
        price=None if price is None else Decimal(price),
        **more,
    )


def partitioned(*rows: RawRow):
    return validation.partition(validation.validate(frames.to_table(rows, RawRow)))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (raw(price=None), "no_price"),
        (raw(price=None, price_text="-"), "no_price"),
        (raw(price=None, price_text="call"), "price_on_request"),
        (raw(price=None, price_text="lihat 2 hal"), "price_unreadable"),
        (raw(price="0"), "price_not_positive"),
        (raw(price="-5"), "price_not_positive"),
        (raw(name=""), "no_name"),
        (raw(name=" - "), "no_name"),
        (raw(name="MINUMAN", price=None, role="section"), "section_title"),
        (raw(name="MINUMAN", price="0", role="section"), "section_title"),
        (raw(name="Total", price="990000"), "total_line"),
        (raw(name="ИТОГО:", price=None), "total_line"),
        (raw(name="Ongkos kirim", price="25000"), "note"),
    ],
)
def test_reasons(row, reason):
    """Each way of being no offer has its reason."""
    good, rejects = partitioned(row)
    assert good.num_rows == 0
    assert rejects.column("reason").to_pylist() == [reason]


def test_a_repeated_row_names_the_first():
    """The first of equal rows stays, the second says whom it repeats."""
    good, rejects = partitioned(raw(row=4), raw(name="Garam", row=5), raw(row=9))
    assert good.column("source_row").to_pylist() == [4, 5]
    assert rejects.to_pylist()[0]["reason"] == "duplicate"
    assert rejects.to_pylist()[0]["repeats"] == "S, row 4"


def test_lenient_keeps_what_has_name_and_price():
    """Without the catalogue's rules only a missing name or price rejects."""
    validated = validation.validate(frames.to_table([raw(name="Total", price="5")], RawRow), lenient=True)
    assert validated.column("reason").to_pylist() == [""]


names = st.sampled_from(["Gula", "Total", "", "-", "MINUMAN", "ayam potong"])
amounts = st.sampled_from([None, "0", "-1", "5", "17500"])


@given(
    st.lists(
        st.builds(raw, names, amounts, role=st.sampled_from(["", "section"]), price_text=st.sampled_from(["", "-", "call", "x1"])),
        max_size=40,
    )
)
def test_rows_are_conserved(rows):
    """Whatever comes in goes out once: as an offer, a reject or a duplicate."""
    good, rejects = partitioned(*rows)
    assert good.num_rows + rejects.num_rows == len(rows)
