"""Tax numbers beside their labels; all numbers here are made up but for their check digits."""

import pytest

from monito_ray.pipeline.rows.supplier.tax_numbers import is_tax_label, tax_numbers_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("NPWP: 01.300.066.6-091.000", "npwp:013000666091000"),
        ("NPWP : 01.300.066.5-091.000", ""),
        ("ИНН 7707083893", "inn:7707083893"),
        ("ООО Зарвекс, ИНН/КПП 7707083893/770701001", "inn:7707083893"),
        ("ИНН 7707083894", ""),
        ("GSTIN : 27AAPFU0939F1ZV", "gstin:27AAPFU0939F1ZV"),
        ("GSTIN : 27AAPFU0939F1ZA", ""),
        ("C.U.I.T.: 20-26756539-3", "cuit:20267565393"),
        ("CUIT 20-26756539-4", ""),
        ("NIT: 213.123.432-1", "nit:2131234321"),
        ("RUT 12.531.909-2", "rut:125319092"),
        ("ABN 51 824 753 556", "abn:51824753556"),
        ("ABN 51 824 753 557", ""),
        ("CNPJ 16.727.230/0001-97", "cnpj:16727230000197"),
        ("NIP: 8567346215", "nip:8567346215"),
        ("VAT reg no. GB 123 4567 82", "vat:GB123456782"),
        ("price includes VAT 20 % since 2024", ""),
        ("7707083893", ""),
    ],
)
def test_a_number_counts_behind_its_label_with_the_right_check_digits(text: str, number: str):
    """What has no label, or wrong digits, is no tax number."""
    assert next(tax_numbers_in(text), "") == number


def test_a_label_alone_announces_the_number_of_the_next_cell():
    """The label does, and the label with its number does not."""
    assert [is_tax_label(text) for text in ("ИНН:", "NPWP No.", "ИНН 7707083893", "Total")] == [True, True, False, False]
