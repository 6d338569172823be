"""What people change in the spreadsheet holds in the catalogue, and what cannot be taken is answered beside it."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gspread
import pytest
from lists import Bench, bench
from sheets import KEY, address, person, records

from monito_ray.catalog import offers
from monito_ray.catalog.edits import sheet_round
from monito_ray.clients.sheets.overwritten_cells import SheetCopy
from monito_ray.clients.sheets.spreadsheet import SheetsAddress, Spreadsheet
from monito_ray.driver.driver import Driver
from monito_ray.errors import SheetsUnavailable
from monito_ray.records import Method, ProductRow
from monito_ray.sheet_model import ExistingSheet, SheetEdit
from monito_ray.steps import publish
from monito_ray.steps.context import WriteRequest
from monito_ray.testing.sheets_server import SheetsServer

JUNE = "Nama;Harga\nZorblax Quim;12.500\nGula Pasir Gulaku 1 kg;17.500\nVrumplet;9.000\n"
JULY = JUNE.replace("12.500", "13.000")
#: A rival's list with articles that may be two of June's.
ASKED = "Nama;Harga\nZorblax Quim Original;12.900\nVrumplet Spesial;9.400\n"
MASTER = "Master Table"


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    """Give a server with an empty spreadsheet."""
    with SheetsServer(reads=1000, writes=1000, key=KEY) as made:
        made.spreadsheet()
        yield made


class Desk:
    """A catalogue whose lists go into a spreadsheet, and a person who works in that."""

    def __init__(self, made: Bench, server: SheetsServer, folder: Path) -> None:
        self.made, self.server, self.at = made, server, address(server, folder)

    def bring(self, text: str, name: str, supplier: str = "Toko A") -> None:
        """Bring a list into the catalogue, and that into the spreadsheet."""
        Driver(self.made.services).work([self.made.submit(text, name, supplier=supplier)], threading.Event())
        self.publish()

    def publish(self) -> None:
        """Bring the spreadsheet up to date."""
        book = Spreadsheet(self.at)
        try:
            publish.publish(self.made.store, lambda: book, [WriteRequest(threading.Event())])
        finally:
            book.close()

    def write(self, title: str, where: dict[str, object], **cells: object) -> None:
        """Let the person write into the row that has these cells."""
        write(person(self.server).worksheet(title), where, **cells)

    def row(self, title: str, **where: object) -> dict[str, Any]:
        """The row of a sheet that has these cells."""
        return next(row for row in records(self.server, title) if all(row[key.replace("_", " ")] == value for key, value in where.items()))

    def standing_id(self, original_name: str) -> str:
        """The product of the row with this name."""
        return next(offer.product_id for offer in offers.snapshot(self.made.store).offers if offer.row.original_name == original_name)

    def standing(self, original_name: str) -> ProductRow:
        """The row of the catalogue with this name."""
        return next(offer.row for offer in offers.snapshot(self.made.store).offers if offer.row.original_name == original_name)


def write(sheet: gspread.Worksheet, where: dict[str, object], **cells: object) -> None:
    """Write cells into the row that has those of `where`."""
    header, *rows = sheet.get_values(value_render_option="UNFORMATTED_VALUE")
    row = next(number for number, row in enumerate(rows, 2) if all(row[header.index(key)] == value for key, value in where.items()))
    for title, value in cells.items():
        sheet.update_cell(row, header.index(title.replace("_", " ")) + 1, value)


@pytest.fixture
def desk(server: SheetsServer, tmp_path: Path) -> Iterator[Desk]:
    """Give a spreadsheet with the list of June."""
    with bench(tmp_path) as made:
        desk = Desk(made, server, tmp_path)
        desk.bring(JUNE, "june.csv")
        yield desk


def test_an_edit_in_the_master_table_holds_now_and_next_month(desk: Desk):
    """The product's row is corrected by the person's hand at the next write, and stays so with the list of July."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Product="Vrumplet Snorf", Brand="Snorf", Category="cleaning")
    desk.publish()
    row = desk.standing("Vrumplet")
    assert (row.standardized_name, row.brand, row.category, row.method) == ("Vrumplet Snorf", "Snorf", "cleaning", Method.MANUAL)
    desk.bring(JULY, "july.csv")
    row = desk.standing("Vrumplet")
    assert (row.standardized_name, row.brand, row.source_file) == ("Vrumplet Snorf", "Snorf", "july.csv")
    assert desk.row(MASTER, Product="Vrumplet Snorf")["Category"] == "cleaning"


