"""Answers about rows are accepted only as far as they follow from the rows."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray.pipeline.llm import answer_checks, prompts
from monito_ray.pipeline.llm.answer_forms import row_pattern
from monito_ray.pipeline.llm.evidence import RowEvidence
from monito_ray.pipeline.llm.questions import CheckedAnswers
from monito_ray.pipeline.llm.row_items import RowItem
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
ITEMS = [RowItem(row) for row in ROWS]
IDS = [1, 2, 3]
INDEXES = [0, 1, 2]
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
    """Return a row as it goes over the wire, from its parts by name; what has none of them goes as it is."""
    if not isinstance(row, dict) or "standardized_name" not in row:
        return row
    parts = {**row, "size": f"{row['size']} {row['unit'] or ''}", "category": f"{row['category']}".partition(" ")[0]}
    return row["line"] if "line" in row else "|".join([*(f"{parts[name]}" for name in _PARTS), *row.get("more", ())])


def _check(answers: Any, **ending: str) -> CheckedAnswers:
    """Check a text, or answers as they go over the wire."""
    text = answers if isinstance(answers, str) else json.dumps({"rows": [_sent(row) for row in answers]})
    return answer_checks.check(ITEMS, text, **ending)


def test_a_right_answer_is_accepted_for_every_row():
    """Its method says that the LLM settled it."""
    checked = _check(_right())
    assert checked.faults == {}
    assert checked.accepted[1].size == 620
    assert (checked.accepted[2].brand, checked.accepted[2].unit, checked.accepted[2].method) == ("Lesung Mas", "kg", Method.LLM)


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


@pytest.mark.parametrize(("text", "ending"), WHOLE.values(), ids=WHOLE)
def test_an_unusable_answer_faults_every_row(text: str, ending: dict[str, str]):
    """Nothing of it is accepted, and each row has a reason."""
    checked = _check(text, **ending)
    assert (checked.accepted, sorted(checked.faults)) == ({}, INDEXES)
    assert all(fault.reason for fault in checked.faults.values())


WRONG_FIRST: dict[str, dict[str, Any]] = {
    "price": {"more": ["25500"]},
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
def test_a_wrong_answer_is_the_fault_of_its_row_alone(wrong: dict[str, Any]):
    """Each check catches its kind, and the other rows are accepted."""
    answers = _right()
    answers[0] |= wrong
    checked = _check(answers)
    assert (sorted(checked.accepted), sorted(checked.faults)) == ([1, 2], [0])


MISCOUNTED = {
    "missing": (lambda rows: rows[1:], [1]),
    "repeated": (lambda rows: [*rows, rows[0]], [1]),
    "repeated otherwise": (lambda rows: [*rows, "1|"], [1]),
    "foreign beside": (lambda rows: [*rows, {**rows[0], "id": 99}], []),
    "foreign instead": (lambda rows: [{**rows[0], "id": 99}, *rows[1:]], [1]),
    "swapped": (lambda rows: [{**rows[0], "id": 2}, {**rows[1], "id": 1}, rows[2]], [1, 2]),
    "id in other digits": (lambda rows: [{**rows[0], "id": "١"}, *rows[1:]], [1]),
    "id true": (lambda rows: [{**rows[0], "id": True}, *rows[1:]], [1]),
    "row no text": (lambda rows: [17, *rows[1:]], [1]),
    "another order": (lambda rows: rows[::-1], []),
}


@pytest.mark.parametrize(("change", "at_fault"), MISCOUNTED.values(), ids=MISCOUNTED)
def test_every_id_has_to_come_back_once(change: Any, at_fault: list[int]):
    """Under its own check token; order does not matter, and foreign ids are ignored."""
    checked = _check(change(_right()))
    assert [index + 1 for index in sorted(checked.faults)] == at_fault
    assert sorted([*checked.faults, *checked.accepted]) == INDEXES


KEYS = [
    ({}, True),
    ({"source_row": 7, "source_file": "other.csv", "supplier": "Toko", "price": Decimal(1), "sku": "0012"}, True),
    ({"original_name": "Beras pandan"}, False),
    ({"section": "Beras"}, False),
    ({"pack_text": "24"}, False),
]


def _key(values: dict[str, Any], model: str, **given: str) -> str:
    return answer_checks.answer_key(RowItem(RawRow(**values), given), model)


@pytest.mark.parametrize(("change", "same"), KEYS)
def test_a_stored_answer_is_found_by_what_was_sent(change: dict[str, Any], same: bool):
    """The same words in another file or at another price have the same key; other words or another model do not."""
    first = {"source_file": "f", "source_sheet": "s", "source_row": 1, "original_name": "Beras pandan wangi", "price": None}
    key = _key(first, "m")
    assert (_key(first | change, "m") == key) is same
    assert _key(first, "n") != key


def test_what_is_given_belongs_to_the_key_by_its_parts_alone():
    """Another pack count, which a price decides, is no new question; one more part to answer is."""
    row = {"source_file": "f", "source_sheet": "s", "source_row": 1, "original_name": "Beras pandan wangi", "price": None}
    assert _key(row, "m", size="5 kg", pack="1") == _key(row, "m", size="1 kg", pack="24")
    assert _key(row, "m", size="5 kg", pack="1") != _key(row, "m", pack="1")


def test_answers_stored_by_earlier_versions_stay_valid():
    """The key of a row is the same for ever, unless `versions.PROMPT` changes."""
    row = RawRow(
        source_file="f", source_sheet="s", source_row=1, original_name="Beras pandan wangi", price=None, section="Beras", unit_text="kg"
    )
    assert answer_checks.answer_key(RowItem(row, {"pack": "1"}), "m") == "841a008fb52447bc4e3afb8b8b8e1d11cd2eef60ce2906ade05afa8ceab6a331"


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


@settings(max_examples=40, deadline=None)
@given(_changed, st.permutations(range(3)), st.integers(0, 3))
def test_whatever_is_changed_every_row_is_accepted_or_at_fault_once(changes: list[tuple[int, str, Any]], order: list[int], count: int):
    """No answer makes a row vanish or appear twice, and what is accepted follows from the row."""
    answers = _right()
    for index, name, value in changes:
        answers[index][name] = [f"{value}"] if name == "more" else value if name in ("id", "check", "line") else f"{value} "
    checked = _check([answers[index] for index in order[:count]])
    assert sorted([*checked.accepted, *checked.faults]) == INDEXES
    for index, standard in checked.accepted.items():
        assert standard.size in (None, *RowEvidence(prompts.row_payload(ROWS[index])).numbers)
        assert standard.standardized_name.strip()


@settings(max_examples=40, deadline=None)
@given(st.text() | st.recursive(_values, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8).map(json.dumps))
def test_any_text_at_all_is_checked(text: str):
    """Of a text that is no answer nothing is accepted, and every row is at fault."""
    checked = _check(text)
    assert (checked.accepted, sorted(checked.faults)) == ({}, INDEXES)


NO_SIZES = [
    ("ENERGA (CAMPUR) Sachet (160/dus)", "160 ml"),
    ("Ban 205/55 R16", "16 l"),
    ("Cat tembok 5 putih", "5 kg"),
    ("234 KRETEK 16", "16 g"),
    ("Mi goreng 85 gr isi 40", "40 g"),
    ("Air 1500 ml", "1500 l"),
]


@pytest.mark.parametrize(("name", "size"), NO_SIZES)
def test_no_size_without_its_unit_beside_it(name: str, size: str):
    """A unit that the row never names, or names beside another number, is invented."""
    item, token = RowItem(_row(name)), prompts.check_tokens([_row(name)])[0]
    checked = answer_checks.check([item], f'{{"rows": ["1|{token}|Thing||{size}||other"]}}')
    assert "size" in checked.faults[0].reason


def test_a_size_may_stand_in_two_columns():
    """The number in one, the unit in another."""
    item = RowItem(_row("Beras", size_text="5", unit_text="kg"))
    assert answer_checks.check([item], '{"rows": ["1|Beras|Rice||5 kg||rice"]}').accepted[0].size == 5


def test_a_given_part_may_be_wrong_or_empty():
    """It is settled, so nothing has to be asked again."""
    item = RowItem(_row("TEH KUNTUM 24x330ml"), {"size": "330 ml", "pack": "24", "category": "coffee"})
    for answer in ("1|TEH|Kuntum tea|Kuntum|||", "1|TEH|Kuntum tea|Kuntum|9 kg|two|things"):
        checked = answer_checks.check([item], json.dumps({"rows": [answer]}))
        assert (checked.accepted[0].standardized_name, checked.accepted[0].size, checked.accepted[0].category) == ("Kuntum tea", None, "")


def test_the_last_answer_is_taken_as_far_as_it_holds():
    """A field that fails is left to the rules, the others count; of an answer of which nothing holds nothing is taken."""
    text = json.dumps({"rows": ["1|TEH|Kuntum jasmine tea|Other Brand|620 l|24|tea things"]})
    items = [RowItem(ROWS[0])]
    assert answer_checks.check(items, text).faults[0].reason.count(";") == 2
    (standard,) = answer_checks.check(items, text, is_last=True).accepted.values()
    assert (standard.standardized_name, standard.brand, standard.size, standard.pack_count, standard.category) == (
        "Kuntum jasmine tea", "", None, 24, "",
    )  # fmt: skip
    assert answer_checks.check(items, '{"rows": ["1|TEH|=1+1|Other Brand|620 l|36|tea things"]}', is_last=True).faults


def test_a_fault_says_what_was_answered():
    """The model does not see its earlier answer otherwise."""
    answers = _right()
    answers[0]["brand"] = "Other Brand"
    assert _check(answers).faults[0].answer == _sent(answers[0])


FORM_FAULTS = {
    "no JSON": ("I cannot", {}, 3),
    "cut before the first answer": ("I can", {"finish_reason": "length"}, 0),
    "refused": ("", {"refusal": "no"}, 0),
    "left out": ('{"rows": []}', {}, 0),
    "too few parts": ('{"rows": ["1|x|y"]}', {}, 1),
}


@pytest.mark.parametrize(("text", "ending", "count"), FORM_FAULTS.values(), ids=FORM_FAULTS)
def test_faults_of_form_are_counted(text: str, ending: dict[str, str], count: int):
    """Another form may do better at these; at a refusal none does."""
    assert answer_checks.check(ITEMS, text, **ending).form_faults == count


def test_a_wrong_category_is_a_fault_of_form_and_a_brand_from_memory_is_none():
    """An enum would have held the one, nothing the other."""
    counts = []
    for wrong in ({"category": "tea things"}, {"brand": "Other Brand"}):
        answers = _right()
        answers[0] |= wrong
        counts.append(_check(answers).form_faults)
    assert counts == [1, 0]


def test_of_a_cut_answer_every_complete_row_counts():
    """Each proves itself by id and check; the others were cut."""
    text = json.dumps({"rows": [_sent(row) for row in _right()]})[:-20]
    checked = answer_checks.check(ITEMS, text, "length")
    assert (sorted(checked.accepted), checked.faults[2].reason) == ([0, 1], "the answer was cut short")


def test_the_examples_of_the_instructions_are_right_answers():
    """What they show would be accepted, and fits the schema's pattern."""
    examples = re.findall(r"For (\{\"supplier\".*?\}) the answer is (\{\"rows\":.*?\]\})", prompts.SYSTEM_MESSAGE)
    assert len(examples) == 2
    for question, answer in examples:
        sent = json.loads(question)
        items = [
            RowItem(
                _row(row["name"], section=sent["sections"][row["section"]] if "section" in row else "", unit_text=row.get("unit", "")),
                row["given"],
            )
            for row in sent["rows"]
        ]
        checked = answer_checks.check(items, answer)
        assert checked.faults == {}
        assert all(re.search(row_pattern(), line) for line in json.loads(answer)["rows"])
        assert [row["check"] for row in sent["rows"]] == prompts.check_tokens([item.row for item in items])
