"""What people are told: complete in three languages, harmless whatever the values, never too long."""

import gettext
import io
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.extract import extract_from_dir
from rows import cola_offer

import monito_ray
from monito_ray.jobs.task import Task
from monito_ray.messages import LANGUAGES, Messages, caption_text, fit_message, supported_language, task_line, task_text, tasks_text
from monito_ray.messages.category_texts import category_title
from monito_ray.messages.done_texts import _REASONS
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.pipeline.units import catalogue_units
from monito_ray.records import Reason, Status
from monito_ray.stages import Stage
from monito_ray.testing import telegram_markup

NOW = datetime(2024, 7, 1, tzinfo=UTC)
ROOT = Path(monito_ray.__file__).parent
STRANGE = [
    "../../etc/passwd",
    "n" * 255,
    "🍎🍏.xlsx",
    "",
    "<b>bold",
    "a_b_c",
    "[x](http://evil.example)",
    "&amp; &lt;",
    "</code>",
    "line\nbreak\u202egpj",
]


def _task(name: str = "june.xlsx", **changes: object) -> Task:
    return Task(id="t1", created_at=NOW, updated_at=NOW, not_before=NOW, file_name=name, **changes)  # type: ignore[arg-type]


def _standings(name: str) -> list[Task]:
    numbers = {"rows_found": 8, "rows_written": 6, "rows_rejected": 1, "rows_duplicate": 1, "products_new": 6, "prices_changed": 0}
    return [
        *(_task(name, status=status, stage=stage) for status in (Status.PENDING, Status.RUNNING) for stage in Stage),
        _task(name, status=Status.RETRY, error=f"{name}: <i>slow</i>"),
        _task(name, status=Status.CANCELLED),
        _task(name, status=Status.FAILURE, error=f"{name}: no <prices>", error_code="NoPricesFound", remedy="Do <this> & that."),
        _task(name, status=Status.SUCCESS, result={**numbers, "rejected": {"no_price": 1, "<odd>": 2}}),
    ]


def test_every_reason_of_a_reject_has_its_text():
    """A person reads words, never the name of a reason."""
    assert set(_REASONS) == set(Reason)


def test_every_unit_and_category_has_a_name():
    """What goods are sold by, what sizes are given in, and where they stand, is said in the reader's language."""
    assert set(Messages("ru").unit_names()) == set(catalogue_units())
    latin = {unit: name for unit, name in Messages("ru").unit_names().items() if re.search("[a-z]", name)}
    assert latin == {}
    titles = {category_title(Messages("ru"), category) for category in category_names()}
    assert [title for title in titles if re.search("[a-z]", title)] == []


@cache
def _texts_of_the_program() -> frozenset[str]:
    found = extract_from_dir(ROOT, [("**.py", "python")], keywords={"say": None, "N_": None})
    return frozenset(entry[2] for entry in found if isinstance(entry[2], str))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_every_language(language: str):
    """Each text of the program has a translation with the same values in it, and what is compiled is what is written."""
    folder = ROOT / "locale" / language / "LC_MESSAGES"
    written = pofile.read_po(io.BytesIO((folder / "monito.po").read_bytes()))
    texts = _texts_of_the_program()
    translations = {message.id: message.string for message in written if message.id}
    assert set(translations) == texts
    for text, translation in translations.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", str(translation))), text
    with (folder / "monito.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in translations} == {
        text: translation or text for text, translation in translations.items()
    }


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_strange_names_leave_a_message_intact(name: str, language: str):
    """Telegram takes the text however a task stands, and people see the name as it is, on one line, if need be shortened."""
    for task in _standings(name):
        messages = Messages(language, "https://sheet.example/?a=1&b=2")
        seen = telegram_markup.visible_text(tasks_text(messages, [task]), "HTML")
        shown = " ".join(name.replace("\u202e", " ").split()) or "t1"
        assert (shown if len(shown) <= 60 else shown[:30]) in " ".join(seen.split())
        telegram_markup.visible_text(task_line(messages, task), "HTML")
        telegram_markup.visible_text(caption_text(messages, task), "HTML")


