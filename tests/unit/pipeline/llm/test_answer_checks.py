"""What is asked of the LLM, and what of its answers is believed."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.pipeline.llm import answer_checks, prompts
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.questions import CheckedAnswers
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import Method, RawRow


def _row(name: str, **texts: str) -> RawRow:
    return RawRow(
        source_file="f.xlsx", source_sheet="s", source_row=1, original_name=name, price=Decimal(25500), price_text="Rp 25.500", **texts
    )


ROWS = [
    _row("TEH KUNTUM Melati btl 24x330ml", section="MINUMAN"),
    _row("TEH KUNTUM Melati btl 24x620ml", section="MINUMAN"),
    _row("Beras pandan wangi", section="Lesung Mas", size_text="5", unit_text="kg"),
]
IDS = [1, 2, 3]
RIGHT: list[dict[str, Any]] = [
    {"standardized_name": "Kuntum jasmine tea", "brand": "Kuntum", "size": 330, "unit": "ml", "pack_count": 24, "category": "beverages"},
    {"standardized_name": "Kuntum jasmine tea", "brand": "Kuntum", "size": 620, "unit": "ml", "pack_count": 24, "category": "beverages"},
    {
        "standardized_name": "Fragrant pandan rice",
        "brand": "Lesung Mas",
        "size": 5,
        "unit": "kg",
        "pack_count": 1,
        "category": "rice & grains",
    },
]


_PARTS = ("id", "check", "standardized_name", "brand", "size", "pack_count", "category")


def _right() -> list[dict[str, Any]]:
    return [{"id": n, "check": c, **a} for n, c, a in zip(IDS, prompts.check_tokens(ROWS), RIGHT, strict=True)]


def _sent(row: Any) -> Any:
    """A row as it goes over the wire, from its parts by name; what has none of them goes as it is."""
    if not isinstance(row, dict) or "standardized_name" not in row:
        return row
    parts = {**row, "size": f"{row['size']} {row['unit'] or ''}", "category": f"{row['category']}".partition(" ")[0]}
    return row["line"] if "line" in row else "|".join([*(f"{parts[name]}" for name in _PARTS), *row.get("more", ())])


def _settle(found: Any, **how: str) -> CheckedAnswers:
    return answer_checks.check(
        ROWS,
        IDS,
        found if isinstance(found, str) else json.dumps({"rows": found if isinstance(found, dict) else [_sent(row) for row in found]}),
        **how,
    )


def test_a_right_answer_settles_every_row():
    """What follows from the row is taken over, and says that the LLM settled it."""
    checked = _settle(_right())
    assert checked.faults == {}
    assert checked.accepted[2].size == 620
    assert (checked.accepted[3].brand, checked.accepted[3].unit, checked.accepted[3].method) == ("Lesung Mas", "kg", Method.LLM)


WHOLE = {
    "no JSON": ("{'rows': []", {}),
    "cut JSON": ('{"rows": [{"id": 1, "check": "330', {}),
    "another top": ("[]", {}),
    "rows no list": ('{"rows": {"1": {}}}', {}),
    "not a number": ('{"rows": [{"id": NaN}]}', {}),
    "nested without end": ("[" * 100_000, {}),
    "cut short": ("", {"finish_reason": "length"}),
    "withheld": ("", {"finish_reason": "content_filter"}),
    "refused": ("", {"refusal": "I cannot help with that."}),
}


@pytest.mark.parametrize(("text", "how"), WHOLE.values(), ids=WHOLE)
def test_an_unusable_answer_faults_every_row(text: str, how: dict[str, str]):
    """Nothing of it is taken, and each row says what happened."""
    checked = _settle(text, **how)
    assert (checked.accepted, sorted(checked.faults)) == ({}, IDS)
    assert all(checked.faults.values())


WRONG_FIRST: dict[str, dict[str, Any]] = {
    "price": {"more": ["25500"]},
    "another part": {"more": [""]},
    "foreign check": {"check": "wangi"},
    "check of another kind": {"check": 7},
    "name empty": {"standardized_name": " "},
    "name of signs": {"standardized_name": "..."},
    "no text": {"line": None},
    "an object": {"line": {"id": 1, "is": "Kuntum jasmine tea|Kuntum|330 ml|24|beverages"}},
    "a part too few": {"line": "1|330ml|Kuntum jasmine tea|Kuntum|330 ml|24"},
    "a part too many": {"standardized_name": "Kuntum|jasmine tea"},
    "parts as a list": {"line": ["1", "24x330ml", "Kuntum jasmine tea", "Kuntum", "330 ml", "24", "beverages"]},
    "name endless": {"standardized_name": "tea " * 90},
    "name with line break": {"standardized_name": "tea\n=1+1"},
    "name turned around": {"standardized_name": "tea \u202e gnp"},
    "name half a character": {"standardized_name": "tea \ud800"},
    "name a formula": {"standardized_name": '=HYPERLINK("x")'},
    "name with a price": {"standardized_name": "Kuntum jasmine tea 25500"},
    "brand from memory": {"brand": "Other Brand"},
    "brand a number": {"brand": 5},
    "brand a formula": {"brand": "=Kuntum"},
    "size of the neighbour": {"size": 620},
    "size converted": {"size": 0.33, "unit": "l"},
    "size no number": {"size": "three"},
    "size in other digits": {"size": "٣٣٠"},
    "size beyond reason": {"size": 10**400},
    "unit not in the row": {"unit": "l"},
    "unit unknown": {"unit": "liter"},
    "size without unit": {"unit": None},
    "pack invented": {"pack_count": 36},
    "pack is the size": {"pack_count": 330},
    "pack zero": {"pack_count": 0},
    "pack broken": {"pack_count": 1.5},
    "category invented": {"category": "tea things"},
    "category missing": {"category": " "},
}


@pytest.mark.parametrize("wrong", WRONG_FIRST.values(), ids=WRONG_FIRST)
def test_a_wrong_row_is_a_fault_and_the_others_stand(wrong: dict[str, Any]):
    """Each check catches its kind, and only the row in question is lost."""
    found = _right()
    found[0] |= wrong
    checked = _settle(found)
    assert (sorted(checked.accepted), sorted(checked.faults)) == ([2, 3], [1])


MISCOUNTED = {
    "missing": (lambda found: found[1:], [1]),
    "repeated": (lambda found: [*found, found[0]], [1]),
    "repeated otherwise": (lambda found: [*found, "1|"], [1]),
    "foreign beside": (lambda found: [*found, {**found[0], "id": 99}], []),
    "foreign instead": (lambda found: [{**found[0], "id": 99}, *found[1:]], [1]),
    "swapped": (lambda found: [{**found[0], "id": 2}, {**found[1], "id": 1}, found[2]], [1, 2]),
    "id in other digits": (lambda found: [{**found[0], "id": "١"}, *found[1:]], [1]),
    "id true": (lambda found: [{**found[0], "id": True}, *found[1:]], [1]),
    "row no text": (lambda found: [17, *found[1:]], [1]),
    "another order": (lambda found: found[::-1], []),
}


@pytest.mark.parametrize(("change", "at_fault"), MISCOUNTED.values(), ids=MISCOUNTED)
def test_ids_are_held_to_account(change: Any, at_fault: list[int]):
    """Every id has to come back once, under its own check; order does not matter and foreign ids give nothing."""
    checked = _settle(change(_right()))
    assert sorted(checked.faults) == at_fault
    assert sorted(checked.accepted) == [number for number in IDS if number not in at_fault]


READINGS = [
    ("6 x 1,5 L", "1.5 6", {1, 6}, {"l"}),
    ("4x6x330ml", "4 6 330", {1, 4, 6, 24}, {"ml"}),
    ("12 pcs @ 85 gr", "12 85", {1, 12}, {"g"}),
    ("1 dus isi 40", "1 40", {1, 40}, set()),
    ("2 lusin", "2", {1, 2, 12, 24}, set()),
    ("Beras 1/2 kg", "0.5 1 2", {1}, {"kg"}),
    ("Сок 1½ л", "0.5 1 1.5", {1}, {"l"}),
    ("1.000 gr", "1 1000", set(), {"g"}),
    ("Шуруп 3х2", "2 3", {1, 2, 3, 6}, set()),
]


@pytest.mark.parametrize(("text", "numbers", "counts", "units"), READINGS, ids=[text for text, *_ in READINGS])
def test_numbers_are_read_as_they_are_written(text: str, numbers: str, counts: set[int], units: set[str]):
    """Commas, dots, fractions and "x" mean what people mean by them."""
    evidence = RowEvidence({"name": text})
    assert evidence.numbers == {Decimal(number) for number in numbers.split()}
    assert evidence.counts - {1} == counts - {1}
    assert evidence.units == units


BRANDS = [
    ("Kuntum", "TEH KUNTUM", True),
    ("Café Lune", "kopi CAFE LUNE 1kg", True),
    ("Nusa-Bumi", "NUSABUMI beras", True),
    ("Ice", "Rice 5kg", False),
    ("Kuntum Mas", "TEH KUNTUM", False),
    ("'", "TEH KUNTUM", False),
]


@pytest.mark.parametrize(("brand", "text", "stands"), BRANDS)
def test_a_brand_has_to_stand_in_the_row(brand: str, text: str, stands: bool):
    """Case, accents and word breaks aside, the brand's words are the row's."""
    assert RowEvidence({"name": text}).has_words(brand) is stands


def test_checks_tell_neighbours_apart():
    """Each check is a piece of the row's own name and of no other; equal names share one."""
    names = ["Cat Tembok Merah 1kg", "Cat Tembok Putih 1kg", "Cat Tembok Putih 5kg", "Cat Tembok", "Cat Tembok", "x", "L" * 200]
    found = prompts.check_tokens([_row(name) for name in names])
    assert all(token in name for token, name in zip(found, names, strict=True))
    assert max(map(len, found)) <= 60
    for token, name in zip(found, names, strict=True):
        assert [other for other, theirs in zip(names, found, strict=True) if theirs == token] == [name] * names.count(name)


