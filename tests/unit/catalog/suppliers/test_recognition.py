"""Whose list it is, by what it shows and what earlier lists showed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monito_ray.catalog.suppliers.recognition import recognize
from monito_ray.catalog.suppliers.supplier_names import index_names
from monito_ray.catalog.suppliers.supplier_signs import EarlierList, SupplierMemory, SupplierSigns, signs_from_json
from monito_ray.pipeline.rows.supplier.row_sketch import ListSketch, sketch_list
from monito_ray.pipeline.rows.supplier.supplier_marks import Mark, MarkKind

TAX, OTHER_TAX = Mark(MarkKind.TAX_NUMBER, "npwp:013000666091000"), Mark(MarkKind.TAX_NUMBER, "npwp:013000666092000")
PHONE, OFFICE = Mark(MarkKind.TELEPHONE, "623619075914"), Mark(MarkKind.TELEPHONE, "62361555666")
SITE = Mark(MarkKind.SITE, "zarvex.example")


def _rows(first: int, last: int, factor: str = "1", wave: int = 0) -> ListSketch:
    """A list of goods; `wave` gives prices that have nothing to do with those of others."""
    numbers = range(first, last)
    return sketch_list(
        [f"Goods {n}" for n in numbers], [""] * len(numbers), [Decimal(1000 + n) * Decimal(factor) + wave * (n * 37 % 61) for n in numbers]
    )


STANDING = EarlierList("PT Zarvex", "7", frozenset({"columns"}), "zarvex", _rows(0, 40))
MEMORY = SupplierMemory(
    index_names({"PT Zarvex": "PT Zarvex", "CV Qorbit": "CV Qorbit"}),
    {
        TAX: frozenset({"PT Zarvex"}),
        PHONE: frozenset({"PT Zarvex"}),
        SITE: frozenset({"PT Zarvex"}),
        Mark(MarkKind.NAME, "zarvex dewata"): frozenset({"PT Zarvex"}),
        OFFICE: frozenset({"PT Zarvex", "CV Qorbit"}),
    },
    {"PT Zarvex": frozenset({TAX.value})},
    (STANDING,),
    frozenset({"PT Zarvex"}),
)
NEUTRAL = "document (3).xlsx"


@pytest.mark.parametrize(
    ("signs", "supplier", "how"),
    [
        (SupplierSigns(NEUTRAL, "zarvex", letterhead="CV Qorbit"), "PT Zarvex", "named with the list"),
        (SupplierSigns(NEUTRAL, "Vrumplet", marks=(TAX,)), "Vrumplet", "named with the list"),
        (SupplierSigns(NEUTRAL, marks=(TAX,)), "PT Zarvex", "its tax number 013000666091000"),
        (SupplierSigns(NEUTRAL, letterhead="PT Vrumplet", marks=(TAX,)), "PT Zarvex", "its tax number 013000666091000"),
        (SupplierSigns(NEUTRAL, marks=(PHONE,)), "PT Zarvex", "its telephone number 623619075914"),
        (SupplierSigns(NEUTRAL, letterhead="Zarveks Ltd", marks=(PHONE,)), "PT Zarvex", "its telephone number 623619075914"),
        (SupplierSigns(NEUTRAL, letterhead="ZARVEX Tbk"), "PT Zarvex", "its letterhead"),
        (SupplierSigns(NEUTRAL, letterhead="CV QORBIT", marks=(OFFICE,)), "CV Qorbit", "its letterhead"),
        (SupplierSigns(NEUTRAL, letterhead="CV Zarvex Dewata"), "PT Zarvex", "its letterhead"),
        (SupplierSigns(NEUTRAL, letterhead="PT Vrumplet"), "PT Vrumplet", "its letterhead"),
        (SupplierSigns(NEUTRAL, sketch=_rows(2, 42)), "PT Zarvex", "95% of the rows are in its list"),
        (SupplierSigns(NEUTRAL, sketch=_rows(2, 42, "1.08")), "PT Zarvex", "95% of the rows are in its list"),
        (SupplierSigns(NEUTRAL, sender="7", layouts=("columns",), sketch=_rows(30, 70)), "PT Zarvex", "its sender and columns, as before"),
        (
            SupplierSigns(NEUTRAL, layouts=("columns",), heads=("ZARVEX: harga baru",), sketch=_rows(60, 90)),
            "PT Zarvex",
            "its name at the head, and its columns",
        ),
        (SupplierSigns("Zarvex june.xlsx", layouts=("columns",), sketch=_rows(60, 90)), "PT Zarvex", "its file's name"),
        (SupplierSigns("Qorbit june.xlsx", sketch=_rows(60, 90)), "CV Qorbit", "its file's name"),
        (SupplierSigns("Vrumplet june.xlsx", sketch=_rows(60, 90)), "Vrumplet", "its file's name"),
    ],
)
def test_the_first_evidence_that_decides_is_taken(signs: SupplierSigns, supplier: str, how: str):
    """In this order: a person's word, tax number, telephone or e-mail, letterhead, rows, sender and columns, the file's name."""
    settled = recognize(signs, MEMORY)
    assert (settled.supplier, settled.how, settled.is_sure, settled.question()) == (supplier, how, True, None)


@pytest.mark.parametrize(
    ("signs", "taken", "candidates"),
    [
        pytest.param(SupplierSigns(NEUTRAL), "document (3)", [], id="nothing says whose"),
        pytest.param(SupplierSigns("price list june.pdf", marks=(OFFICE,)), "price list june", [], id="a number of two suppliers"),
        pytest.param(SupplierSigns(NEUTRAL, marks=(SITE,)), "document (3)", ["PT Zarvex"], id="a web site alone"),
        pytest.param(
            SupplierSigns(NEUTRAL, letterhead="PT Vrumplet", marks=(PHONE,)), "PT Vrumplet", ["PT Zarvex"], id="another firm's number"
        ),
        pytest.param(
            SupplierSigns(NEUTRAL, letterhead="CV Qorbit", marks=(TAX,)), "CV Qorbit", ["PT Zarvex"], id="another firm's tax number"
        ),
        pytest.param(SupplierSigns(NEUTRAL, letterhead="PT Zarvex", marks=(OTHER_TAX,)), "PT Zarvex", [], id="a namesake"),
        pytest.param(
            SupplierSigns(NEUTRAL, letterhead="PT Vrumplet", sketch=_rows(0, 40)), "PT Vrumplet", ["PT Zarvex"], id="a firm's rows"
        ),
        pytest.param(
            SupplierSigns(NEUTRAL, sender="7", layouts=("columns",), sketch=_rows(0, 40, wave=90)),
            "document (3)",
            ["PT Zarvex"],
            id="a rival",
        ),
        pytest.param(
            SupplierSigns(NEUTRAL, sender="7", layouts=("columns",), sketch=_rows(60, 90)),
            "document (3)",
            ["PT Zarvex"],
            id="columns alone",
        ),
        pytest.param(SupplierSigns("Vrumplet june.xlsx", sketch=_rows(2, 42)), "Vrumplet", ["PT Zarvex"], id="rows, and another name"),
        pytest.param(
            SupplierSigns("Zarvex june.xlsx", layouts=("columns",), sketch=_rows(0, 40, wave=90)),
            "Zarvex #2",
            ["PT Zarvex"],
            id="a rival's file of its name",
        ),
        pytest.param(SupplierSigns("Zarvex june.xlsx", sketch=_rows(60, 90)), "Zarvex #2", ["PT Zarvex"], id="other goods and columns"),
    ],
)
def test_what_is_not_sure_is_asked(signs: SupplierSigns, taken: str, candidates: list[str]):
    """Never under another firm's name in silence: the list stands under a name of its own until somebody says."""
    settled = recognize(signs, MEMORY)
    assert (settled.is_sure, settled.supplier) == (False, taken)
    assert [candidate.supplier for candidate in settled.candidates] == candidates
    question = settled.question()
    assert question is not None
    assert question["id"] == "supplier"
    assert [choice["id"] for choice in question["choices"]] == [taken, *candidates]


