"""Marks of the supplier in a letterhead."""

from monito_ray.pipeline.rows.price_list import read_price_list
from monito_ray.pipeline.rows.supplier.supplier_marks import MarkKind, own_texts, read_supplier_marks

OWN = [["PT Zarvex Jaya", ""], ["Telp", "0361 9075914"], ["NPWP", "01.300.066.6-091.000"], ["sales@zarvex.co.id", ""]]


def _values(rows: list[list[str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for kind, value in read_supplier_marks(rows, "IDR").marks:
        values.setdefault(kind, []).append(value)
    return values


def test_each_kind_of_mark_is_read():
    """A label may stand in the cell before; the domain of a firm's own mailbox is a mark, too."""
    assert _values(OWN) == {
        MarkKind.TELEPHONE: ["623619075914"],
        MarkKind.TAX_NUMBER: ["npwp:013000666091000"],
        MarkKind.EMAIL: ["sales@zarvex.co.id"],
        MarkKind.DOMAIN: ["zarvex.co.id"],
        MarkKind.SITE: ["zarvex.co.id"],
    }


def test_the_buyers_marks_and_name_are_not_the_suppliers():
    """Neither in the cells below the label nor beside it, until an empty cell ends them."""
    buyer = [["Kepada Yth.", "PT Qorbit Hotel"], ["", "Jl. Pantai 5"], ["", "Telp 0361 777888"], ["", ""]]
    assert _values([*buyer, *OWN]) == _values(OWN)
    assert "PT Qorbit Hotel" not in own_texts([*buyer, *OWN])
    assert "PT Zarvex Jaya" in own_texts([*buyer, *OWN])


def test_a_label_with_the_name_in_its_cell_is_the_buyers():
    """An address that is made of the buyer's name is the buyer's wherever it stands."""
    rows = [["Bill to: Qorbit Hotels Ltd"], [""], ["www.qorbit.com"], ["orders@qorbithotels.com"]]
    assert _values(rows) == {}


def test_an_order_has_no_marks_of_a_supplier():
    """The buyer wrote it."""
    assert read_supplier_marks([["PURCHASE ORDER"], *OWN], "IDR").marks == ()
    assert own_texts([["Purchase Order No. 17"], *OWN]) == []


def test_numbers_of_carriers_and_banks_are_left_out():
    """They serve many suppliers."""
    assert _values([["Delivery by Zoomex, tel 0361 555666"], ["Bank BCA 0361777999"]]) == {}


def test_short_texts_at_the_head_may_be_names():
    """Not titles of columns, and nothing of the buyer's."""
    text = "Kepada Yth. Hotel Qorbit\n\nVRUMPLET SNORF\n\nNama;Harga\nGula 1 kg;17.500\nTeh 50 g;9.500\n"
    assert read_price_list(text.encode(), "a.csv").marks.heads[:1] == ("VRUMPLET SNORF",)
    assert "Nama" not in read_price_list(text.encode(), "a.csv").marks.heads
