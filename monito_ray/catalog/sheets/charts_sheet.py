"""The sheet of charts: what moved most, who is cheapest how often, and how prices went. Its data stand in hidden columns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.price_history import HistoricPrice, prices_in
from monito_ray.catalog.sheets.changes_sheet import shown_change
from monito_ray.catalog.sheets.compared_offer import AnyOffer, ComparedOffer
from monito_ray.sheet_model import Cell, CellMark, ChartKind, ChartPlan, ChartSeries, Column, ColumnKind, PlannedSheet

CHARTS = "Charts"
#: Bars beyond these are too thin to be read.
MOST_MOVERS = 15
MOST_SUPPLIERS = 15
#: Lines beyond these cannot be told apart.
MOST_HISTORIES = 6
#: A line needs at least so many prices to say anything.
_LEAST_POINTS = 2
_LONGEST_LABEL = 48
_MOVES = {"Dearer": CellMark.DEARER, "Cheaper": CellMark.CHEAPER}
#: What was before says nothing about the next order.
_SHOWN_TIME = timedelta(days=365)
#: Rows of a sheet that a chart covers, with a space below it.
_CHART_ROWS = 21
_FIRST_PRICE = 100


@dataclass(frozen=True, slots=True)
class PriceLine:
    """The prices that a supplier's article had."""

    label: str
    prices: tuple[HistoricPrice, ...]


def most_changed(offers: Iterable[AnyOffer], most: int = MOST_HISTORIES * 4) -> list[AnyOffer]:
    """Return offers whose prices moved, the greatest change first: those of which a history is worth reading."""
    moved = [(abs(float(offer.price / offer.previous_price - 1)), offer) for offer in offers if offer.previous_price]
    return [offer for _, offer in sorted(moved, key=lambda pair: (-pair[0], pair[1].offer_id))[:most]]


def price_lines(
    offers: Iterable[ComparedOffer], names: Mapping[str, str], histories: Mapping[str, Sequence[HistoricPrice]]
) -> list[PriceLine]:
    """Return the lines of those offers that had the most prices; `names` are by product id."""
    lines = [
        PriceLine(_label(names.get(offer.product_id, ""), offer.supplier), prices_in(offer.currency, histories.get(offer.offer_id, ())))
        for offer in offers
    ]
    drawable = [line for line in lines if len({price.listed_on for price in line.prices}) >= _LEAST_POINTS]
    return sorted(drawable, key=lambda line: -len(line.prices))[:MOST_HISTORIES]


def charts_sheet(master: PlannedSheet, changes: Sequence[LoggedChange], lines: Sequence[PriceLine]) -> PlannedSheet:
    """Plan the charts that there are data for."""
    blocks = [block for block in (_movers(changes), _cheapest(master), _histories(lines)) if block.rows]
    columns: list[Column] = []
    charts: list[ChartPlan] = []
    width = sum(len(block.columns) for block in blocks)
    for number, block in enumerate(blocks):
        charts.append(block.chart(len(columns), number * _CHART_ROWS, width))
        columns += block.columns
    empties = [(None,) * len(block.columns) for block in blocks]
    rows = [
        tuple(cell for cells, empty in zip(parts, empties, strict=True) for cell in (cells or empty))
        for parts in zip_longest(*(block.rows for block in blocks))
    ]
    columns.append(Column("Charts" if blocks else "Nothing to show yet", width=24))
    return PlannedSheet(CHARTS, tuple(columns), [(*row, None) for row in rows], 0, charts=tuple(charts))


@dataclass(frozen=True, slots=True)
class _ChartData:
    """The data of one chart: labels in the first column, numbers in the others."""

    title: str
    kind: ChartKind
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    value_kind: ColumnKind = ColumnKind.NUMBER

    def chart(self, first_column: int, row: int, column: int) -> ChartPlan:
        """Return the chart of the data in columns from `first_column` on, to stand at `row` and `column`."""
        series = tuple(
            ChartSeries(own.title, first_column, first_column + offset, 0, len(self.rows) - 1, _MOVES.get(own.title))
            for offset, own in enumerate(self.columns)
            if offset
        )
        return ChartPlan(self.kind, self.title, series, row, column, self.value_kind)


def _movers(changes: Sequence[LoggedChange]) -> _ChartData:
    moved = [(share, change) for change in changes if not change.suspicion and (share := shown_change(change))]
    top = sorted(moved, key=lambda pair: (-abs(pair[0]), pair[1].offer_id))[:MOST_MOVERS]
    # Each kind has a column of its own: not every program draws a bar below 0 in another color.
    rows: list[tuple[Cell, ...]] = [
        (_label(change.label, change.supplier), share if share > 0 else None, share if share < 0 else None)
        for share, change in sorted(top, key=lambda pair: -pair[0])
    ]
    columns = Column("Moved Most", hidden=True), *(Column(title, ColumnKind.CHANGE, hidden=True) for title in _MOVES)
    return _ChartData("Biggest changes since each supplier's last list", ChartKind.BARS, columns, rows, ColumnKind.CHANGE)


def _cheapest(master: PlannedSheet) -> _ChartData:
    titles = [column.title for column in master.columns]
    price, supplier = titles.index("Best Price"), titles.index("Best Supplier")
    counts = Counter(str(master.rows[row][supplier]) for row, marks in master.marked.items() if marks.get(price) is CellMark.BEST)
    columns = Column("Supplier", hidden=True), Column("Cheapest Products", ColumnKind.NUMBER, hidden=True)
    return _ChartData(
        "Products for which each supplier is the cheapest of several", ChartKind.BARS, columns, counts.most_common(MOST_SUPPLIERS)
    )


def _histories(lines: Sequence[PriceLine]) -> _ChartData:
    all_days = sorted({price.listed_on for line in lines for price in line.prices})
    days = [day for day in all_days if all_days[-1] - day <= _SHOWN_TIME]
    lines = [line for line in lines if len({price.listed_on for price in line.prices}.intersection(days)) >= _LEAST_POINTS]
    by_day = [_shares_by_day(line) for line in lines]
    rows: list[tuple[Cell, ...]] = [(day, *(shares.get(day) for shares in by_day)) for day in days]
    own = (Column(line.label, ColumnKind.NUMBER, hidden=True, has_decimals=True) for line in lines)
    return _ChartData("How prices went (first price = 100)", ChartKind.LINES, (Column("Day", ColumnKind.DATE, hidden=True), *own), rows)


def _shares_by_day(line: PriceLine) -> dict[date, float]:
    first = line.prices[0].price
    return {price.listed_on: round(float(_FIRST_PRICE * price.price / first), 1) for price in line.prices}


def _label(product: str, supplier: str) -> str:
    text = f"{product} ({supplier})"
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