@pytest.mark.parametrize("file_name", ["dairy july.csv", "Sembako Juli.xlsx", "овощи июль.xlsx", "Bali groceries 07.xlsx"])
def test_a_file_that_is_called_after_what_it_sells_is_asked_about(file_name: str):
    """Two suppliers' files may be called so, with the same usual columns: neither is the other's, nor a supplier's name."""
    first = recognize(
        SupplierSigns(file_name, layouts=("columns",), heads=("Dairy House Bali",)),
        SupplierMemory(index_names({}), {}, {}, (), frozenset()),
    )
    assert not first.is_sure
    assert "Dairy House Bali" in [choice["id"] for choice in (first.question() or {})["choices"]]
    stored = EarlierList("dairy", "7", frozenset({"columns"}), "dairy", _rows(0, 40))
    memory = replace(MEMORY, names=index_names({"dairy": "dairy"}), lists=(stored,), seen=frozenset({"dairy"}))
    second = recognize(SupplierSigns(file_name, layouts=("columns",), sketch=_rows(60, 90)), memory)
    assert (second.is_sure, second.supplier) != (True, "dairy")
    assert not second.is_sure


def test_rows_of_two_suppliers_say_nothing():
    """Lists of one maker that two firms pass on are asked about."""
    twin = replace(STANDING, supplier="CV Qorbit")
    settled = recognize(SupplierSigns(NEUTRAL, sketch=_rows(0, 40)), replace(MEMORY, lists=(STANDING, twin)))
    assert not settled.is_sure
    assert {candidate.supplier for candidate in settled.candidates} == {"PT Zarvex", "CV Qorbit"}


