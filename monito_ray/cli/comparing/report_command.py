"""`monito report`: the page that compares suppliers."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monito_ray.cli.app import AsJson, app, open_monito, print_result, report_errors
from monito_ray.cli.phrases import count_text
from monito_ray.clients.output_paths import check_writable
from monito_ray.errors import UsageWrong

if TYPE_CHECKING:
    from monito_ray.plans.planned_report import PlannedReport

_EXAMPLES = """\b
Examples:
  monito report                        report.html in this folder
  monito report --out prices.html --lang id
  monito report --png charts --query shallot   and the charts of what matches, as PNG
A bookmark keeps what is chosen in the page: report.html#q=shallot&multi=1
"""


@app.command("report", short_help="Write one page that compares suppliers.", epilog=_EXAMPLES)
def report_command(
    out: Annotated[Path, typer.Option(metavar="PATH", help="Where to.")] = Path("report.html"),
    lang: Annotated[str, typer.Option(metavar="CODE", help="en, ru or id; MONITO_LANG unless given.", show_default=False)] = "",
    png: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw charts as PNG into this folder, too.", show_default=False)
    ] = None,
    query: Annotated[str, typer.Option(metavar="WORDS", help="Products that --png draws; unless given, those that moved most.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write one page that compares suppliers: prices side by side, what changed, what must be looked at.

    The file needs nothing but a browser, on a phone, too: no server, no network.
    """
    with report_errors():
        if out.suffix.lower() not in (".html", ".htm"):
            raise UsageWrong(f"--out {out}: the report is a web page", f"Take {out.with_suffix('.html')}.")
        if query and png is None:
            raise UsageWrong("--query chooses what --png draws", "Give a folder, such as --png charts; the page has a search of its own.")
        check_writable(out)
        with open_monito() as monito:
            report = monito.report(out, lang)
            charts = [] if png is None else monito.charts(png, query, lang)
        counts = _counts(report)
        lines = [_summary(counts, out)] if png is None else [_summary(counts, out), _charts_text(charts, png, query)]
        print_result(counts | {"outputs": [str(path) for path in (out, *charts)]}, "\n".join(lines), as_json=as_json)


def _counts(report: "PlannedReport") -> dict[str, Any]:
    return {
        "products": len(report.comparisons),
        "offers": sum(len(one.offers) for one in report.comparisons),
        "suppliers": len(report.suppliers),
        "left_out": [one.supplier for one in report.left_out],
    }


def _charts_text(charts: Sequence[Path], folder: Path, query: str) -> str:
    if charts:
        return f"{count_text(len(charts), 'chart')}: {folder}"
    if query:
        return f"no chart: no price of what matches {query!r} has changed, and no two suppliers' can be compared"
    return "no chart: no price has moved in the last 30 days"


def _summary(counts: dict[str, Any], out: Path) -> str:
    line = f"{', '.join(count_text(counts[f'{thing}s'], thing) for thing in ('product', 'offer', 'supplier'))}: {out}"
    omitted = counts["left_out"]
    return f"{line}\nleft out, those with the oldest lists: {', '.join(omitted)}" if omitted else line
