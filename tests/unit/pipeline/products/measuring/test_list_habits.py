"""What a list tells of quantities that one row leaves open."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.products.measuring.list_habits import collect_list_habits, settle
from monito_ray.pipeline.products.measuring.measures import parse_measure

TOTALS = ["Noodles 8pcs masala 496gm", "Noodles 4pcs masala 248gm", "Noodles 12pcs beef 744gm"]
EACH = ["Wafer pack 20 pcs 20 g", "Wafer pack 5 pcs 65 g", "Wafer pack 12 pcs 45 g"]
CARTONS = ["Roll 0,155 kg (14 шт в кор)", "Roll 0,310 kg (5 шт в кор)", "Roll 0,410 kg (5 шт в кор)", "Roll 0,075 kg (30 шт)"]
DRINKS = ["Lager 0,45 л", "Stout 0,45 л", "Cola 0,33 л ж/б", "Lemonade 0,33 л", "Tonic ж/б 0,33", "Energy 0,45 ж/б", "Clamp 0,6"]
CHAINS = ["Okra cut 400GX12", "Yam 400GX12", "Gooseberry 400X12", "Panel 600X32"]
MEDICINES = ["MARVO 500 X 10", "DOLOX 20 MG X 30 COMP", "ZETA 10 MG X 10 TAB", "ALFA X 120 ML", "BETA 5 MG", "PANEL 512 X 10"]
PANELS = ["PANEL 500 X 10", "PANEL 600 X 20", "BOARD 900 X 30", "SCREW 4 X 30"]

LISTS = [
    # a list, the row, its size, unit, pieces
    (TOTALS, 0, "496", "g", 1),
    (EACH, 1, "65", "g", 5),
    (CARTONS, 3, "0.075", "kg", 1),
    (CARTONS[3:], 0, "0.075", "kg", 30),
    (DRINKS, 4, "0.33", "l", 1),
    (DRINKS, 5, "0.45", "l", 1),
    (DRINKS, 6, None, "", 1),
    (CHAINS, 2, "400", "g", 12),
    (CHAINS, 3, None, "", 1),
    (MEDICINES, 0, None, "", 10),
    (MEDICINES, 5, None, "", 1),
    (PANELS, 0, None, "", 1),
]


@pytest.mark.parametrize(("names", "at", "size", "unit", "pieces"), LISTS)
def test_a_row_is_read_as_its_list_writes(names: list[str], at: int, size: str | None, unit: str, pieces: int):
    """Sizes of all pieces or each, counts of cartons, and numbers whose unit other rows have."""
    measures = [parse_measure(name) for name in names]
    settled = settle(measures[at], names[at], collect_list_habits(measures))
    assert (settled.size, settled.unit, settled.pack_count) == (None if size is None else Decimal(size), unit, pieces)


@pytest.mark.parametrize(
    ("packs", "pieces"),
    [
        (["500 gr", "1 kg", "30 pcs", "250 gr"], 30),
        (["10x10", "Caja 24", "30 und", "15 TAB"], 30),
        (["Karton 12", "dus 40", "30", "6/#10"], 30),
        (["24", "12", "30", "Caja 10"], 1),
        (["24 шт", "12 шт", "30 шт", "6 шт"], 1),
    ],
)
def test_bare_counts_of_a_pack_column_are_bought_where_its_other_cells_are(packs: list[str], pieces: int):
    """Else they may be what a carton holds."""
    measures = [parse_measure("Goods", "", pack) for pack in packs]
    assert settle(measures[2], "Goods", collect_list_habits(measures)).pack_count == pieces
