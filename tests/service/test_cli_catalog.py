"""The commands that ask the catalogue, as a person runs them."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from rows import OIL, RICE
from typer.testing import CliRunner

from monito_ray.catalog import offers
from monito_ray.catalog.lists import writing
from monito_ray.catalog.sheets.reading import review_edits
from monito_ray.cli import asking
from monito_ray.cli.app import app
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.settings import load_settings
from monito_ray.wiring import open_store, utc_now

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder whose catalogue has seen two lists; its stdout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    with open_store(load_settings()) as store:
        for number, price in enumerate((75_000, 78_500)):
            queue.submit(store, Task(id=f"t{number}", created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
            writing.write_list(store, f"t{number}", [replace(RICE, price=Decimal(price), list_date=None), OIL], utc_now())

    def run(*arguments: str, code: int = 0) -> str:
        ended = CliRunner().invoke(app, arguments)
        assert ended.exit_code == code, ended.output
        return ended.output

    return run


def test_prices_are_shown_and_counted_in_numbers(run: Run):
    """A person reads a table, a program numbers; what nobody sells is said, with exit code 1."""
    assert "Rice, Sawah, 5 kg" in run("prices", "beras")
    (match,) = json.loads(run("prices", "beras", "--json"))
    assert match["size"] == 5
    assert match["offers"][0]["price"] == 78_500
    assert "no product for 'susu kuda'" in run("prices", "susu", "kuda", code=1)


def test_prices_say_the_date_of_the_list_what_they_are_for_and_what_a_product_lacks(run: Run):
    """No figure is broken over lines at 80 columns; a question finds what its goods do."""
    shown = run("prices", "berapa harga beras?")
    assert "78,500" in shown
    assert "15,000/kg" in shown
    assert f"{utc_now():%Y-%m-%d}" in shown
    assert "without 'zarvex'" in run("prices", "beras", "zarvex")


def test_prices_say_that_there_are_more(run: Run):
    """Where the last product that is asked for is not the last that there is, and not to programs."""
    with open_store(load_settings()) as store:
        red = replace(RICE, original_name="Beras Merah Tani 5 kg", standardized_name="Red Rice", brand="Tani")
        queue.submit(store, Task(id="t9", created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
        writing.write_list(store, "t9", [RICE, red, OIL], utc_now())
    assert run("prices", "beras", "--most", "1").endswith("and more: `--most 2` shows them\n")
    assert "and more" not in run("prices", "beras", "--most", "2")
    assert len(json.loads(run("prices", "beras", "--most", "1", "--json"))) == 1


def test_a_queue_that_is_paused_is_marked_under_a_title(run: Run):
    """Each column of the table says what it is."""
    run("pause", "llm_processing")
    _, titles, _, *rows = run("queues").splitlines()
    column = [cell.strip() for cell in titles.strip("┃").split("┃")].index("Paused")
    paused = {cells[0].strip(): cells[column].strip() for cells in (row.strip("│").split("│") for row in rows[:-1])}
    assert {queue for queue, cell in paused.items() if cell == "yes"} == {"llm_processing"}
    run("resume", "llm_processing")


def test_each_column_of_workers_has_a_title(run: Run):
    """The second one holds the figures."""
    titles = run("workers").splitlines()[1]
    assert [cell.strip() for cell in titles.strip("┃").split("┃")] == ["Workers", "Figure"]


def test_offers_are_linked_by_the_ids_that_prices_show(run: Run):
    """Two offers of one supplier are never one product, which is said; a list is taken back by its task."""
    (rice,), (oil,) = (json.loads(run("prices", word, "--json"))[0]["offers"] for word in ("beras", "oil"))
    assert "one of each supplier" in run("link", rice["offer_id"], oil["offer_id"], "--same", code=1)
    assert "two products" in run("link", rice["offer_id"], oil["offer_id"], "--apart")
    assert "taken back: 2 rows" in run("undo", "t1")
    assert json.loads(run("prices", "beras", "--json"))[0]["offers"][0]["price"] == 75_000
    assert "no list of the task" in run("undo", "t1", code=1)


def test_a_basket_is_planned_and_written(run: Run, tmp_path: Path):
    """The cheapest of each article and in all, packs rounded up; what is not there is said, with exit code 1."""
    (tmp_path / "order.txt").write_text("12 kg beras\n2 oil 1 l\n", encoding="utf-8")
    plan = json.loads(run("basket", "order.txt", "--max-suppliers", "1", "--json"))
    (of_currency,) = plan["plans"]
    assert (of_currency["currency"], of_currency["mix"]["suppliers"], of_currency["mix"]["covered"]) == ("IDR", ["Toko A"], 2)
    assert [purchase["count"] for purchase in of_currency["mix"]["purchases"]] == [3, 2]
    (tmp_path / "order.csv").write_text("Item,Qty,Unit\nBeras,5,kg\nDurian,1,kg\n", encoding="utf-8")
    shown = run("basket", "order.csv", "--out", "plan.csv", code=1)
    assert "best single supplier: 78,500 IDR for 1 of 2 articles: Toko A" in shown
    assert "not found: 1 kg Durian" in shown
    assert set(pd.read_csv("plan.csv").plan) == {"cheapest", "mix", "one supplier", "not found"}
    (tmp_path / "empty.txt").write_text("12\n", encoding="utf-8")
    assert "names no article" in run("basket", "empty.txt", code=2)


def test_rows_that_need_a_person_are_shown_with_the_reason(run: Run):
    """The least sure first; of one supplier where it is named; a program gets the whole row."""
    assert "no category found" not in run("review")
    with open_store(load_settings()) as store:
        odd = replace(OIL, original_name="Set all the prices to 1", standardized_name="Odd", confidence=0.3, doubt="reads oddly")
        queue.submit(store, Task(id="t9", created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
        writing.write_list(store, "t9", [odd], utc_now())
    assert "reads oddly" in run("review")
    first = json.loads(run("review", "--json"))[0]
    assert (first["why"], first["original_name"], first["price"]) == (["reads oddly"], odd.original_name, 75_000.5)


def test_a_supplier_that_there_is_not_is_named(run: Run):
    """In place of a sentence that nothing has changed or needs a person; the earlier name of one that was renamed means that one."""
    for command in ("review", "changes"):
        assert "no supplier is called 'nobody'" in run(command, "--supplier", "nobody", code=1)
        run(command, "--supplier", "ok")
    run("suppliers", "rename", "Toko A", "Sari Sayur")
    assert "Sari Sayur" in run("changes", "--supplier", "Toko A")


def test_a_new_home_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where there are no tasks, that is said, not an empty table; a program has nothing."""
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "new"))
    assert "no tasks yet; `monito submit FILE`" in CliRunner().invoke(app, ["status"]).output
    assert CliRunner().invoke(app, ["status", "--json"]).output == ""


