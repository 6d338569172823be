"""What is sent to an LLM about rows."""

import hashlib
import json
from decimal import Decimal

import pytest

from monito_ray.pipeline import versions
from monito_ray.pipeline.llm import prompts
from monito_ray.pipeline.llm.questions import Fault
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.products import taxonomy
from monito_ray.records import RawRow


def _row(name: str, **texts: str) -> RawRow:
    return RawRow(
        source_file="f.xlsx", source_sheet="s", source_row=1, original_name=name, price=Decimal(25500), price_text="Rp 25.500", **texts
    )


ROWS = [
    _row("TEH KUNTUM Melati btl 24x330ml", section="MINUMAN"),
    _row("TEH KUNTUM Melati btl 24x620ml", section="MINUMAN"),
    _row("Beras pandan wangi", section="Lesung Mas", size_text="5", unit_text="kg"),
]
ITEMS = [RowItem(ROWS[0], {"size": "330 ml", "pack": "24"}), *map(RowItem, ROWS[1:])]


def test_check_tokens_distinguish_neighbours():
    """Each is a piece of the row's own name and of no other; equal names share one."""
    names = ["Cat Tembok Merah 1kg", "Cat Tembok Putih 1kg", "Cat Tembok Putih 5kg", "Cat Tembok", "Cat Tembok", "x", "L" * 200]
    tokens = prompts.check_tokens([_row(name) for name in names])
    assert all(token in name for token, name in zip(tokens, names, strict=True))
    assert max(map(len, tokens)) <= 60
    for token, name in zip(tokens, names, strict=True):
        assert [other for other, theirs in zip(names, tokens, strict=True) if theirs == token] == [name] * names.count(name)


def test_a_check_token_never_has_a_bar():
    """The bar separates the parts of an answer, so a name's own is sent as another sign."""
    assert prompts.check_tokens([_row("Teh|Melati|330")]) == ["Teh/Melati/330"]


def test_a_title_is_sent_once():
    """Rows name their section by its index."""
    body = json.loads(prompts.user_message("Toko", ITEMS))
    assert (body["sections"], [row["section"] for row in body["rows"]]) == (["MINUMAN", "Lesung Mas"], [0, 0, 1])


def test_the_price_is_never_sent():
    """The message has the row's own words and nothing else."""
    message = prompts.user_message("Toko", ITEMS, {1: Fault("the brand is wrong", "2|620ml|Tea||||")})
    assert "25500" not in message
    assert "25.500" not in message
    body = json.loads(message)
    assert [sorted(item) for item in body["rows"]] == [
        ["check", "given", "id", "name", "section"],
        ["check", "fault", "id", "name", "section", "was"],
        ["check", "id", "name", "section", "size", "unit"],
    ]


def test_ids_count_from_one():
    """As in the examples of the instructions; what is settled stands beside the row, and a repair says what was answered."""
    rows = json.loads(prompts.user_message("Toko", ITEMS, {1: Fault("the brand is wrong", "2|620ml|Tea||||")}))["rows"]
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert rows[0]["given"] == {"size": "330 ml", "pack": "24"}
    assert (rows[1]["fault"], rows[1]["was"]) == ("the brand is wrong", "2|620ml|Tea||||")


TOKENS = [
    (["Kopi susu (20/pak) Kenari", "Kopi susu (24/pak) Kenari", "Teh 460"], ["susu (20/pak)", "susu (24/pak)", "Teh"]),
    (["Cat 7 Merah", "Cat 7 Putih"], ["Merah", "Putih"]),
    (['Pipa 1/2" A', 'Pipa 3/4" A'], ["Pipa 1/2'", "Pipa 3/4'"]),
    (["4901", "4902"], ["4901", "4902"]),
]


@pytest.mark.parametrize(("names", "tokens"), TOKENS)
def test_a_check_token_has_a_word_where_it_can(names: list[str], tokens: list[str]):
    """Numbers alone are taken for sizes and counts; quotes cannot stand in an answer."""
    assert prompts.check_tokens([_row(name) for name in names]) == tokens


def test_a_token_comes_back_by_its_letters_and_digits():
    """Models change quotes, marks and case."""
    assert prompts.fold_token("Pipa 1/2'") == prompts.fold_token("pipa 1/2″")
    assert prompts.fold_token("***") == "***"


def test_a_payload_has_no_empty_texts():
    """But the name, which every row has; long texts are cut."""
    assert prompts.row_payload(_row("", pack_text="24")) == {"name": "", "pack": "24"}
    assert prompts.row_payload(_row("x" * 1000))["name"] == "x" * prompts.NAME_LIMIT


def test_the_instructions_can_be_cached():
    """At four and a half characters a token, more than tokenizers need, they exceed 1,024 tokens; and they list every category."""
    assert len(prompts.SYSTEM_MESSAGE) / 4.5 > 1024
    assert all(name.replace(" ", " (", 1) in prompts.SYSTEM_MESSAGE for name in taxonomy.category_names())


def test_the_version_changes_with_the_prompt():
    """A change of the instructions needs another `versions.PROMPT`, and the new digest here."""
    assert (versions.PROMPT, hashlib.sha256(prompts.SYSTEM_MESSAGE.encode()).hexdigest()[:16]) == (6, "15104623dfe51ef9")
