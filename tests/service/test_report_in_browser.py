"""The report in a real browser: it draws itself from a file, answers a buyer's questions, and takes every text of a list for a text."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from browser import HOW_TO_GET_ONE, Browser, browser_program
from reports import COMPARISON, OFFER, REPORT

from monito_ray.clients.report.report_page import write_page
from monito_ray.clients.report.report_words import report_words
from monito_ray.messages import Messages
from monito_ray.plans.planned_report import (
    Comparison,
    DatedPrice,
    LeftOut,
    PlannedReport,
    PricedName,
    ReportedChange,
    ReportedOffer,
    ReportedSupplier,
    RowToReview,
    SameQuestion,
)

PROGRAM = browser_program()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason=HOW_TO_GET_ONE)
TODAY = REPORT.made_at.date()
HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "=cmd|' /C calc'!A0",
    "{{data}} ${7*7} __proto__ constructor",
    "\u202egnp.exe \u200b& <b>bold</b>",
    "'\"`\\ \u2028 line",
)


def _offer(supplier: int, price: int, **changes: object) -> ReportedOffer:
    return replace(OFFER, supplier=supplier, price=Decimal(price), base_price=Decimal(price), base_unit="kg", **changes)  # type: ignore[arg-type]


def _loose(name: str, written: str, *offers: ReportedOffer, family: int = 0) -> Comparison:
    offers = tuple(replace(offer, original_name=written) for offer in offers)
    return replace(
        COMPARISON,
        name=name,
        brand="",
        size=None,
        unit="",
        pack_count=1,
        price_unit="kg",
        category="vegetables",
        family=family,
        offers=offers,
    )


def _oil(size: int, family: int, brand: str, price: int) -> Comparison:
    offer = replace(
        OFFER, price=Decimal(price), base_price=Decimal(price) / size, base_unit="l", original_name=f"MINYAK GORENG {brand} {size}L"
    )
    return replace(
        COMPARISON,
        name="Cooking oil",
        brand=brand,
        size=Decimal(size),
        unit="l",
        pack_count=1,
        price_unit="",
        family=family,
        offers=(offer,),
    )


ROSE = (DatedPrice(TODAY - timedelta(days=60), Decimal(28_000)), DatedPrice(TODAY - timedelta(days=3), Decimal(31_500)))
FELL = (DatedPrice(TODAY - timedelta(days=60), Decimal(20_000)), DatedPrice(TODAY - timedelta(days=3), Decimal(14_000)))
SHOP = replace(
    REPORT,
    suppliers=(
        ReportedSupplier("Alpha", TODAY, is_stale=False),
        ReportedSupplier("Beta", TODAY, is_stale=False),
        ReportedSupplier("Gamma", date(2024, 1, 5), is_stale=True),
    ),
    comparisons=(
        _loose("Shallots", "BAWANG MERAH", _offer(1, 29_300), _offer(0, 31_500, history=ROSE), _offer(2, 2_900, suspicion="one tenth of all"), family=1),
        _loose("Fried shallots", "BAWANG GORENG", _offer(0, 98_000), family=2),
        replace(_loose("Tomato", "TOMAT", _offer(0, 14_000, history=FELL), family=3), other_words="помидор jitomate"),
        _oil(2, 4, "Sawitra", 39_000),
        _oil(5, 4, "Sawitra", 91_000),
        _oil(2, 5, "Tropica", 37_000),
    ),
    changes=(
        ReportedChange(kind="gone", supplier=0, label="Carrot", comparison=None, before=Decimal(17_000), after=None, currency="IDR", day=TODAY, is_newest=True),
        ReportedChange(kind="smaller_pack", supplier=1, label="", comparison=4, before=Decimal(1), after=Decimal(1), currency="IDR", day=TODAY, is_newest=True, note="6 l → 5 l"),
    ),
    rows_to_review=(RowToReview("two prices", "Kopi", "Alpha", Decimal(9), "IDR", "june.xlsx, Juni, 7"),),
    review_count=340,
    price_doubts=12,
    review_reasons=(("no category found", 300), ("two prices", 12)),
    questions=(
        SameQuestion(PricedName("Kopi O", "Alpha", Decimal(9), "IDR"), PricedName("Coffee O", "Beta", Decimal(8), "IDR"), "other words"),
    ),
    same_count=7,
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """One browser, whose profile is thrown away."""
    return Browser(str(PROGRAM), tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small shop."""
    return _page(tmp_path_factory.mktemp("report"), SHOP)


