"""`monito basket`: what a list of articles costs, and where to buy it."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import FAILED, AsJson, app, open_monito, print_json, report_errors
from monito_ray.cli.phrases import count_text, price_text
from monito_ray.clients.output_paths import check_writable, destinations

if TYPE_CHECKING:
    from monito_ray.catalog.basket.basket_plan import BasketArticle, BasketPlan, CurrencyPlan, Purchase, SupplierSet
    from monito_ray.catalog.basket.shopping_list import BasketLine

_EXAMPLES = """\b
The list is a table (xlsx, csv) with titles over articles and amounts ("Item", "Qty", "Unit"), or has a line for each article:
  10 kg bawang merah
  telur 5 tray
  2 x minyak goreng 2L

\b
Examples:
  monito basket order.txt                        the cheapest supplier of each article, and the best single one
  monito basket order.xlsx --max-suppliers 2     the cheapest mix of two suppliers
  monito basket order.xlsx --out plan.xlsx       the same as a table
  echo "10 kg kentang" | monito basket -
"""
_STDIN = "-"
_TITLES = ("Article", "Amount", "Supplier", "Product", "Price", "Times", "Cost")
_COLUMNS = (
    "plan", "article", "amount", "unit", "supplier", "product", "price", "price_unit", "count", "cost", "currency", "list_date", "doubt", "product_id",
)  # fmt: skip


@app.command("basket", short_help="Plan where to buy a list of articles.", epilog=_EXAMPLES)
def basket_command(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False, help="The list of articles; - for lines from standard input.")],
    max_suppliers: Annotated[
        int | None, typer.Option(metavar="N", min=1, show_default=False, help="The mix has so many suppliers at most.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", show_default=False, help="Write the plan as a table: .xlsx, .csv, .jsonl or .parquet.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Plan where to buy a list of articles: the cheapest supplier for each, the best single supplier, the cheapest mix.

    Costs are compared for the amount of each article, packs rounded up, within one currency; goods sold by another kind of unit
    are not compared. What was not found, or may be another article, is said. Exit code 1 where an article was not found.
    """
    with report_errors():
        target = None if out is None else destinations([Path("basket")], out, None)[0]
        if target is not None:
            check_writable(target[0])
        with open_monito() as monito:
            plan = monito.basket(sys.stdin.read().splitlines() if file == _STDIN else file, max_suppliers)
        if target is not None:
            from monito_ray.clients import exports  # noqa: PLC0415

            exports.write_frame("Basket", _frame(plan), *target)
        if as_json:
            print_json(_as_json(plan))
        else:
            _show_plan(plan, max_suppliers)
            if target is not None:
                typer.echo(f"Written: {target[0]}")
        if plan.missing:
            raise typer.Exit(FAILED)


def _show_plan(plan: "BasketPlan", max_suppliers: int | None) -> None:
    for of_currency in plan.plans:
        _show_currency(plan, of_currency, max_suppliers)
    for article in plan.missing:
        typer.echo(f"not found: {article.line.written}{f' ({article.hindrance})' if article.hindrance else ''}")


def _show_currency(plan: "BasketPlan", of_currency: "CurrencyPlan", max_suppliers: int | None) -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    currency = of_currency.currency or "no currency"
    bought = of_currency.cheapest if max_suppliers is None else of_currency.mix
    title = (
        "the cheapest for each article" if max_suppliers is None else f"the cheapest mix of {count_text(max_suppliers, 'supplier')} at most"
    )
    typer.echo(f"In {currency}, {title}:")
    console.show_table(_TITLES, list(_purchase_rows(plan.articles, bought, of_currency.currency)), sys.stdout)
    typer.echo(_total_text("cheapest for each", of_currency.cheapest, currency))
    if max_suppliers is not None:
        typer.echo(_total_text("mix", of_currency.mix, currency))
    typer.echo(_total_text("best single supplier", of_currency.single, currency))
    if not of_currency.is_exact:
        typer.echo("the mix was found by adding and exchanging suppliers one by one: there are too many to try all mixes")
    for article, purchase in zip(plan.articles, bought.purchases, strict=True):
        if article.purchases and purchase is None:
            typer.echo(f"{_absence(article, of_currency)}: {article.line.written}")
        elif doubt := article.doubts.get(of_currency.currency):
            typer.echo(f"? {article.line.written}: {doubt}")
    typer.echo()