def test_an_edit_in_review_holds_for_the_list_that_came_meanwhile(desk: Desk):
    """The person corrects the row of June, and July's comes before that is read: the correction is of the article. Its row leaves Review."""
    desk.write("Review", {"Original Name": "Zorblax Quim"}, Product="Quim powder", Size=0.5, Unit="kg", Category="cleaning")
    desk.bring(JULY, "july.csv")
    row = desk.standing("Zorblax Quim")
    assert (row.standardized_name, str(row.size), row.unit, row.price, row.method) == ("Quim powder", "0.5", "kg", 13_000, Method.MANUAL)
    assert "Zorblax Quim" not in {row["Original Name"] for row in records(desk.server, "Review")}
    assert "Vrumplet" in {row["Original Name"] for row in records(desk.server, "Review")}


def test_what_cannot_be_taken_is_answered_beside_it_until_it_is_read(desk: Desk):
    """A computed price and a wrong category get a sentence each that says what was written; emptying its cell is enough."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Best_Price=5)
    desk.write("Review", {"Original Name": "Zorblax Quim"}, Category="Cleanin")
    for _ in range(2):
        desk.publish()
        own = desk.row(MASTER, Product="Vrumplet")
        assert own["Best Price"] == 9000
        assert own["Not Accepted"].startswith("Best Price: this column is computed from the suppliers' lists")
        assert own["Not Accepted"].endswith("(written was Best Price 5)")
        doubtful = desk.row("Review", Original_Name="Zorblax Quim")
        assert "did you mean 'cleaning'?" in doubtful["Not Accepted"]
        assert doubtful["Category"] != "Cleanin"
    desk.write(MASTER, {"Product": "Vrumplet"}, Not_Accepted="")
    desk.write("Review", {"Original Name": "Zorblax Quim"}, Category="cleaning")
    desk.publish()
    assert [row["Not Accepted"] for row in records(desk.server)] == [""] * 3
    assert desk.standing("Zorblax Quim").category == "cleaning"


def test_a_second_publishing_finds_nothing_to_do(desk: Desk):
    """What was read back once is not an edit again, and nothing is written."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Brand="Snorf")
    desk.publish()
    writes = desk.server.tally.writes
    desk.publish()
    assert desk.server.tally.writes == writes
    assert desk.standing("Vrumplet").brand == "Snorf"


class Late(Spreadsheet):
    """A spreadsheet in which a person writes while its edits are planned, once."""

    def __init__(self, desk: Desk, cells: dict[str, object]) -> None:
        super().__init__(desk.at)
        self._desk, self._cells = desk, cells

    def update(self, titles: Any, plan: Any, stop: threading.Event, edited_by_people: Any = (), take_late: Any = None) -> None:
        """Let the person write after the first plan."""

        def plan_and_wait(existing: list[ExistingSheet]) -> list[SheetEdit]:
            edits: list[SheetEdit] = plan(existing)
            if self._cells:
                self._desk.write(MASTER, {"Product": "Vrumplet"}, **self._cells)
                self._cells = {}
            return edits

        super().update(titles, plan_and_wait, stop, edited_by_people, take_late)


def test_an_edit_made_while_the_write_is_planned_survives(desk: Desk):
    """The cell that is about to be written gets a person's value first: it is noticed, taken, and stands afterwards."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Brand="Snorf", Best_Price=7)
    book = Late(desk, {"Best_Price": 8, "Brand": "Snirf"})
    publish.publish(desk.made.store, lambda: book, [WriteRequest(threading.Event())])
    book.close()
    assert desk.standing("Vrumplet").brand == "Snirf"
    own = desk.row(MASTER, Product="Vrumplet")
    assert (own["Brand"], own["Best Price"]) == ("Snirf", 9000)
    assert "Best Price 8" in own["Not Accepted"]


class Between(Spreadsheet):
    """A spreadsheet in which a person writes when the sheets were looked at for the last time and the write is on its way, once."""

    def __init__(self, desk: Desk, writes: Callable[[], None], *, is_stopped: bool = False) -> None:
        super().__init__(desk.at)
        self._writes, self._is_stopped, self._is_first = writes, is_stopped, True

    def _apply(self, edits: Sequence[SheetEdit], stop: threading.Event, copies: Mapping[SheetCopy, SheetEdit]) -> None:
        if self._is_first:
            self._is_first = False
            self._writes()
        super()._apply(edits, stop, copies)
        if self._is_stopped:
            raise SheetsUnavailable("stopped")


def _publish_between(desk: Desk, writes: Callable[[], None], *, is_stopped: bool = False) -> None:
    """Bring July's list into the spreadsheet while a person writes."""
    Driver(desk.made.services).work([desk.made.submit(JULY, "july.csv", supplier="Toko A")], threading.Event())
    book = Between(desk, writes, is_stopped=is_stopped)
    publish.publish(desk.made.store, lambda: book, [WriteRequest(threading.Event())])
    book.close()


