"""What `monito submit --estimate` tells."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from monito_ray.cli.app import FAILED, echo_error, print_json
from monito_ray.errors import FileUnusable

if TYPE_CHECKING:
    from monito_ray.api import Monito
    from monito_ray.steps.estimation import Estimate

_TITLES = ("List", "Rows", "By rules", "Known", "Asked", "Requests", "Tokens", "USD")


def estimate_all(monito: "Monito", files: Sequence[Path], options: Mapping[str, Any], *, as_json: bool) -> int:
    """Tell of each file what it would cost, and of all together; an exit code: 1 where a file cannot be read."""
    found: list[Estimate] = []
    for path in files:
        try:
            found.append(monito.estimate(path, options))
        except FileUnusable as error:
            echo_error(f"monito: {error}", error.remedy)
    if as_json:
        for one in found:
            print_json(asdict(one))
    elif found:
        _show(found)
    return 0 if len(found) == len(files) else FAILED


def _show(found: "Sequence[Estimate]") -> None:
    from monito_ray.cli import console  # noqa: PLC0415

    rows = [(one.file_name, *_figures([one])) for one in found]
    if len(found) > 1:
        rows.append(("all", *_figures(found)))
    console.show_table(_TITLES, rows, sys.stdout)
    model = found[0].model
    typer.echo(f"about, with {model}" if found[0].is_priced else f"the price of {model} is not known")


def _figures(found: "Sequence[Estimate]") -> list[str]:
    counts = [sum(getattr(one, name) for one in found) for name in ("rows", "by_rules", "known", "asked", "requests")]
    tokens = sum(one.prompt_tokens + one.completion_tokens for one in found)
    return [*(f"{count:,}" for count in (*counts, tokens)), f"{sum(one.cost_usd for one in found):.4f}"]
