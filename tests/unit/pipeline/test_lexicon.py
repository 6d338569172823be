"""The lexicon: all words of a language in one file."""

import ast
import io
import re
import threading
import time
import tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.price_remarks import is_on_request
from monito_ray.pipeline.prices import parse_price
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import all_languages
from monito_ray.pipeline.rows.price_list import read_price_list
from monito_ray.pipeline.rows.supplier.tax_numbers import SCHEMES
from monito_ray.pipeline.spellings import canonical_unit
from monito_ray.pipeline.tables import titles
from monito_ray.pipeline.title_words import ROLES
from monito_ray.pipeline.units import catalogue_units

ROOT = Path(__file__).resolve().parents[3]
LANGUAGE = """
[titles]
name = "zibu, zibu korra"
price = "mepo*"

[units]
bottle = "flenk, flk"

[amounts]
thousand = "dru"
on_request = "gorvu zi"

[months]
6 = "jwn"

[glossary]
plimsu = "juice"
"narro plimsu" = "apple juice"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a language of one file, and one beside it for its goods."""
    (tmp_path / "xx.toml").write_text(LANGUAGE, encoding="utf-8")
    (tmp_path / "xx.categories.tsv").write_text("beverages\t\tplimsu\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def _language(folder: Path):
    """That language, for the test."""
    with lexicon.extended_by(folder):
        yield


@pytest.mark.usefixtures("_language")
def test_a_language_added_as_one_file_is_understood():
    """Its words for titles, units, amounts, requests, dates and goods count without a change of the program."""
    text = (
        "Zibu korra;Unit;Mepora, jwn 2026\n" + "".join(f"Narro plimsu {n};flk;{n},5 dru\n" for n in range(11, 16)) + "Zibo;flk;gorvu zi\n"
    )
    rows = read_price_list(text.encode(), "list.csv").rows.to_pylist()
    assert [(row["original_name"], row["unit_text"], row["price"]) for row in rows][:2] == [
        ("Narro plimsu 11", "flk", 11500),
        ("Narro plimsu 12", "flk", 12500),
    ]
    assert canonical_unit("Flenk") == "bottle"
    assert is_on_request("Gorvu zi!")
    assert glossary.translate("narro plimsu") == ("apple juice", 1.0)
    assert [evidence.category for evidence in evidence_in("plimsu", all_languages())] == ["beverages"]


def test_a_language_that_is_taken_away_is_forgotten(folder: Path):
    """What was derived from it is made again without it."""
    with lexicon.extended_by(folder):
        assert parse_price("5 dru").value == 5000
    assert parse_price("5 dru").value == 5


def test_what_is_made_of_whole_files_is_made_once_for_many_threads():
    """Lists that begin together would else each make the same tables, and take the memory of all of them at a time."""
    threads, calls = 8, list[str]()
    begin = threading.Barrier(threads)

    @lexicon.derived()
    def table(name: str) -> list[str]:
        calls.append(name)
        time.sleep(0.05)
        return [name, *outer()]

    @lexicon.derived()
    def outer() -> tuple[str, ...]:
        calls.append("outer")
        return ("outer",)

    def ask(_number: int) -> list[str]:
        begin.wait()
        return table("a")

    with ThreadPoolExecutor(threads) as pool:
        tables = list(pool.map(ask, range(threads)))
    assert calls == ["a", "outer"]
    assert all(one is tables[0] for one in tables)
    lexicon.clear_derived()
    assert table("a") is not tables[0]


def test_a_section_that_does_not_exist_is_refused(tmp_path: Path):
    """A typing error in the name of a section is no silence."""
    (tmp_path / "xx.toml").write_text('[title]\nname = "zibu"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"lexicon/xx\.toml: there is no section title"), lexicon.extended_by(tmp_path):
        lexicon.languages()


#: The keys of each section; of currencies, glossaries, synonyms, kinds and implied words all are read.
KEYS = {
    "titles": set(ROLES),
    "weak_titles": set(ROLES),
    "faint_titles": set(ROLES),
    "price_tiers": {*titles.PRICE_TIERS, titles.COMPARISON_PRICE},
    "amounts": {
        "thousand",
        "million",
        "multiples",
        "in_multiples",
        "cents",
        "on_request",
        "blank",
        "from",
        "to",
        "remarks",
        "least",
        "credit",
        "sign_pieces",
    },
    "units": set(catalogue_units()),
    "other_units": set("dose dose_volume foreign rate dimension loose title column size_column size_title never_in_names".split()),
    "quantities": set(
        "per inside price each of contains content stated_content orders vials year horsepower small_pieces piece_letters twin_packs triple_packs nutrients networks lengths one_tablet of_sheets sheet_goods tablets own_counts syringes empty_goods rolled sold_by_sheet parted_gallons numbering ratings".split()
    ),
    "months": {str(month) for month in range(1, 13)},
    "dates": {"ordinals", "months_before_days"},
    "rows": {"totals", "before_totals", "beside_totals", "not_goods"},
    "running_text": set(
        "price_words per_words old_words now_words size_words begins_condition conditions money_talk speech bills pages fields between behind_thresholds savings expiry stock lone_conditions discounts all_prices".split()
    ),
    "letterhead": {"tax", "telephone", "page_of", "buyer", "seller", "orders", "third_parties", "requests"},
    "tax_numbers": set(SCHEMES),
    "companies": {"before", "after", "spelled_out", "brand", "behind_brand", "fits", "name_parts"},
    "file_names": {"lists", "numbered", "months", "before_dates", "generic", "assortments"},
    "doubts": {"commands", "objects", "phrases"},
    "country": {"currency", "letters", "words"},
    "variants": set(
        "fillers negating distinct near weak endings inflections bare container without kind set colour state age form taste extent length width grade origin plant dose part fizz fat fineness shape texture animal species cutlery times side grape dryness material coffee".split()
    ),
    "product_names": {"words", "prepositions", "qualifiers", "adjective_endings", "package_materials"},
    "search": {"questions", "endings", "compounds", "qualities"},
}


@pytest.mark.parametrize("language", lexicon.languages(), ids=lambda language: language.code)
def test_every_file_has_only_keys_that_are_read(language: lexicon.Language):
    """A key of a section names a role, a unit, a category, a month: nothing else would be read."""
    unread = {
        f"{section}.{key}"
        for section, entries in language.sections.items()
        for key in entries
        if section not in {"currencies", "glossary", "synonyms", "kinds", "implied"} and key not in KEYS[section]
    }
    assert not unread
    assert language.sections.keys() <= lexicon.SECTIONS.keys()


@pytest.mark.parametrize("language", lexicon.languages(), ids=lambda language: language.code)
def test_words_stand_in_lower_case(language: lexicon.Language):
    """Texts are compared in lower case; legal forms alone are looked for as written."""
    capitals = {
        phrase
        for section, entries in language.sections.items()
        if section not in {"companies", "country", "glossary"}
        for text in entries.values()
        for phrase in lexicon.phrases(text)
        if phrase != phrase.lower()
    }
    assert not capitals


@pytest.mark.parametrize("section", ["units", "amounts", "months", "currencies"])
def test_no_word_means_two_things_in_a_section(section: str):
    """One spelling is one unit, one month, one currency."""
    keys: dict[str, set[str]] = {}
    for key, words in lexicon.entries(section).items():
        for word in words:
            keys.setdefault(word, set()).add(key)
    assert {word: meanings for word, meanings in keys.items() if len(meanings) > 1} == {}


def test_the_page_on_languages_names_every_section_and_key():
    """docs/adding-a-language.md explains what a file can have."""
    page = (ROOT / "docs" / "adding-a-language.md").read_text(encoding="utf-8")
    without_examples = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    names = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", without_examples))))
    keys = {key for section, keys in KEYS.items() if section not in {"units", "months"} for key in keys}
    assert (lexicon.SECTIONS.keys() | keys) - names == set()


#: Modules that hold letters beyond ASCII: the classes of characters, and the examples in the LLM's instructions.
MODULES_WITH_LETTERS = {"characters.py", "llm/prompts.py", "llm/pair_question.py", "llm/server/example_rows.py"}


def _letters_beyond_ascii(path: Path) -> set[str]:
    """The letters beyond ASCII in a module's texts, as they are written there; docstrings and comments apart."""
    source = path.read_text(encoding="utf-8")
    if source.isascii():
        return set()
    docstrings = {
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    texts = (token.string for token in tokens if token.type == tokenize.STRING and token.start[0] not in docstrings)
    return {char for text in texts for char in text if not char.isascii() and char.isalpha()}


def test_no_module_of_the_pipeline_holds_words_of_other_alphabets():
    """They stand in the lexicon, where somebody who adds a language finds them."""
    folder = ROOT / "monito_ray" / "pipeline"
    letters = {path.relative_to(folder).as_posix(): _letters_beyond_ascii(path) for path in folder.rglob("*.py")}
    assert {module: chars for module, chars in letters.items() if chars and module not in MODULES_WITH_LETTERS} == {}
    assert all(letters[module] for module in MODULES_WITH_LETTERS)
