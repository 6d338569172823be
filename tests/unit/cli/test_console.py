"""The summary that a command prints when it is done."""

import re
from io import StringIO

import pytest

from monito_ray.cli.console import FileOutcome, show_summary, show_tasks, show_texts
from monito_ray.records import Status, TaskResult

RESULT = {
    "rows_found": 1200, "rows_written": 1100, "rows_rejected": 80, "rows_duplicate": 20, "rejected": {"no_price": 79, "note": 1},
    "products_new": 5, "prices_changed": 3, "supplier": "CV [Contoh]", "currency": "IDR", "list_date": "2026-06-01",
    "llm": {}, "stages": {"file_processing": 812, "llm_processing": 64_000},
}  # fmt: skip


def _summary(*outcomes: FileOutcome) -> str:
    stream = StringIO()
    show_summary(outcomes, "rules alone: no LLM is set", stream)
    return re.sub(r"[│┃ ]+", " ", stream.getvalue())


def test_a_summary_tells_counts_times_and_paths():
    """The summary of one file has every count, the reasons, the use of the LLM, the time of each stage, and what was written."""
    summary = _summary(FileOutcome("june.xlsx", Status.SUCCESS, RESULT, ("catalog.xlsx", "clean/june.xlsx")))
    texts = ("june.xlsx", "CV [Contoh]", "Rows found 1,200", "Rows written 1,100", "no price 79", "Duplicates 20", "Changed prices 3",
             "rules alone: no LLM is set", "Time reading 0.81 s", "Time standardizing 1 min 4 s", "Written: catalog.xlsx", "clean/june.xlsx")  # fmt: skip
    assert [text for text in texts if text not in summary] == []


def test_a_summary_of_several_files_adds_up():
    """Several files have a line each, failed ones too, and one sum."""
    use = {"requests": 2, "rows": 50, "prompt_tokens": 1000, "cached_tokens": 800, "completion_tokens": 90, "cost_usd": 0.01}
    good = FileOutcome("june.xlsx", Status.SUCCESS, RESULT | {"llm": use}, ("catalog.xlsx",))
    summary = _summary(good, FileOutcome("bad.xlsx", Status.FAILURE), good)
    assert "bad.xlsx failure" in summary
    assert "Rows found 2,400" in summary
    assert "100 rows in 4 requests, 2,000 tokens in (1,600 cached), 180 out, 0.0200 USD" in " ".join(summary.split())
    assert summary.count("catalog.xlsx") == 1


def test_several_files_are_told_with_their_suppliers():
    """Each line of the table says whose list it was."""
    summary = _summary(
        FileOutcome("a.xlsx", Status.SUCCESS, RESULT), FileOutcome("b.xlsx", Status.SUCCESS, {**RESULT, "supplier": "Toko B"})
    )
    assert "a.xlsx CV [Contoh] 1,200" in summary
    assert "b.xlsx Toko B 1,200" in summary


def test_a_summary_names_the_prices_that_may_be_wrong():
    """Of one list and of several, each with its file, its reason and what can be done; where there are none, nothing is said of it."""
    suspected = {"suspected_count": 7, "suspected_prices": [{"name": "Tomat sayur", "why": "10 times its last price: 14,000 → 140,000"}]}
    jumped = FileOutcome("july.xlsx", Status.SUCCESS, RESULT | suspected | {"review_count": 8})
    clear = FileOutcome("june.xlsx", Status.SUCCESS, RESULT)
    for summary in (_summary(jumped), _summary(clear, jumped)):
        assert "Price: july.xlsx: Tomat sayur: 10 times its last price: 14,000 → 140,000\n and 6 more that may be wrong\n" in summary
        assert "To do: ask the supplier; `monito review` shows what may be wrong" in summary
        assert "Rows to look at 8" in summary
    assert not any(text in _summary(clear) for text in ("Price:", "To do:", "Rows to look at"))


