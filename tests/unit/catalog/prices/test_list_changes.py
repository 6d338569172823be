"""What changed from a list to the next."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rows import COLA_ROW, OIL, RICE

from monito_ray.catalog.prices.list_changes import ChangeKind, ListChange, ListedArticle, change_kinds, list_changes
from monito_ray.errors import UsageWrong
from monito_ray.records import ProductRow


def _pack(size: str | None, unit: str, price: str, pack: int = 1, **changes: object) -> ProductRow:
    amount = None if size is None else Decimal(size)
    row = replace(
        RICE,
        original_name=f"Beras {size} {unit}",
        sku="",
        size=amount,
        unit=unit,
        pack_count=pack,
        price=Decimal(price),
        base_price=None,
        base_unit="",
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def _told(changes: list[ListChange]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.offer_id) for change in changes]


@pytest.mark.parametrize(
    ("case", "after", "kinds"),
    [
        ("dearer", replace(RICE, price=Decimal(80_000)), [ChangeKind.UP]),
        ("cheaper", replace(RICE, price=Decimal(70_000)), [ChangeKind.DOWN]),
        ("the same price", replace(RICE, price=Decimal("75000.50")), []),
        ("other words for it", replace(RICE, original_name="BERAS sawah 5 kg", standardized_name="Rice white", source_row=80), []),
        ("another currency", replace(RICE, currency="USD", price=Decimal(5)), [ChangeKind.CURRENCY]),
        ("a currency that only one list says", replace(RICE, currency="", price=Decimal(5)), []),
        ("less in it under its article number", replace(RICE, size=Decimal("4.5")), [ChangeKind.SMALLER_PACK]),
        ("less in it and dearer is told once", replace(RICE, size=Decimal("4.5"), price=Decimal(77_000)), [ChangeKind.SMALLER_PACK]),
        ("less in it and cheaper in proportion", replace(RICE, size=Decimal(4), price=Decimal(60_000)), [ChangeKind.DOWN]),
        ("a size that only one list says", replace(RICE, size=None, unit=""), []),
        ("the size in another unit", replace(RICE, size=Decimal(5000), unit="g"), []),
    ],
)
def test_an_article_in_both_lists(case: str, after: ProductRow, kinds: list[ChangeKind]):
    """An article of both lists is told once, or not at all."""
    changes = list_changes([(ListedArticle("a", RICE), ListedArticle("a", after))], [], [])
    assert [change.kind for change in changes] == kinds, case


@pytest.mark.parametrize(
    ("case", "before", "after", "kinds"),
    [
        ("less at the same price", _pack("500", "g", "100"), _pack("450", "g", "100"), ["smaller_pack"]),
        ("in other units", _pack("1", "kg", "100"), _pack("900", "g", "100"), ["smaller_pack"]),
        ("less and dearer", _pack("500", "g", "100"), _pack("450", "g", "108"), ["smaller_pack"]),
        ("a little cheaper, but not as much as it is smaller", _pack("500", "g", "100"), _pack("450", "g", "98"), ["smaller_pack"]),
        ("fewer pieces", _pack("330", "ml", "100", 24), _pack("330", "ml", "100", 20), ["smaller_pack"]),
        ("fewer pieces without a size", _pack(None, "", "100", 12), _pack(None, "", "100", 10), ["smaller_pack"]),
        ("more at the same price", _pack("450", "g", "100"), _pack("500", "g", "100"), ["larger_pack"]),
        ("cheaper in proportion", _pack("500", "g", "100"), _pack("450", "g", "90"), ["new", "gone"]),
        ("another size", _pack("1", "kg", "100"), _pack("500", "g", "55"), ["new", "gone"]),
        ("a carton and a bottle", _pack("330", "ml", "100", 24), _pack("330", "ml", "100"), ["new", "gone"]),
        ("weight and volume", _pack("500", "g", "100"), _pack("450", "ml", "100"), ["new", "gone"]),
        ("another currency", _pack("500", "g", "100"), _pack("450", "g", "100", currency="USD"), ["new", "gone"]),
        ("for a kilo and for a piece", _pack("500", "g", "100"), _pack("450", "g", "100", price_unit="kg"), ["new", "gone"]),
        ("another brand", _pack("500", "g", "100"), _pack("450", "g", "100", brand="Teratai"), ["new", "gone"]),
        ("another thing", _pack("500", "g", "100"), _pack("450", "g", "100", standardized_name="Rice flour"), ["new", "gone"]),
        ("words in another order and case", _pack("1", "kg", "9", standardized_name="Flour rice"),
         _pack("900", "g", "9", standardized_name="rice FLOUR"), ["smaller_pack"]),
        ("words of two languages", _pack("500", "g", "100", original_name="Susu bubuk 500g", standardized_name="Milk powder"),
         _pack("450", "g", "100", original_name="Milk powder 450 gr", standardized_name="Powder milk"), ["smaller_pack"]),
        ("other words under one article number", _pack("500", "g", "100", sku="7"),
         _pack("450", "g", "100", sku="7", standardized_name="White rice"), ["smaller_pack"]),
        ("names without words", _pack("500", "g", "100", standardized_name="?", original_name="?", brand=""),
         _pack("450", "g", "100", standardized_name="-", original_name="-", brand=""),
         ["new", "gone"]),
    ],
)  # fmt: skip
def test_an_article_in_another_pack(case: str, before: ProductRow, after: ProductRow, kinds: list[str]):
    """A pack with less or more of the same thing for its price is told instead of one that came and one that is gone."""
    changes = list_changes([], [ListedArticle("new", after)], [ListedArticle("old", before)])
    assert [change.kind for change in changes] == kinds, case


@pytest.mark.parametrize(
    ("case", "name", "before", "after", "kinds"),
    [
        ("a count read as one", "Stick 21 (48x2g)", _pack("2", "g", "3", 48), _pack("2", "g", "3"), []),
        ("a count read as one, and dearer", "Stick 21 (48x2g)", _pack("2", "g", "3", 48), _pack("2", "g", "4"), ["up"]),
        ("a size read by one list alone", "Juice 2,5 l", _pack("2.5", "l", "3"), _pack(None, "", "3"), []),
        ("a size that stands in a column of its own", "Stick 21", _pack("300", "g", "3"), _pack("270", "g", "3"), ["smaller_pack"]),
        ("another size in such a column", "Stick", _pack("300", "g", "3"), _pack("100", "g", "1"), ["new", "gone"]),
    ],
)
def test_what_is_written_as_before_is_not_new(case: str, name: str, before: ProductRow, after: ProductRow, kinds: list[str]):
    """An article written to the letter as before, size and all, is the same however it was read; only its price may change."""
    old, new = (ListedArticle(key, replace(row, original_name=name)) for key, row in (("old", before), ("new", after)))
    assert [change.kind for change in list_changes([], [new], [old])] == kinds, case


def test_each_pack_is_paired_with_the_nearest_one():
    """Of several packs that came and went, each is paired once, the nearest in price and content first."""
    removed = [ListedArticle("1kg", _pack("1", "kg", "100")), ListedArticle("2kg", _pack("2", "kg", "190"))]
    added = [ListedArticle("1.8kg", _pack("1.8", "kg", "190")), ListedArticle("0.9kg", _pack("0.9", "kg", "100"))]
    pairs = {
        (change.before.offer_id, change.after.offer_id) for change in list_changes([], added, removed) if change.before and change.after
    }
    assert pairs == {("1kg", "0.9kg"), ("2kg", "1.8kg")}


def test_nothing_is_new_in_a_first_list():
    """A list that takes no other's place, and is no part of what was listed before, tells nothing new; another does."""
    cola, rice, oil = ListedArticle("cola", COLA_ROW), ListedArticle("rice", RICE), ListedArticle("oil", OIL)
    assert list_changes([], [cola], [], is_next=False) == []
    assert list_changes([(rice, rice)], [cola, oil], [], is_next=False) == []
    assert _told(list_changes([(rice, rice), (oil, oil)], [cola], [], is_next=False)) == [("new", "cola")]
    assert _told(list_changes([(rice, rice)], [cola, oil], [])) == [("new", "cola"), ("new", "oil")]


