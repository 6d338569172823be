"""Which names are one supplier's."""

import pytest

from monito_ray.catalog.suppliers.supplier_names import existing_supplier, index_names, words_of_name
from monito_ray.errors import SupplierUnknown


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("PT. Zarvex Jaya, Tbk", "zarvex jaya"),
        ("pt  ZARVEX  jaya", "zarvex jaya"),
        ("Zarvex Jaya CV", "zarvex jaya"),
        ("UD.Sari Sayur", "sari sayur"),
        ("ООО «Ромашка»", "ромашка"),
        ("Ромашка, ИП", "ромашка"),
        ("Zarvex S.R.L.", "zarvex"),
        ("ZARVEX SRL", "zarvex"),
        ("Zarvex S. A.", "zarvex"),
        ("Zarvex GmbH & Co. KG", "zarvex"),
        ("Zarvex Pte. Ltd", "zarvex"),
        ("Zarvex Limited", "zarvex"),
        ("Zarvex Sdn. Bhd.", "zarvex"),
        ("Ltd Edition", "ltd edition"),
        ("Toko A", "toko a"),
        ("CV", "cv"),
        ("!!!", "!!!"),
        ("", ""),
    ],
)
def test_case_blanks_marks_and_legal_forms_are_no_part_of_a_name(name: str, words: str):
    """Unless hardly anything else is left."""
    assert words_of_name(name) == words


def test_a_name_is_its_suppliers_as_written_then_in_another_case_then_with_another_form():
    """Two suppliers that differ by their forms alone stay two; a third form could be either, and is a third."""
    names = index_names({"PT Zarvex": "PT Zarvex", "CV Zarvex": "CV Zarvex", "june veg": "Sari Sayur", "Sari Sayur": "Sari Sayur"})
    assert [names.supplier_of(name) for name in ("CV Zarvex", "cv  zarvex", "UD Zarvex")] == ["CV Zarvex", "CV Zarvex", "UD Zarvex"]
    assert [names.supplier_of(name) for name in ("June Veg", "UD SARI SAYUR", "Sari", "")] == ["Sari Sayur", "Sari Sayur", "Sari", ""]
    assert names.names_of("Sari Sayur") == ["Sari Sayur", "june veg"]


def test_a_name_that_nobody_has_is_refused_with_those_near_it():
    """A misspelt one, the beginning of one, and a former one bring the supplier."""
    names = index_names({"PT Sari Sayur": "PT Sari Sayur", "june veg": "Zarvex", "Zarvex": "Zarvex"})
    for name, near in (("Sari Sayr", "PT Sari Sayur"), ("sari", "PT Sari Sayur"), ("june vegs", "Zarvex")):
        with pytest.raises(SupplierUnknown, match="no supplier is called") as refusal:
            existing_supplier(names, name)
        assert refusal.value.remedy == f"Near it: {near!r}."
    with pytest.raises(SupplierUnknown) as refusal:
        existing_supplier(names, "Qorbit")
    assert refusal.value.remedy == "`monito suppliers` lists them all."
    assert existing_supplier(names, "  sari   sayur ") == "PT Sari Sayur"