def test_a_check_never_has_a_bar():
    """The bar parts an answer, so a name's own goes out as another sign."""
    (check,) = prompts.check_tokens([_row("Teh|Melati|330")])
    assert check == "Teh/Melati/330"
    line = f"1|{check}|Jasmine tea||||beverages"
    assert answer_checks.check([_row("Teh|Melati|330")], [1], json.dumps({"rows": [line]})).faults == {}


def test_a_title_is_sent_once():
    """Rows name their section by its place."""
    body = json.loads(prompts.user_message("Toko", ROWS, IDS))
    assert (body["sections"], [row["section"] for row in body["rows"]]) == (["MINUMAN", "Lesung Mas"], [0, 0, 1])


def test_the_price_is_never_sent():
    """Neither the question nor the instructions carry the row's price."""
    asked = prompts.user_message("Toko", ROWS, IDS, {2: "the row was left out"})
    assert "25500" not in asked
    assert "25.500" not in asked
    body = json.loads(asked)
    assert [sorted(item) for item in body["rows"]] == [
        ["check", "id", "name", "section"],
        ["check", "fault", "id", "name", "section"],
        ["check", "id", "name", "section", "size", "unit"],
    ]


def test_the_instructions_can_be_cached():
    """At a careful four and a half characters a token they are longer than 1,024 tokens, and know every category."""
    assert len(prompts.SYSTEM_MESSAGE) / 4.5 > 1024
    assert all(name in prompts.SYSTEM_MESSAGE for name in taxonomy.category_names())