@pytest.mark.parametrize(
    ("language", "cause", "step", "reasons"),
    [
        ("en", "Google Sheets does not answer", "(1,200/3,883)", "no price 1,200"),
        ("ru", "Google Таблицы не отвечают", "(1\u00a0200/3\u00a0883)", "нет цены 1\u00a0200"),
        ("id", "Google Sheets tidak menjawab", "(1.200/3.883)", "tanpa harga 1.200"),
    ],
)
def test_causes_and_counts_are_in_the_persons_language(language: str, cause: str, step: str, reasons: str):
    """A retry names no server's own words, and large numbers have their thousands apart."""
    messages = Messages(language)
    retried = _task(status=Status.RETRY, error="Google Sheets failed (500): Internal error encountered.", error_code="SheetsUnavailable")
    assert cause in task_text(messages, retried)
    assert "Internal error" not in task_text(messages, retried)
    assert step in task_text(messages, _task(status=Status.RUNNING, stage=Stage.LLM_PROCESSING), (1200, 3883))
    numbers = dict.fromkeys(("rows_found", "rows_written", "rows_rejected", "rows_duplicate", "products_new", "prices_changed"), 1200)
    assert reasons in task_text(messages, _task(status=Status.SUCCESS, result={**numbers, "rejected": {"no_price": 1200}}))


@pytest.mark.parametrize(
    ("language", "line"), [("en", "90,000 IDR (20,758/kg)"), ("ru", "90 000 IDR (20 758/кг)"), ("id", "Rp90.000 (20.758/kg)")]
)
def test_an_offer_is_told_in_the_persons_numbers(language: str, line: str):
    """Amount, currency and the price of a kilogram, as the language writes them."""
    offer = cola_offer("Toko A", 90_000, "20757.58", base_unit="kg")
    assert Messages(language).offer_line(offer).replace("\u00a0", " ") == f"{line} · Toko A"


@pytest.mark.parametrize("length", [1, 4095, 4096, 4097, 9000])
@pytest.mark.parametrize("letter", ["a", "&lt;", "<b>x</b>", "🍎"])
def test_a_text_is_cut_to_what_telegram_takes(letter: str, length: int):
    """At most 4,096 units of UTF-16 are seen, no entity or surrogate is torn."""
    seen = telegram_markup.visible_text(fit_message(letter * length), "HTML")
    assert telegram_markup.utf16_length(seen) <= 4096
    plain = {"a": "a", "&lt;": "<", "<b>x</b>": "x", "🍎": "🍎"}[letter] * length
    assert seen == plain or (seen.endswith("…") and plain.startswith(seen[:-1]) and telegram_markup.utf16_length(seen) >= 4094)


def test_many_tasks_in_one_message_fit():
    """Twenty failures with long names and causes stay below the limit, and each task is named."""
    tasks = [_task("n" * 255, status=Status.FAILURE, error="why " * 200, remedy="what " * 200) for _ in range(20)]
    seen = telegram_markup.visible_text(tasks_text(Messages("en"), tasks), "HTML")
    assert telegram_markup.utf16_length(seen) <= 4096
    assert seen.count("t1") == 20


@pytest.mark.parametrize(("code", "language"), [("ru", "ru"), ("ru-RU", "ru"), ("in", "id"), ("de", "en"), (None, "en"), ("EN-gb", "en")])
def test_the_language_is_that_of_the_persons_telegram(code: str | None, language: str):
    """A language of ours is recognised in its variants; for others the fallback counts."""
    assert supported_language(code, "en") == language


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Supplier: PT &lt;Zarvex&gt;", "Currency: IDR, list of Jun 1, 2026"]),
        ("ru", ["Поставщик: PT &lt;Zarvex&gt;", "Валюта: IDR, прайс от 1 июн. 2026 г."]),
        ("id", ["Pemasok: PT &lt;Zarvex&gt;", "Mata uang: IDR, daftar tanggal 1 Jun 2026"]),
    ],
)
def test_the_end_of_a_list_says_whose_it_is(language: str, lines: list[str]):
    """With its currency and its day; it is said where that is not sure, or no currency is known."""
    numbers = dict.fromkeys(("rows_found", "rows_written", "rows_rejected", "rows_duplicate", "products_new", "prices_changed"), 1)
    result = {**numbers, "supplier": "PT <Zarvex>", "currency": "IDR", "list_date": "2026-06-01", "questions": []}
    shown = task_text(Messages(language), _task(status=Status.SUCCESS, result=result)).splitlines()
    assert [text for line in shown if (text := " ".join(line.split())) in lines] == lines
    choices = [{"id": "PT <Zarvex>", "text": ""}, {"id": "CV Lumo", "text": ""}]
    unsure = result | {"currency": "", "list_date": None, "questions": [{"id": "supplier", "choices": choices}]}
    text = task_text(Messages(language), _task(status=Status.SUCCESS, result=unsure))
    assert (text.count("⚠"), text.count("❓")) == (1, 1)