def _total_text(title: str, bought: "SupplierSet", currency: str) -> str:
    articles = f"{bought.covered} of {count_text(len(bought.purchases), 'article')}"
    return f"{title}: {price_text(bought.total)} {currency} for {articles}: {', '.join(bought.suppliers)}"


def _purchase_rows(articles: "Sequence[BasketArticle]", bought: "SupplierSet", currency: str) -> Iterator[tuple[str, ...]]:
    for article, purchase in zip(articles, bought.purchases, strict=True):
        if purchase is not None:
            price = f"{price_text(purchase.price)}{f'/{purchase.price_unit}' if purchase.price_unit else ''}"
            count = f"{purchase.count.normalize():f}"
            cells = purchase.supplier, purchase.product, price, count, price_text(purchase.cost)
            yield (f"{article.line.article}{' ?' if currency in article.doubts else ''}", _amount_text(article.line), *cells)


def _amount_text(line: "BasketLine") -> str:
    return f"{line.amount.normalize():f} {line.unit}".rstrip()


def _frame(plan: "BasketPlan") -> Any:
    import pandas as pd  # noqa: PLC0415

    rows = [row for of_currency in plan.plans for row in _plan_rows(plan.articles, of_currency)]
    rows += [_row("not found", article, None) for article in plan.missing]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _plan_rows(articles: "Sequence[BasketArticle]", of_currency: "CurrencyPlan") -> Iterator[tuple[Any, ...]]:
    for title, bought in (("cheapest", of_currency.cheapest), ("mix", of_currency.mix), ("one supplier", of_currency.single)):
        for article, purchase in zip(articles, bought.purchases, strict=True):
            if purchase is not None or article.purchases:
                yield _row(title, article, purchase, "" if purchase else _absence(article, of_currency))


def _absence(article: "BasketArticle", of_currency: "CurrencyPlan") -> str:
    """Return why an article that somebody sells is not bought: in another currency alone, or at suppliers who are not among those of the plan."""
    others = [purchase for purchase in article.purchases if purchase.currency == of_currency.currency]
    if not others:
        return f"not there in {of_currency.currency or 'no currency'}"
    best = min(others, key=lambda each: each.cost)
    return f"not at these suppliers, but at {best.supplier} for {price_text(best.cost)}"


def _row(title: str, article: "BasketArticle", purchase: "Purchase | None", absence: str = "") -> tuple[Any, ...]:
    line = article.line
    line_cells = (title, line.article, float(line.amount), line.unit)
    if purchase is None:
        return (*line_cells, "", "", None, "", None, None, "", None, absence or article.hindrance, "")
    bought = (purchase.supplier, purchase.product, float(purchase.price), purchase.price_unit, float(purchase.count), float(purchase.cost))
    return (*line_cells, *bought, purchase.currency, purchase.listed_on, article.doubts.get(purchase.currency, ""), purchase.product_id)


def _as_json(plan: "BasketPlan") -> dict[str, Any]:
    return {
        "articles": [asdict(article.line) | {"hindrance": article.hindrance, "doubts": dict(article.doubts)} for article in plan.articles],
        "plans": [
            {"currency": each.currency, "is_exact": each.is_exact}
            | {name: _set_json(getattr(each, name)) for name in ("cheapest", "single", "mix")}
            for each in plan.plans
        ],
    }


def _set_json(bought: "SupplierSet") -> dict[str, Any]:
    purchases = [None if purchase is None else _purchase_json(purchase) for purchase in bought.purchases]
    return {"suppliers": list(bought.suppliers), "covered": bought.covered, "total": Decimal(bought.total), "purchases": purchases}


def _purchase_json(purchase: "Purchase") -> dict[str, Any]:
    return {name: value for name, value in asdict(purchase).items() if name != "goods"}