def test_the_schema_is_strict():
    """Providers take it only when every property is required and none may be added."""
    schema = prompts.RESPONSE_SCHEMA
    assert schema["required"] == list(schema["properties"])
    assert schema["additionalProperties"] is False


KEYS = [
    ({}, True),
    ({"source_row": 7, "source_file": "other.csv", "supplier": "Toko", "price": Decimal(1), "sku": "0012"}, True),
    ({"original_name": "Beras pandan"}, False),
    ({"section": "Beras"}, False),
    ({"pack_text": "24"}, False),
]


@pytest.mark.parametrize(("change", "same"), KEYS)
def test_an_answer_is_known_by_what_was_asked(change: dict[str, Any], same: bool):
    """The same words in another place, file or price are the same question; other words or another model are not."""
    first = {"source_file": "f", "source_sheet": "s", "source_row": 1, "original_name": "Beras pandan wangi", "price": None}
    key = answer_checks.answer_key(RawRow(**first), "m")
    assert (answer_checks.answer_key(RawRow(**(first | change)), "m") == key) is same
    assert answer_checks.answer_key(RawRow(**first), "n") != key


_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["330", "24x330ml", "beverages", "ml", "kg"]),
)
_changed = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from([*_right()[0], "line", "more"]), _values | st.sampled_from([1, 2, 3, 5, 24, 330, 620, "|"])
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(_changed, st.permutations(range(3)), st.integers(0, 3))
def test_whatever_is_changed_every_row_is_settled_or_at_fault_once(changes: list[tuple[int, str, Any]], order: list[int], kept: int):
    """No answer can make a row vanish, appear twice, or come from elsewhere; and what is settled follows from the row."""
    found = _right()
    for place, name, value in changes:
        found[place][name] = [f"{value}"] if name == "more" else value if name in ("id", "check", "line") else f"{value} "
    checked = _settle([found[place] for place in order[:kept]])
    assert sorted([*checked.accepted, *checked.faults]) == IDS
    for number, standard in checked.accepted.items():
        assert standard.size in (None, *RowEvidence(prompts.row_payload(ROWS[number - 1])).numbers)
        assert standard.standardized_name.strip()


@settings(max_examples=100, deadline=None)
@given(st.text() | st.recursive(_values, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8).map(json.dumps))
def test_any_text_at_all_is_survived(text: str):
    """Text that is no answer settles nothing, and every row says so."""
    checked = _settle(text)
    assert (checked.accepted, sorted(checked.faults)) == ({}, IDS)