def _titles(desk: Desk) -> list[str]:
    return [sheet.title for sheet in person(desk.server).worksheets()]


@pytest.mark.parametrize("is_stopped", [False, True])
def test_an_edit_that_the_write_goes_over_is_taken(is_stopped: bool, desk: Desk):
    """Right and wrong words in cells that are overwritten in that moment are taken or answered, also by the next one after a crash."""
    titles = _titles(desk)

    def write() -> None:
        desk.write(MASTER, {"Product": "Vrumplet"}, Brand="Snorf", Best_Price=7)
        desk.write("Review", {"Original Name": "Zorblax Quim"}, Category="Cleanin")
        desk.write("Review", {"Original Name": "Vrumplet"}, Category="cleaning")

    if is_stopped:
        with pytest.raises(SheetsUnavailable):
            _publish_between(desk, write, is_stopped=True)
        desk.publish()
    else:
        _publish_between(desk, write)
    assert (desk.standing("Vrumplet").category, desk.standing("Vrumplet").brand) == ("cleaning", "Snorf")
    own = desk.row(MASTER, Product="Vrumplet")
    assert (own["Brand"], own["Category"], own["Best Price"]) == ("Snorf", "cleaning", 9000)
    # The row of June is gone, so the answer stands at the top.
    assert "did you mean 'cleaning'?" in records(desk.server, "Review")[0]["Why"]
    assert _titles(desk) == titles


def test_a_full_spreadsheet_is_written_without_copies(desk: Desk):
    """Where people left no room for the copies the list is written all the same."""
    book = desk.server.spreadsheet()
    book.most_cells = sum(len(sheet.rows) * sheet.columns for sheet in book.sheets)
    desk.bring(JULY, "july.csv")
    assert desk.row(MASTER, Product="Vrumplet")["Best Price"] == 9000
    assert desk.row("Review", Original_Name="Zorblax Quim")["Price"] == 13_000


def test_an_answer_that_the_write_goes_over_is_taken(desk: Desk):
    """A number makes two offers one product, and what is no answer is told beside it."""
    desk.bring(ASKED, "rival.csv", "Toko B")
    first, second = records(desk.server, "Same?")[:2]

    def write() -> None:
        desk.write("Same?", {"Offer ID": first["Offer ID"]}, Answer=1)
        desk.write("Same?", {"Offer ID": second["Offer ID"]}, Answer="7")

    _publish_between(desk, write)
    products = {offer.offer_id: offer.product_id for offer in offers.snapshot(desk.made.store).offers}
    assert products[first["Offer ID"]] == products[first["ID 1"]]
    # With July's prices the question is asked from the other side, so the answer to this one stands at the top.
    assert records(desk.server, "Review")[0]["Why"] == "Same?, answer '7': Please answer 1 or none."


class Torn(Spreadsheet):
    """A spreadsheet whose writer is stopped after the edits of so many sheets."""

    def __init__(self, at: SheetsAddress, sheets: int) -> None:
        super().__init__(at)
        self._sheets = sheets

    def _apply(self, edits: Sequence[SheetEdit], stop: threading.Event, copies: Mapping[SheetCopy, SheetEdit]) -> None:
        written = edits[: self._sheets]
        super()._apply(written, stop, {copy: edit for copy, edit in copies.items() if edit in written})
        raise SheetsUnavailable("stopped")


