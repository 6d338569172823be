"""The rules of alerts ask for figures that there are."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
METERS = (ROOT / "monito_ray" / "cluster" / "metrics.py").read_text("utf-8")


def _rules() -> list[dict[str, object]]:
    return [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]]


def test_each_rule_asks_for_what_is_exported_and_says_what_to_do():
    """Names are those of the meters as Ray exports them, counters with `_total`."""
    counters = {f"ray_{name}_total" for name in re.findall(r'Counter\("(\w+)"', METERS)}
    gauges = {f"ray_{name}" for name in re.findall(r'Gauge\("(\w+)"', METERS)}
    for rule in _rules():
        named = set(re.findall(r"\bray_\w+", str(rule["expr"])))
        assert named, rule["alert"]
        assert named <= counters | gauges, rule["alert"]
        annotations = rule["annotations"]
        assert isinstance(annotations, dict)
        assert {"summary", "action"} <= set(annotations), rule["alert"]