def test_dates_and_figures_do_not_break_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch):
    """At 80 columns the long names fold, and nothing is lost."""
    monkeypatch.setenv("COLUMNS", "80")
    stream = StringIO()
    rows = [("PT Sumber Makmur Abadi Sentosa Raya", "1,234", "IDR, USD", "2026-06-01", "2026-06-02", "sumber makmur, daftar harga sumber")]
    show_texts(("Supplier", "Offers", "Currency", "List of", "Came", "Also comes as"), rows, stream)
    text = stream.getvalue()
    assert all(len(line) <= 80 for line in text.splitlines())
    assert all(whole in text for whole in ("1,234", "2026-06-01", "2026-06-02"))
    assert all(word in text for word in "Sumber Makmur Abadi Sentosa Raya daftar".split())


def test_lines_for_a_program_are_whole(monkeypatch: pytest.MonkeyPatch):
    """What is piped into grep has each row on one line, however long."""
    monkeypatch.delenv("COLUMNS", raising=False)
    stream = StringIO()
    show_texts(("Name",), [("word " * 60,)], stream)
    assert "word " * 59 + "word" in stream.getvalue()


def test_a_task_that_is_done_stands_in_no_stage():
    """A failed one shows where it failed."""
    stream = StringIO()
    metadata = {"file_name": "june.xlsx", "stage": "notifications", "created_at": "2026-06-01T10:00:00"}
    show_tasks([TaskResult("t1", Status.SUCCESS, metadata=metadata), TaskResult("t2", Status.FAILURE, metadata=metadata)], stream)
    done, failed = (line for line in stream.getvalue().splitlines() if "june.xlsx" in line)
    assert "notifications" not in done
    assert "notifications" in failed


def test_a_summary_tells_of_prices_without_a_currency():
    """How many they are, and how to say which it is; nothing where each has one."""
    summary = _summary(FileOutcome("june.xlsx", Status.SUCCESS, RESULT | {"currency": "", "rows_without_currency": 1100}))
    assert "Currency: june.xlsx: not known of 1,100 prices, which cannot be compared with others" in summary
    assert "`--currency CODE`" in summary
    assert "--currency" not in _summary(FileOutcome("june.xlsx", Status.SUCCESS, RESULT))


def test_a_summary_asks_whose_list_it_is():
    """What was taken, who it may be of, and how to say so; of one that is sure, what showed it."""
    choices = [{"id": "document", "text": "'document': new"}, {"id": "PT Zarvex", "text": "'PT Zarvex': 62% of the rows"}]
    unsure = RESULT | {"questions": [{"id": "supplier", "text": "Whose list is it?", "choices": choices}]}
    summary = _summary(FileOutcome("document (3).xlsx", Status.SUCCESS, unsure, task_id="t1"))
    texts = ("document (3).xlsx: Whose list is it? 'document': new, for now", "or 'PT Zarvex': 62% of the rows", "suppliers assign t1 NAME")
    assert [text for text in texts if text not in summary] == []
    sure = _summary(FileOutcome("june.xlsx", Status.SUCCESS, RESULT | {"supplier_how": "its letterhead", "questions": []}))
    assert "known by its letterhead" in sure
    assert "Whose" not in sure


def test_a_summary_tells_under_whom_else_the_file_stands():
    """And how to take either list back, or to give the other one to this supplier."""
    twice = RESULT | {"supplier": "Rynok", "same_file": {"task_id": "t0", "file": "f.csv", "supplier": "Toko A"}}
    summary = _summary(FileOutcome("f.csv", Status.SUCCESS, twice, task_id="t1"))
    texts = ("f.csv: the same file stands as the list of 'Toko A', too", "`monito undo t0`", '`monito suppliers assign t0 "Rynok"`')
    assert [text for text in texts if text not in summary] == []
    assert "too" not in _summary(FileOutcome("f.csv", Status.SUCCESS, RESULT))