def test_a_rival_with_the_same_goods_at_other_prices_leaves_it_clear():
    """Two grocers sell the same; the prices say whose list it is. A list of which nobody said whose it is leaves it clear, too."""
    rival = replace(STANDING, supplier="CV Qorbit", sketch=_rows(0, 40, wave=90))
    nobody = replace(STANDING, supplier="document (2)", is_sure=False)
    for lists in ((rival, STANDING), (nobody, STANDING)):
        settled = recognize(SupplierSigns(NEUTRAL, sketch=_rows(0, 40, "1.01")), replace(MEMORY, lists=lists))
        assert (settled.supplier, settled.is_sure) == ("PT Zarvex", True)


def test_the_next_list_of_a_supplier_who_was_asked_about_joins_it_and_is_asked_about():
    """Until somebody says who it is."""
    unsure = replace(STANDING, supplier="document (3)", stem="", is_sure=False)
    memory = SupplierMemory(index_names({"document (3)": "document (3)"}), lists=(unsure,), seen=frozenset({"document (3)"}))
    settled = recognize(SupplierSigns("IMG 2034.jpeg", sketch=_rows(2, 42)), memory)
    assert (settled.supplier, settled.is_sure) == ("document (3)", False)


def test_a_taken_name_of_a_file_is_not_joined():
    """Two firms' files of one name are two suppliers."""
    memory = SupplierMemory(index_names({"document (3)": "document (3)"}))
    assert recognize(SupplierSigns(NEUTRAL), memory).supplier == "document (3) #2"


def test_signs_come_back_from_json_as_they_were():
    """They travel from reading to writing."""
    signs = SupplierSigns("a.xlsx", "b", "c", "7", ("key",), (PHONE,), ("Head",), _rows(0, 3))
    assert signs_from_json(signs.as_json()) == signs


@pytest.mark.parametrize(
    ("caption", "letterhead", "supplier", "is_sure"),
    [
        ("tolong dicek ya", "PT Vrumplet", "PT Vrumplet", True),
        ("cek dulu bos", "", "document (3)", False),
        ("qorbit", "", "CV Qorbit", True),
        ("Toko Melati", "", "Toko Melati", True),
        ("harga telur dari Pak Frosbi", "", "Frosbi", True),
        ("Frosbi", "", "document (3)", False),
        ("Blimfo dulu", "", "document (3)", False),
        ("Toko Melati", "PT Vrumplet", "Toko Melati", False),
        ("vrumplet", "PT Vrumplet", "PT Vrumplet", True),
    ],
)
def test_what_stands_under_a_file_is_a_hint(caption: str, letterhead: str, supplier: str, is_sure: bool):
    """Talk says nothing; a name that the letterhead contradicts is asked about; one that may be talk is offered among the answers."""
    settled = recognize(SupplierSigns(NEUTRAL, letterhead=letterhead, caption=caption), MEMORY)
    assert (settled.supplier, settled.is_sure) == (supplier, is_sure)
    if caption.startswith(("Blimfo", "Frosbi")):
        assert caption.split(maxsplit=1)[0] in {candidate.supplier for candidate in settled.candidates}


@pytest.mark.parametrize(
    ("sender", "rows", "supplier", "is_sure"),
    [
        ("PT Zarvex", _rows(200, 205), "PT Zarvex", True),
        ("Pak Frosbi", _rows(104, 109), "CV Qorbit", True),
        ("Pak Vrumplet", _rows(104, 109), "document (3)", False),
        ("Pak Frosbi", _rows(0, 40), "CV Qorbit", False),
        ("8", _rows(104, 109), "document (3)", False),
    ],
)
def test_who_wrote_a_forwarded_list_is_known_by_what_they_wrote_before(sender: str, rows: ListSketch, supplier: str, is_sure: bool):
    """A supplier by name, or whose lists alone they wrote; rows of another supplier leave it open."""
    earlier = EarlierList("CV Qorbit", "Pak Frosbi", frozenset(), "", _rows(100, 106))
    settled = recognize(SupplierSigns(NEUTRAL, sender=sender, sketch=rows), replace(MEMORY, lists=(STANDING, earlier)))
    assert (settled.supplier, settled.is_sure) == (supplier, is_sure)
