"""Raw rows at random, as hypothesis draws them, of which some repeat others and some are no offers."""

from decimal import Decimal

from hypothesis import strategies as st

from monito_ray.records import RawRow

# Words that decide by the list as a whole: unknown makers that repeat, words of two languages, a title over goods of other brands.
NAMES = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["Zarvex", "ZARVEX", "Qubo Mixo", "Indomie", "", "Молоко Zarvex", "Qubo -"]),
        st.sampled_from(["Popcorn", "Mie goreng", "Kecap manis", "Orange juice", "сгущенное", "Pan dulce", "Gula", "Air"]),
        st.sampled_from(["85 g", "24x330ml", "1,5 L", "isi 10", "", "/kg", "@ 12 pcs"]),
    ),
)
RAW_ROWS = st.builds(
    RawRow,
    source_file=st.just("june.xlsx"),
    source_sheet=st.just("Sheet1"),
    source_row=st.integers(1, 9),
    original_name=NAMES | st.sampled_from(["TOTAL", "Ongkir", ""]),
    price=st.sampled_from([Decimal(12000), Decimal("3.5"), Decimal(0), None]),
    price_text=st.sampled_from(["", "12.000", "call us", "-"]),
    price_tiers=st.sampled_from(["", '{"karton": "144000"}']),
    section=st.sampled_from(["", "INDOMIE", "Minuman 600 ml", "Makanan"]),
    brand=st.sampled_from(["", "", "PT Sasa"]),
    category_text=st.sampled_from(["", "Snack"]),
    unit_text=st.sampled_from(["", "pcs", "dus", "kg"]),
    size_text=st.sampled_from(["", "330 ml"]),
    role=st.sampled_from(["", "", "section", "note"]),
    fingerprint=st.sampled_from(["", "same", "other"]),
    cells=st.sampled_from(["[]", '["netto 250 g"]']),
)