@pytest.mark.parametrize("sheets", [0, 1, 2])
def test_a_write_that_was_stopped_halfway_is_no_edit(sheets: int, desk: Desk):
    """The next one takes none of our own cells for a person's, and has what was taken and what was answered before."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Brand="Snorf", Best_Price=7)
    Driver(desk.made.services).work([desk.made.submit(JULY, "july.csv", supplier="Toko A")], threading.Event())
    book = Torn(desk.at, sheets)
    with pytest.raises(SheetsUnavailable):
        publish.publish(desk.made.store, lambda: book, [WriteRequest(threading.Event())])
    book.close()
    assert desk.standing("Vrumplet").brand == "Snorf"
    desk.bring(JULY.replace("13.000", "14.000"), "august.csv")
    own = desk.row(MASTER, Product="Vrumplet")
    assert (own["Brand"], own["Best Price"]) == ("Snorf", 9000)
    answers = {row["Product"]: row["Not Accepted"] for row in records(desk.server)}
    assert [name for name, answer in answers.items() if answer] == ["Vrumplet"]
    assert desk.row(MASTER, **{"Product ID": desk.standing_id("Zorblax Quim")})["Best Price"] == 14_000
    assert {row["Not Accepted"] for row in records(desk.server, "Review")} == {""}


def test_the_answers_of_same_make_and_part_products(desk: Desk):
    """A number makes two offers one product, none keeps them apart; the question leaves, what cannot be an answer is told beside it."""
    desk.bring(ASKED, "rival.csv", "Toko B")
    questions = records(desk.server, "Same?")
    assert len(questions) >= 2
    first, second = questions[:2]
    desk.write("Same?", {"Offer ID": first["Offer ID"]}, Answer=1)
    desk.write("Same?", {"Offer ID": second["Offer ID"]}, Answer="7")
    desk.publish()
    products = {offer.offer_id: offer.product_id for offer in offers.snapshot(desk.made.store).offers}
    assert products[first["Offer ID"]] == products[first["ID 1"]]
    left = {row["Offer ID"]: row for row in records(desk.server, "Same?")}
    assert first["Offer ID"] not in left
    assert left[second["Offer ID"]]["Not Accepted"].startswith("Please answer 1")
    assert len([row for row in records(desk.server) if row["Product ID"]]) == len(set(products.values()))
    desk.write("Same?", {"Offer ID": second["Offer ID"]}, Answer="none")
    desk.publish()
    products = {offer.offer_id: offer.product_id for offer in offers.snapshot(desk.made.store).offers}
    assert products[second["Offer ID"]] != products[second["ID 1"]]
    assert second["Offer ID"] not in {row["Offer ID"] for row in records(desk.server, "Same?")}


def test_two_writers_take_an_edit_once(desk: Desk):
    """Of two drivers that write at once one takes the edit, in its turn, and the other finds it taken."""
    desk.write(MASTER, {"Product": "Vrumplet"}, Brand="Snorf", Best_Price=7)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: desk.publish(), range(2)))
    own = desk.row(MASTER, Product="Vrumplet")
    assert (own["Brand"], own["Best Price"]) == ("Snorf", 9000)
    assert own["Not Accepted"].count("computed") == 1
    assert desk.standing("Vrumplet").brand == "Snorf"


def test_what_people_added_stays_and_is_no_edit(desk: Desk):
    """A column of theirs, another order of rows, and a copy of a row are as they were, and correct nothing."""
    sheet = person(desk.server).worksheet(MASTER)
    width = len(sheet.row_values(1))
    sheet.add_cols(1)
    sheet.update_cell(1, width + 1, "Note")
    desk.write(MASTER, {"Product": "Vrumplet"}, Note="ask for less")
    sheet.sort((1, "des"), range=f"A2:{gspread.utils.rowcol_to_a1(4, width + 1)}")
    order = [row["Product"] for row in records(desk.server)]
    desk.bring(JULY, "july.csv")
    assert [row["Product"] for row in records(desk.server)] == order
    assert desk.row(MASTER, Product="Vrumplet")["Note"] == "ask for less"
    assert Method.MANUAL not in {offer.row.method for offer in offers.snapshot(desk.made.store).offers}


def test_nothing_is_read_back_from_an_older_copy(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Where many computed cells are not as they were written nobody edited them: no name is taken from there, and Review says so."""
    monkeypatch.setattr(sheet_round, "MOST_COMPUTED", 1)
    for name in ("Vrumplet", desk.standing("Gula Pasir Gulaku 1 kg").standardized_name):
        desk.write(MASTER, {"Product": name}, Best_Price=7, Brand="Old")
    desk.publish()
    assert Method.MANUAL not in {offer.row.method for offer in offers.snapshot(desk.made.store).offers}
    assert records(desk.server, "Review")[0]["Why"].startswith("Nothing was read back")
    assert desk.row(MASTER, Product="Vrumplet")["Best Price"] == 9000
