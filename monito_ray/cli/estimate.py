"""What `monito submit --estimate` shows: the requests, tokens and dollars that asking the LLM would take."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from monito_ray.cli.app import FAILED, echo_error, print_json, read_settings
from monito_ray.errors import FileUnusable

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.steps.estimation import Estimate

_TITLES = ("List", "Rows", "By rules", "Known", "Asked", "Requests", "Tokens", "USD")


def estimate_files(monito: "Monito", paths: Sequence[Path], options: Mapping[str, Any], *, as_json: bool) -> int:
    """Show what each file would cost, and all of them together; the exit code: 1 where a file cannot be read."""
    estimates: list[Estimate] = []
    for path in paths:
        try:
            estimates.append(monito.estimate(path, options))
        except FileUnusable as error:
            echo_error(f"monito: {error}", error.remedy)
    if as_json:
        for estimate in estimates:
            print_json(_as_json(estimate))
    elif estimates:
        _show_estimates(estimates)
    return 0 if len(estimates) == len(paths) else FAILED


def _as_json(estimate: "Estimate") -> dict[str, Any]:
    """Return the estimate under the keys that programs read."""
    published = {"stored": "known", "questions": "asked"}
    return {published.get(name, name): value for name, value in asdict(estimate).items()}


def _show_estimates(estimates: "Sequence[Estimate]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    rows = [(estimate.file_name, *_figures([estimate])) for estimate in estimates]
    if len(estimates) > 1:
        rows.append(("all", *_figures(estimates)))
    console.show_table(_TITLES, rows, sys.stdout)
    model = estimates[0].model
    if not read_settings().has_llm:
        typer.echo("no LLM is set, so nothing would be asked: OPENAI_API_KEY or OPENAI_BASE_URL sets one")
    typer.echo(f"about, with {model}" if estimates[0].is_priced else f"the price of {model} is not known: set MONITO_LLM_PRICE")


def _figures(estimates: "Sequence[Estimate]") -> list[str]:
    """Return the sums of the estimates in the order of the titles."""
    counts = [sum(getattr(one, name) for one in estimates) for name in ("rows", "by_rules", "stored", "questions", "requests")]
    tokens = sum(one.prompt_tokens + one.completion_tokens for one in estimates)
    dollars = f"{sum(one.cost_usd for one in estimates):.4f}" if all(one.is_priced for one in estimates) else "?"
    return [*(f"{count:,}" for count in (*counts, tokens)), dollars]
