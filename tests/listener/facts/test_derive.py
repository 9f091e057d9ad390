"""Deriving: every source in its order, none stops another, and nothing leaves the machine."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canaries.installation.home import Home
from canaries.ledger.entries import canonical
from listener.evidence.derived import Facts, by_name
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting
from listener.facts import Source, Use
from listener.facts.derive import derive_all, load, say_data_problems
from tests import steady


class _Fails(Source):
    name = "fails"
    order = 5

    def derive(self, use: Use, facts: Facts) -> dict[str, Any] | None:
        raise KeyError("what the visitor sent")


class _Silent(Source):
    name = "silent"
    order = 6

    def derive(self, use: Use, facts: Facts) -> dict[str, Any] | None:
        return None


class _Counts(Source):
    name = "counts"
    order = 99

    def derive(self, use: Use, facts: Facts) -> dict[str, Any] | None:
        return {"before": sorted(facts)}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    return load(Home(tmp_path_factory.mktemp("home")))


def test_sources_run_in_their_order(sources: list[Source]) -> None:
    assert [source.order for source in sources] == sorted(source.order for source in sources)
    assert sources[-1].name == "verdict"
    assert {"network", "netclass", "client", "timing", "consistency"} <= {source.name for source in sources}


def test_a_source_that_fails_costs_its_own_fact_only(tmp_path: Path, use: Callable[..., Use]) -> None:
    facts, failed = derive_all([_Fails(tmp_path), _Silent(tmp_path), _Counts(tmp_path)], use())
    assert facts == {"counts": {"before": []}}
    assert failed == {"fails": "KeyError"}, "the type only: its message may quote a visitor"


def test_a_damaged_file_is_refused_said_and_the_shipped_one_answers(
    tmp_path: Path, use: Callable[..., Use]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ip-asn-country.mmdb").write_bytes(b"<html>404</html>")
    facts, failed = derive_all(load(Home(tmp_path)), use())
    assert failed == {}
    assert facts["network"]["asn"] == 15169
    assert "ip-asn-country.mmdb" in facts["network"]["data_refused"][0]


def test_a_source_whose_address_is_none_fails_alone(sources: list[Source], use: Callable[..., Use]) -> None:
    facts, failed = derive_all(sources, use("_hidden"))
    assert failed == {"network": "ValueError", "netclass": "ValueError"}
    assert facts["verdict"]["severity"] == "high"


_TEXT = st.text(max_size=60)
_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML) Chrome/120.0.0.0 Safari/537.36"
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    agent=_TEXT,
    headers=st.lists(st.tuples(_TEXT, _TEXT), max_size=8),
    ip=st.ip_addresses().map(str),
    facet=_TEXT,
    ja4=_TEXT,
)
def test_whatever_is_sent_can_be_written_into_the_ledger(
    sources: list[Source], agent: str, headers: list[tuple[str, str]], ip: str, facet: str, ja4: str
) -> None:
    seen: Observed = {"user_agent": agent, "headers": headers, "tls": {"ja4": ja4}}
    sighting = Sighting("0", "http", 0, (ip, 1), ("127.0.0.1", 80), "tcp", b"", 0, "f", 1, 1, {}, tls={})
    at = "2026-11-22T12:00:00.000000Z"
    facts, failed = derive_all(sources, Use("c", "url", facet, "http", at, "", at, (ip, 1), seen, sighting))
    assert failed == {}
    assert _floats(json.loads(canonical(facts))) == []
    for _, fact in by_name(facts):
        assert fact["source"], "every fact names its source"


# the first of each is drawn most often, so that many uses differ in one thing alone
_POOLS: dict[str, tuple[Any, ...]] = {
    "ip": ("52.95.110.1", "8.8.8.8", "66.249.66.1", "10.0.0.1"),
    "agent": (_CHROME, "curl/8.5.0", "OpenSSH_9.2", "Mozilla/5.0 (compatible; Googlebot/2.1)", None),
    "headers": (
        (("Accept", "*/*"), ("Accept-Language", "en")),
        (("Accept-Language", "en"), ("Accept", "*/*")),
        (("Accept", "*/*"), ("Referer", "https://urldefense.com/v3/")),
    ),
    "facet": ("path", "secret", "email"),
    "kind": ("url", "docx", "mail-pixel"),
    "trap": ("http", "dns"),
    "part": ("", "act"),
    "planted_at": ("2026-11-01T00:00:00.000000Z", "2026-11-22T12:29:00.000000Z", ""),
    "observed_at": ("2026-11-22T12:30:00.000000Z", "2026-11-23T12:30:00.000000Z"),
    "observed": ({}, {"role": "resolver"}, {"hassh": "92674389fa1e47a27ddd8d9b63ecd42b"}),
    "ja4": ("", "t13d1516h2_8daaf6152771_02713d6af862"),
    "first_use": (True, False),
}


def test_what_was_derived_before_changes_no_fact(tmp_path: Path, use: Callable[..., Use]) -> None:
    """Facts are shared by uses that agree in what they are derived from, and by no others."""
    home, luck = Home(tmp_path), random.Random(5)
    often = load(home)
    for _ in range(250):
        one = use(**{name: luck.choice((pool[0],) * 2 * len(pool) + pool) for name, pool in _POOLS.items()})
        assert derive_all(often, one) == derive_all(load(home), one)
    facts, _ = derive_all(often, one)
    assert facts["verdict"] is derive_all(often, one)[0]["verdict"]


def _floats(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [found for item in inner for found in _floats(item)]


SCRIPT = """
import json, sys
from pathlib import Path
from canaries.installation.home import Home
from listener.facts import Use
from listener.facts.derive import derive_all, load, say_data_problems
from listener.evidence.sighting import Sighting

touched = []
sys.addaudithook(lambda event, args: touched.append(event) if event.startswith("socket.") else None)
sources = load(Home(Path(sys.argv[1])))
at = "2026-11-22T12:00:00.000000Z"
answers = []
for ip in ("8.8.8.8", "162.142.125.10", "2001:4860:4860::8888", "10.0.0.1", "203.0.113.9"):
    seen = {"headers": [("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")], "user_agent": "Googlebot/2.1"}
    sighting = Sighting("0", "http", 0, (ip, 1), ("127.0.0.1", 80), "tcp", b"", 0, "f", 1, 1, {})
    facts, failed = derive_all(sources, Use("c", "url", "path", "http", at, at, at, (ip, 1), seen, sighting))
    answers.append([sorted(facts), failed])
print(json.dumps({"touched": touched, "answers": answers}))
"""


def test_nothing_about_a_visitor_leaves_the_machine(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    said = json.loads(run.stdout)
    assert said["touched"] == [], "no socket, no name look-up"
    for names, failed in said["answers"]:
        assert failed == {}
        assert {"network", "timing", "verdict"} <= set(names), "they were asked"


def test_what_is_wrong_with_the_data_is_said_at_the_start(home: Home) -> None:
    said: list[str] = []
    (home.path / "data").mkdir(exist_ok=True)
    (home.path / "data" / "net-class.mmdb").write_bytes(b"<html>")
    say_data_problems(home, said.append)
    assert any(line.startswith("network data: net-class.mmdb") for line in said)