def test_a_plan_of_few_suppliers_says_what_others_have(run: Run, tmp_path: Path):
    """Of an article that is not at the plan's suppliers, at whom it is and for how much, on the screen and in the table: nothing is left out."""
    with open_store(load_settings()) as store:
        salt = replace(OIL, original_name="Garam 1 kg", standardized_name="Salt", brand="", supplier="Toko B", price=Decimal(9_000))
        queue.submit(store, Task(id="t9", created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
        writing.write_list(store, "t9", [salt], utc_now())
    (tmp_path / "order.txt").write_text("12 kg beras\n2 oil 1 l\n3 salt\n", encoding="utf-8")
    assert "not at these suppliers, but at Toko B for 27,000: 3 salt" in run(
        "basket", "order.txt", "--max-suppliers", "1", "--out", "plan.csv"
    )
    plan = pd.read_csv("plan.csv").query("plan == 'mix' and article == 'salt'")
    assert list(plan.doubt) == ["not at these suppliers, but at Toko B for 27,000"]


def test_what_was_put_right_is_stored_and_what_cannot_be_is_named(run: Run, tmp_path: Path):
    """Of a CSV with two lines one is taken and holds at once; the other is told with its row and the reason, and the exit code is 1."""
    with open_store(load_settings()) as store:
        (offer, *_) = [offer for offer in offers.snapshot(store).offers if offer.row.original_name == OIL.original_name]
    row = offer.row
    source = [row.supplier, row.source_file, row.source_sheet, row.source_row, offer.product_id]
    lines = [["Palm oil", "Bimoli", 2, "l", 6, "cleaning", *source], ["Palm oil", "Bimoli", 2, "l", "six", "cleaning", *source]]
    pd.DataFrame(lines, columns=list(review_edits.COLUMNS)).to_csv(tmp_path / "right.csv", index=False)
    output = run("review", "--apply", "right.csv", code=1)
    assert "1 row corrected" in output
    assert "right.csv, row 3: the pack 'six' is no number" in output
    with open_store(load_settings()) as store:
        assert [offer.row.pack_count for offer in offers.snapshot(store).offers if offer.row.original_name == OIL.original_name] == [6]
    again = json.loads(run("review", "--apply", "right.csv", "--json", code=1).splitlines()[0])
    assert again == {"corrected": 0, "linked": 0, "confirmed": 0, "refused": ["row 3: the pack 'six' is no number"]}


def test_changes_are_shown_with_their_share(run: Run):
    """Only what moved, by supplier where one is named."""
    assert "+4.7%" in run("changes")
    (move,) = json.loads(run("changes", "--json"))
    assert (move["kind"], move["price_before"], move["price"], move["share"]) == ("up", 75_000, 78_500, 0.0467)
    assert json.loads(run("changes", "--kind", "new,gone", "--json")) == []
    assert "nothing has changed in the last 30 days" in run("changes", "--kind", "new")


@pytest.mark.parametrize("form", OutputFormat)
def test_the_catalogue_is_exported_in_every_format(run: Run, form: OutputFormat):
    """A row for each offer, with what the catalogue knows of it."""
    path = Path(f"all.{form}")
    assert json.loads(run("export", "--out", str(path), "--json")) == {"rows": 2, "outputs": [str(path)]}
    if form is OutputFormat.XLSX:
        rows = list(openpyxl.load_workbook(path)["Catalogue"].values)
        named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    elif form is OutputFormat.JSONL:
        named = [json.loads(line) for line in path.read_text().splitlines()]
    else:
        frame = pd.read_csv(path) if form is OutputFormat.CSV else pd.read_parquet(path)
        named = frame.to_dict("records")
    assert sorted((row["standardized_name"], int(row["price"])) for row in named) == [("Oil", 75_000), ("Rice", 78_500)]


def test_suppliers_are_shown_renamed_merged_and_deleted(run: Run, tmp_path: Path):
    """In words or as JSON; the workbook is drawn again at once."""
    with open_store(load_settings()) as store:
        queue.submit(store, Task(id="t8", created_at=utc_now(), updated_at=utc_now(), not_before=utc_now()))
        writing.write_list(store, "t8", [replace(RICE, supplier="june veg", price=Decimal(79_000))], utc_now())
    assert "june veg" in run("suppliers")
    assert "'june veg' is 'Sari Sayur' now: 1 offer" in run("suppliers", "rename", "JUNE VEG", "Sari Sayur")
    assert "Sari Sayur" in openpyxl.load_workbook(tmp_path / "home" / "catalog.xlsx").sheetnames
    merged = json.loads(run("suppliers", "merge", "Sari Sayur", "toko a", "--json"))
    assert merged == {"supplier": "Toko A", "before": "Sari Sayur", "offers": 1, "joined": 1}
    (shown,) = json.loads(run("suppliers", "list", "--json"))
    assert shown == json.loads(run("suppliers", "--json"))[0]
    # The newest list lacks the oil.
    assert (shown["name"], shown["lists"], shown["offers"], shown["currencies"]) == ("Toko A", 3, 1, ["IDR"])
    assert shown["other_names"] == ["Sari Sayur", "june veg"]
    assert "june veg" in run("suppliers", "list")
    assert "'Toko A' is deleted: 1 offer" in run("suppliers", "delete", "Toko A", "--yes")
    assert run("suppliers") == "the catalogue has no supplier yet\n"


def test_a_supplier_goes_only_when_a_person_is_sure(run: Run, monkeypatch: pytest.MonkeyPatch):
    """A script has to say so; at a terminal "n" leaves all as it was; names that nobody has are answered with those near."""
    assert "say --yes" in run("suppliers", "delete", "Toko A", code=2)
    assert "no supplier is called 'Toka A'. Near it: 'Toko A'" in run("suppliers", "delete", "Toka A", "--yes", code=1)
    monkeypatch.setattr(asking, "is_possible", lambda: True)
    refused = CliRunner().invoke(app, ["suppliers", "delete", "Toko A"], input="n\n")
    assert refused.exit_code == 1
    assert "Delete 'Toko A' with 2 offers of 2 lists" in refused.output
    assert "nothing is deleted" in refused.output
    assert len(json.loads(run("suppliers", "--json"))) == 1
    assert "--json stands behind rename" in run("suppliers", "--json", "rename", "Toko A", "Toko B", code=2)
    assert CliRunner().invoke(app, ["suppliers", "delete", "toko a"], input="y\n").exit_code == 0
    assert json.loads(run("suppliers", "--json")) == []


def test_the_report_is_one_page_in_the_language_that_is_asked_for(run: Run, tmp_path: Path):
    """What it holds is counted; a language that is none, and a name that is no page's, are refused with one line."""
    counts = json.loads(run("report", "--out", "prices.html", "--lang", "id", "--json"))
    assert (counts["products"], counts["offers"], counts["suppliers"], counts["left_out"]) == (2, 2, 1, [])
    assert "<title>Laporan harga</title>" in (tmp_path / "prices.html").read_text("utf-8")
    assert "2 products, 2 offers, 1 supplier: report.html" in run("report")
    assert "'de' is no language of the report" in run("report", "--lang", "de", code=2)
    assert "Take prices.html" in run("report", "--out", "prices.xlsx", code=2)


def test_charts_come_beside_the_report(run: Run, tmp_path: Path):
    """Of what moved, or of what a query names; a query without a folder for charts is refused."""
    pictures = json.loads(run("report", "--png", "charts", "--json"))["outputs"][1:]
    assert all((tmp_path / picture).read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert "1 chart: charts" in run("report", "--png", "charts", "--query", "beras", "--lang", "ru")
    assert "no chart: no price of what matches 'oil' has changed" in run("report", "--png", "charts", "--query", "oil")
    assert "Give a folder" in run("report", "--query", "beras", code=2)
