"""What titles say: the role of a column, and which of several prices."""

import pytest

from monito_ray.pipeline.tables.titles import NO_TITLE, costs_as_prices, parse_title, unit_of_rate


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Harga", "price"),
        ("Nama Barang", "name"),
        ("Цена за кг", "price"),
        ("Price/Unit", "price"),
        ("Satuan", "unit"),
        ("Kode", "sku"),
        ("Zorblax", ""),
        ("", ""),
        ("01.06.2026", "price"),  # a column of a history
        ("Discount price %", "price"),
        ("Dear customers, please note that our prices may change at any time without prior notice of ours", ""),
    ],
)
def test_a_title_names_its_role(text: str, role: str):
    """In any language; sentences name none."""
    assert parse_title(text).role == role


@pytest.mark.parametrize(("text", "is_clear"), [("Harga", True), ("Nama Barang", True), ("01.06.2026", False), ("Zorblax", False)])
def test_a_clear_title_is_taken_at_its_word(text: str, *, is_clear: bool):
    """A date over a column is not: rows have dates, too."""
    assert parse_title(text).is_clear is is_clear


def test_a_price_outweighs_what_it_is_combined_with():
    """The unit is still heard, by half."""
    title = parse_title("Price/Unit")
    assert title.roles["price"] > title.roles["unit"] > 0


def test_a_phrase_fits_better_than_its_words_among_others():
    """And a title that is nothing else fits best."""
    assert parse_title("Harga").strength > parse_title("Harga baru sekali").strength >= 0.5


@pytest.mark.parametrize(
    ("text", "tier"),
    [("Harga", 1), ("Harga eceran", 0), ("Harga grosir", 2), ("Harga grosir karton", 3), ("Old retail price", 4), ("Розничная цена", 0)],
)
def test_the_farthest_from_one_piece_today_gives_the_tier(text: str, tier: int):
    """Retail, then wholesale, then carton, then old."""
    assert parse_title(text).tier == tier


def test_strength_besides_a_role_is_that_of_the_best_other():
    """0 without another."""
    title = parse_title("Price/Unit")
    assert title.strength_besides("price") == title.roles["unit"]
    assert title.strength_besides("unit") == title.roles["price"]
    assert NO_TITLE.strength_besides("price") == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "Cost",
        "Cost price",
        "Costo unitario",
        "HPP",
        "Harga Beli Satuan #1",
        "Закупочная цена",
        "Prix d'achat HT",
        "ALIŞ FİYATI",
        "Giá nhập",
        "进货价(元)",
    ],
)
def test_what_the_seller_paid_is_no_price(text: str):
    """Whatever words for prices stand in it; "price" fits less than clearly."""
    title = parse_title(text)
    assert title.role == "cost"
    assert title.is_clear
    assert title.roles.get("price", 0.0) < 0.5


@pytest.mark.parametrize(
    "text", ["Intra State Tax Rate", "GST Rate %", "VAT", "Ставка НДС", "IVA %", "Taux TVA", "Tarif PPN", "MwSt-Satz", "税率"]
)
def test_a_rate_of_tax_is_no_price(text: str):
    """Though "rate" and "tarif" are prices by themselves."""
    assert parse_title(text).role == "tax"
    assert "price" not in parse_title(text).roles


@pytest.mark.parametrize(
    "text", ["Price incl. tax", "price (ex GST)", "Цена с НДС", "Prix TTC", "harga + ppn", "Precio sin IVA", "Preis inkl. MwSt", "Rate"]
)
def test_a_price_that_speaks_of_tax_is_a_price(text: str):
    """The tax is still heard, by half."""
    assert parse_title(text).role == "price"
    assert parse_title(text).is_clear


@pytest.mark.parametrize(
    ("titles", "roles"),
    [
        (["Producto", "Costo"], ["name", "price"]),
        (["Produk", "HPP", "Harga Jual"], ["name", "cost", "price"]),
        (["Item", "Unit cost", "RRP"], ["name", "price", "price"]),  # what is recommended to others is not what the seller asks
        (["Item", "Cost", "Tax rate"], ["name", "price", "tax"]),
    ],
)
def test_costs_are_prices_where_no_title_names_a_price_of_today(titles: list[str], roles: list[str]):
    """In many countries a supplier calls cost what the buyer pays."""
    assert [title.role for title in costs_as_prices([parse_title(text) for text in titles])] == roles


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Rp/kg", "kg"),
        ("USD/ctn", "ctn"),
        ("(€ / Stk.)", "Stk."),
        ("$/lb", "lb"),
        ("Price/kg", ""),
        ("USD", ""),
        ("kg/Rp", ""),
        ("Harga", ""),
    ],
)
def test_a_currency_for_a_unit_is_a_price_for_that_unit(text: str, unit: str):
    """Where the title is nothing else."""
    assert unit_of_rate(text) == unit


@pytest.mark.parametrize("text", ["Harga sebelum PPN", "Price before tax", "Prix avant TVA"])
def test_a_price_before_tax_is_no_old_one(text: str):
    """A price before a discount is."""
    assert parse_title(text).tier < 4
    assert parse_title("Price before discount").tier == 4