def test_an_article_goes_and_comes_back():
    """An article that the next list lacks is gone; one that was gone is back, with the price that it had."""
    cola = ListedArticle("cola", COLA_ROW)
    dearer = ListedArticle("cola", replace(COLA_ROW, price=Decimal(132_000)))
    assert _told(list_changes([], [], [cola])) == [("gone", "cola")]
    (back,) = list_changes([], [], [], [(cola, dearer)])
    assert (back.kind, back.relative_change) == (ChangeKind.BACK, pytest.approx(0.1))


def test_the_change_of_a_price_is_relative_to_the_one_before():
    """A change says by how much a price rose, and nothing where there are not two prices in one currency."""
    (change,) = list_changes([(ListedArticle("a", RICE), ListedArticle("a", replace(RICE, price=RICE.price * 2)))], [], [])
    assert change.relative_change == 1.0
    (other,) = list_changes([(ListedArticle("a", RICE), ListedArticle("a", replace(RICE, currency="USD")))], [], [])
    assert other.relative_change is None
    (gone,) = list_changes([], [], [ListedArticle("a", RICE)])
    assert gone.relative_change is None


def test_kinds_are_chosen_by_name():
    """Names of kinds are taken in any case; another is refused with those that there are."""
    assert change_kinds(["up", "Smaller_Pack"]) == [ChangeKind.UP, ChangeKind.SMALLER_PACK]
    assert change_kinds([]) == []
    with pytest.raises(UsageWrong, match="'dearer' is no kind of change") as refusal:
        change_kinds(["up", "dearer"])
    assert "smaller_pack" in refusal.value.remedy
