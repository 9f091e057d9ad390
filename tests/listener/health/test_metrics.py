"""The text for Prometheus, read by Prometheus's own reader."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.mint.minting import mint
from listener.health.metrics import exposition, family
from listener.health.state import HealthReport, failing, well
from listener.health.watch import HealthWatch
from tests import steady


def parsed(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    reader: Any = pytest.importorskip("prometheus_client.parser")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for one in reader.text_string_to_metric_families(text)
        for sample in one.samples
    }


def watching(home: Home, *parts: Any) -> HealthWatch:
    watch = HealthWatch(home, lambda home: HealthReport(home.now(), parts))
    watch.look()
    return watch


def test_it_says_what_fails_and_counts(any_home: Home) -> None:
    list(mint(any_home, "url", count=3, draw=steady.draw("metrics")))
    found = parsed(exposition(any_home, watching(any_home, well("a", "runs"), failing("b c", "has stopped"))))
    assert found["trapline_well", ()] == 0
    assert found["trapline_part_failing", (("part", "a"),)] == 0
    assert found["trapline_part_failing", (("part", "b c"),)] == 1
    assert found["trapline_canaries", ()] == 3
    assert found["trapline_hits_total", ()] == 0


def test_without_a_database_health_is_said_all_the_same(home: Home) -> None:
    home.close()
    (home.path / "trapline.toml").write_text('[store]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n')
    away = Home(home.path)
    watch = HealthWatch(away, lambda home: HealthReport(home.now(), (failing("database", "is away"),)))
    watch.look()
    found = parsed(exposition(away, watch))
    assert found["trapline_part_failing", (("part", "database"),)] == 1
    assert ("trapline_hits_total", ()) not in found


@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    )
)
def test_any_label_comes_back(text: str) -> None:
    found = parsed("\n".join(family("x", "gauge", "Words.", [({"part": text}, 1.0)])) + "\n")
    assert found == {("x", (("part", text),)): 1.0}