def _page(folder: Path, report: PlannedReport, language: str = "en") -> Path:
    return write_page(
        report,
        folder / f"report {language}.html",
        language,
        report_words(Messages(language).plain, Messages(language).unit_names()),
        Messages(language).numbers.texts,
    )


def _paper_text(paper: Path) -> str:
    """What stands on printed pages, on one line."""
    with pypdfium2.PdfDocument(paper) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def _rows(dom: str) -> list[str]:
    """The texts of the products in the list, in order."""
    rows = re.findall(r'<tr class="row[^>]*>(.*?)</tr>', dom, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


VIEWS = ("prices", "changes", "look", "suppliers")


@pytest.mark.parametrize(("language", "view"), [*(("en", view) for view in VIEWS), ("ru", "prices"), ("id", "look")])
def test_every_view_draws_itself_without_a_complaint(browser: Browser, tmp_path: Path, language: str, view: str):
    """In each language the script runs to its end, and the console stays empty."""
    seen = browser.open(_page(tmp_path, SHOP, language), f"view={view}")
    assert seen.console == ()
    assert 'data-ready="1"' in seen.dom
    assert Messages(language).plain("Price report") in seen.text
    assert "undefined" not in seen.text
    assert "NaN" not in seen.text


def test_who_is_cheapest_for_shallots(browser: Browser, shop: Path):
    """The search finds the thing itself first, the cheapest supplier with the date, the others beside it; the doubtful price is not best."""
    first, *_ = _rows(browser.open(shop, "q=shallot").dom)
    assert first.startswith("Shallots kg 29,300 Beta · Jun 1")
    assert "Alpha 31,500 +7.5%" in first
    assert "Gamma doubtful 2,900" in first


@pytest.mark.parametrize(
    ("query", "name"), [("bawang merah", "Shallots"), ("shalots", "Shallots"), ("ПОМИДОР", "Tomato"), ("jitomates", "Tomato")]
)
def test_the_search_takes_the_suppliers_words_other_languages_and_misspelt_words(browser: Browser, shop: Path, query: str, name: str):
    """What a supplier calls it is found, what it is called elsewhere, and a word with a wrong letter is read as the nearest one."""
    assert name in _rows(browser.open(shop, f"q={query}").dom)[0]


def test_any_oil_of_two_litres_is_compared_per_litre(browser: Browser, shop: Path):
    """A size in the query is a size; the cheapest per litre comes first, whatever the brand."""
    rows = _rows(browser.open(shop, "q=oil 2l").dom)
    assert [row.split(" 2 l")[0] for row in rows] == ["Cooking oil Tropica", "Cooking oil Sawitra"]
    assert "18,500/l" in rows[0]


def test_what_rose_within_a_month(browser: Browser, shop: Path):
    """The first tile counts it, and the view of changes names it with both prices."""
    seen = browser.open(shop, "view=changes&kind=up")
    assert "1 Rose within 30 days" in seen.text
    assert "Shallots ▲ +12.5% Alpha 28,000 31,500" in seen.text
    assert "Tomato" not in seen.text


def test_what_changed_since_the_last_list_by_supplier(browser: Browser, shop: Path):
    """What is gone and what shrank stands with what it was."""
    seen = browser.open(shop, "view=changes&since=last")
    assert "Carrot" in seen.text
    assert "6 l → 5 l" in seen.text
    assert "Carrot" not in browser.open(shop, "view=changes&since=last&sup=Beta").text


def test_what_must_be_looked_at(browser: Browser, shop: Path):
    """Doubtful prices with their reasons, old lists, and how much waits in the sheets."""
    text = browser.open(shop, "view=look").text
    for part in (
        "one tenth of all",
        "Gamma Jan 5, 2024",
        "The same product or not? 7",
        "Kopi O Alpha · 9 Coffee O Beta · 8 other words",
        "6 more in that sheet",
        "Rows to check 340",
        "339 more in the sheet Review",
    ):
        assert part in text


def test_the_filters_take_away(browser: Browser, shop: Path):
    """A supplier's products, those with several suppliers, those that changed."""
    assert len(_rows(browser.open(shop).dom)) == 6
    assert [row.split()[0] for row in _rows(browser.open(shop, "multi=1").dom)] == ["Shallots"]
    assert [row.split()[0] for row in _rows(browser.open(shop, "changed=1").dom)] == ["Shallots", "Tomato"]
    assert [row.split()[0] for row in _rows(browser.open(shop, "sup=Beta").dom)] == ["Shallots"]


def test_what_is_typed_chosen_and_clicked_is_shown(browser: Browser, shop: Path, tmp_path: Path):
    """The list follows the search, the boxes and the rows, keeps what is typed, and the address keeps it all; a tile shows what it counts."""
    steps = (
        "q.value = 'oil 2l'; q.dispatchEvent(new Event('input'))",
        "page.getElementById('reset').click()",
        "page.getElementById('multi').click()",
        "page.querySelector('tr.row').click()",
        "page.querySelector('a.tile').click()",
    )
    tell = "said.push([frame.contentWindow.location.hash, q.value, page.querySelectorAll('tr.row').length, page.querySelectorAll('tr.detail').length].join('|'))"
    script = f"""const said = [], wait = (ms) => new Promise((done) => setTimeout(done, ms)); (async () => {{ await wait(1500);
        const page = frame.contentDocument, q = page.getElementById('q');
        {"".join(f"{step}; await wait(500); {tell};" for step in steps)}
        result.textContent = said.join(' ') + ' ' + page.getElementById('main').innerText; }})()"""
    probe = tmp_path / "probe.html"
    probe.write_text(
        f'<iframe id="frame" width="1200" height="900" src="{shop.as_uri()}"></iframe><p id="result"></p><script>{script}</script>'
    )
    seen = browser.open(probe, "", "--allow-file-access-from-files")
    assert seen.console == ()
    assert "#q=oil+2l|oil 2l|2|0 ||6|0 #multi=1||1|0 #multi=1||1|1 #view=changes&kind=up||0|0 Rose 1" in seen.text


def test_a_product_opens_to_its_history_and_places(browser: Browser, shop: Path):
    """A line for each supplier, and for each price where it stands in the list."""
    seen = browser.open(shop, "q=shallot&open=1")
    assert seen.dom.count('class="line ') == 2
    assert "Price history, per kg" in seen.text
    assert "june.xlsx, Juni, row 9" in seen.text
    assert "Price history, per kg 28,000" in seen.text
    assert "Alpha, May 4: 28,000 Alpha, Jun 30: 31,500 Beta Alpha Supplier Price" in seen.text
    assert "NaN" not in seen.dom


def test_hostile_names_are_texts(browser: Browser, tmp_path: Path):
    """No name of a product, supplier, file or reason runs, ends a script, or turns the text around it."""
    offers = tuple(
        replace(OFFER, supplier=index, original_name=name, source_file=name, source_sheet=name, suspicion=name if index else "")
        for index, name in enumerate(HOSTILE)
    )
    comparisons = tuple(
        replace(COMPARISON, name=name, brand=name, mark=name, unit=name, price_unit=name, category=name, offers=offers, family=index)
        for index, name in enumerate(HOSTILE)
    )
    report = replace(
        REPORT,
        suppliers=tuple(ReportedSupplier(name, TODAY, is_stale=True) for name in HOSTILE),
        comparisons=comparisons,
        rows_to_review=tuple(RowToReview(name, name, name, Decimal(1), "IDR", name) for name in HOSTILE),
        review_count=9,
        left_out=tuple(LeftOut(name, TODAY, 1) for name in HOSTILE),
    )
    page = _page(tmp_path, report)
    for fragment in ("open=1", "view=look", "view=suppliers", "view=changes", "q=</script><script>alert(1)</script>&cat=<img src=x>"):
        seen = browser.open(page, fragment)
        assert seen.console == ()
        assert 'data-ready="1"' in seen.dom
        assert "<title>Price report</title>" in seen.dom
        assert "<img" not in seen.dom
        assert "\u202e" not in seen.dom
    assert "<img src=x onerror=" in browser.open(page, "view=suppliers").text


def test_an_empty_catalogue_and_a_lone_supplier_have_pages(browser: Browser, tmp_path: Path):
    """The first says what to do, the second shows prices and calls none of them cheapest."""
    empty = replace(REPORT, suppliers=(), comparisons=())
    for view in VIEWS:
        seen = browser.open(_page(tmp_path, empty), f"view={view}")
        assert seen.console == ()
        assert "The catalogue is empty." in seen.text
    lone = browser.open(_page(tmp_path, REPORT), "open=1")
    assert lone.console == ()
    assert "Cola Nusa 24 × 330 ml carton 120,000 Alpha · Jun 1 15,152/l" in lone.text
    assert "cheapest" not in _rows(lone.dom)[0]


def test_where_no_script_runs_there_is_an_extract(browser: Browser, shop: Path, tmp_path: Path):
    """The previews of phones show who is cheapest and what changed, as texts."""
    probe = tmp_path / "preview.html"
    frame = f'<iframe id="frame" sandbox="allow-same-origin" src="{shop.as_uri()}"></iframe><p id="result"></p>'
    script = "setTimeout(() => { result.textContent = frame.contentDocument.body.innerText }, 1500)"
    probe.write_text(f"{frame}<script>{script}</script>")
    text = browser.open(probe, "", "--allow-file-access-from-files").text
    assert "Shallots 29,300 IDR (29,300/kg), Beta, Jun 1, 2026" in text
    assert "2,900 IDR (2,900/kg), Gamma, Jun 1, 2026, doubtful" in text
    assert "Carrot Gone Alpha Jul 3, 2026" in text
    assert "Reading the prices" not in text


def test_what_the_page_has_no_room_for_is_said(browser: Browser, tmp_path: Path):
    """The suppliers that are left out are named above everything else."""
    report = replace(REPORT, left_out=(LeftOut("Toko Lama", date(2020, 1, 1), 1234),))
    assert "1,234 offers of the suppliers with the oldest lists: Toko Lama" in browser.open(_page(tmp_path, report)).text


def test_a_phone_of_360_pixels_needs_no_scrolling_sideways(browser: Browser, shop: Path, tmp_path: Path):
    """Every view is as wide as the screen, an open product with its chart, too."""
    fragments = ("", "q=shallot&open=1", *(f"view={view}" for view in VIEWS[1:]))
    frames = "".join(f'<iframe width="360" height="6000" src="{shop.as_uri()}#{fragment}"></iframe>' for fragment in fragments)
    measure = "[...document.querySelectorAll('iframe')].map((f) => f.contentDocument.documentElement.scrollWidth).join(' ')"
    probe = tmp_path / "phone.html"
    probe.write_text(f"{frames}<p id='widths'></p><script>setTimeout(() => {{ widths.textContent = {measure} }}, 4000)</script>")
    assert "360 360 360 360 360" in browser.open(probe, "", "--allow-file-access-from-files").text


def test_paper_has_all_rows_of_a_list(browser: Browser, tmp_path: Path):
    """What the screen draws while somebody scrolls is drawn before it is printed."""
    report = replace(REPORT, comparisons=tuple(replace(COMPARISON, name=f"Cola {number}", family=number) for number in range(450)))
    paper = browser.print(_page(tmp_path, report), tmp_path / "paper.pdf")
    text = _paper_text(paper)
    assert "Cola 449" in text
    assert "Clear" not in text
