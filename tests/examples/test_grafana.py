"""Dashboard and rules: every expression is PromQL over what `/metrics` really says, and nothing of that is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from canaries.installation.home import Home
from listener.health import metrics
from listener.health.state import HealthReport, well
from listener.health.watch import HealthWatch
from tests.house import ROOT

GRAFANA = ROOT / "examples/grafana"
BOARD = json.loads((GRAFANA / "trapline.json").read_text("utf-8"))
RULES = yaml.safe_load((GRAFANA / "rules.yml").read_text("utf-8"))
Samples = dict[str, list[dict[str, str]]]


@pytest.fixture
def samples(home: Home) -> Samples:
    """Metric to the labels of its samples, as a listener with one channel says it."""
    (home.path / "trapline.toml").write_text('[channels.log]\ntype = "file"\npath = "alerts.ndjson"\n')
    home.__dict__.pop("settings", None)
    watch = HealthWatch(home, lambda home: HealthReport(home.now(), (well("back", "runs"),)))
    watch.look()
    found: Samples = {}
    for line in metrics.exposition(home, watch).splitlines():
        if not line.startswith("#"):
            name, labels = re.fullmatch(r"(\w+)(\{.*\})? \S+", line).groups()  # type: ignore[union-attr]
            found.setdefault(name, []).append(dict(re.findall(r'(\w+)="([^"]*)"', labels or "")))
    return found


def board() -> list[str]:
    return [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]


def rules() -> list[str]:
    return [rule["expr"] for group in RULES["groups"] for rule in group["rules"]]


def selectors(expression: Any) -> Iterator[Any]:
    """Of a parsed expression, all that look for a metric."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
        return
    inner = [
        getattr(expression, name, None) for name in ("vs", "vector_selector", "expr", "lhs", "rhs", "param")
    ]
    for one in [*inner, *(getattr(expression, "args", None) or [])]:
        if one is not None:
            yield from selectors(one)


def test_every_expression_is_over_real_metrics_and_labels(samples: Samples) -> None:
    found = set()
    for text in (*board(), *rules()):
        wanted = list(selectors(promql_parser.parse(text.replace("$instance", ".*"))))
        assert wanted, text
        for one in wanted:
            assert one.name in samples, text
            found.add(one.name)
            for matcher in one.matchers.matchers:
                if matcher.name == "instance":  # Prometheus' own
                    continue
                values = {labels.get(matcher.name) for labels in samples[one.name]}
                words = matcher.value.split("|")
                assert set(words) <= values, (text, matcher.name)
    assert found == set(samples), "each metric has its place on the dashboard"


def test_labels_in_texts_are_real(samples: Samples) -> None:
    labels = {label for rows in samples.values() for row in rows for label in row} | {"instance"}
    legends = " ".join(target["legendFormat"] for panel in BOARD["panels"] for target in panel["targets"])
    texts = " ".join(rule["annotations"]["summary"] for group in RULES["groups"] for rule in group["rules"])
    named = re.findall(r"\{\{(\w+)\}\}", legends) + re.findall(r"\{\{ \$labels\.(\w+) \}\}", texts)
    assert set(named) - {"__auto"} <= labels
    assert len(named) > 8


def test_panels_stand_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
