"""Consistency: a claim against headers, handshake and network; ``unknown`` wherever nothing was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listener.evidence.derived import ConsistencyFact
from listener.facts import Use
from listener.facts.client import Client
from listener.facts.consistency import Consistency

CHROMIUM = "t13d1517h2_8daaf6152771_cb7bf5808d99"
FIREFOX = "t13d1617h2_86a278354501_3cbfd9057e0d"
CURL = "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"
REQUESTS = "t13d1812h1_85036bcba153_b26ce05bbdd6"
BROWSER = (("Accept-Language", "en"), ("Sec-Fetch-Mode", "navigate"))


@pytest.fixture
def compare(tmp_path: Path, use: Callable[..., Use]) -> Callable[..., ConsistencyFact]:
    client, consistency = Client(tmp_path), Consistency(tmp_path)

    def ask(asn: int | None = None, netclass: dict[str, Any] | None = None, **fields: Any) -> ConsistencyFact:
        made = use(**fields)
        claim = client.derive(made, {})
        assert claim is not None
        network = {} if asn is None else {"asn": asn}
        facts: Any = {"client": claim, "network": network, "netclass": netclass or {}}
        fact = consistency.derive(made, facts)
        assert fact is not None
        return fact

    return ask


def test_a_true_browser_over_tls(compare: Callable[..., ConsistencyFact], chrome: str) -> None:
    fact = compare(agent=chrome, headers=BROWSER, ja4=CHROMIUM)
    assert fact["checks"] == {"headers": "ok", "tls": "ok", "network": "unknown"}
    assert (fact["result"], fact["reasons"]) == ("ok", [])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"headers": (), "ja4": ""}, "Accept-Language"),
        ({"headers": BROWSER[:1], "secure": True}, "Sec-Fetch-Mode"),
        ({"headers": BROWSER, "ja4": CURL}, "shakes hands like curl"),
        ({"headers": BROWSER, "ja4": REQUESTS}, "shakes hands like HTTPX"),
        ({"headers": BROWSER, "ja4": FIREFOX}, "shakes hands like Firefox"),
        ({"headers": BROWSER, "ja4": "t13d1517h1_000000000000_cb7bf5808d99"}, "does not offer HTTP/2"),
    ],
)
def test_a_false_chrome(
    compare: Callable[..., ConsistencyFact], chrome: str, fields: dict[str, Any], reason: str
) -> None:
    fact = compare(agent=chrome, **fields)
    assert fact["result"] == "mismatch"
    assert any(reason in said for said in fact["reasons"])


def test_plain_http_carries_no_fetch_metadata(compare: Callable[..., ConsistencyFact], chrome: str) -> None:
    assert compare(agent=chrome, headers=BROWSER[:1])["checks"]["headers"] == "ok"


def test_a_websocket_is_offered_http_1_alone(compare: Callable[..., ConsistencyFact], chrome: str) -> None:
    headers = (*BROWSER, ("Sec-WebSocket-Key", "x"))
    assert (
        compare(agent=chrome, headers=headers, ja4="t13d1516h1_8daaf6152771_cb7bf5808d99")["result"] == "ok"
    )


def test_a_tool_with_a_browsers_handshake(compare: Callable[..., ConsistencyFact]) -> None:
    assert compare(agent="curl/8.5.0", ja4=CURL)["checks"]["tls"] == "ok"
    assert compare(agent="curl/8.5.0", ja4=CHROMIUM)["checks"]["tls"] == "mismatch"


def test_a_handshake_nobody_measured_is_unknown(compare: Callable[..., ConsistencyFact]) -> None:
    assert (
        compare(agent="curl/8.5.0", ja4="t13d3112h2_0123456789ab_b26ce05bbdd6")["checks"]["tls"] == "unknown"
    )
    assert compare(agent="curl/8.5.0", ja4="rubbish")["checks"]["tls"] == "unknown"


GOOGLE = {"class": "crawler", "provider": "googlebot"}


def test_a_robot_is_known_by_its_published_ranges(
    compare: Callable[..., ConsistencyFact], googlebot: str
) -> None:
    assert compare(15169, GOOGLE, agent=googlebot)["checks"]["network"] == "ok"
    for asn in (15169, 24940, 8075):
        found = compare(asn, agent=googlebot)
        assert found["checks"]["network"] == "mismatch", "a network that anybody can rent in shows nothing"
    assert compare(None, agent=googlebot)["checks"]["network"] == "unknown", "no answer is no contradiction"


def test_a_cloud_is_nobodys_identity(compare: Callable[..., ConsistencyFact]) -> None:
    slack = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
    cloud = {"class": "cloud", "provider": "aws"}
    assert compare(14618, cloud, agent=slack)["checks"]["network"] == "unknown"
    assert compare(60729, {"class": "tor_exit"}, agent=slack)["checks"]["network"] == "mismatch"
    labels = [{"class": "hosting", "provider": "google"}, {"class": "cloud", "provider": "google"}]
    both = {"class": "cloud", "provider": "google", "labels": labels}
    proxy = "Mozilla/5.0 (Windows NT 5.1) (via ggpht.com GoogleImageProxy)"
    assert compare(15169, both, agent=proxy)["checks"]["network"] == "mismatch", "a customer's machine"
    assert compare(15169, labels[0], agent=proxy)["checks"]["network"] == "ok"


def test_header_order_tells_programs_apart(compare: Callable[..., ConsistencyFact], chrome: str) -> None:
    """As `tools.record_clients` recorded them: python-requests under the name of Chrome and under its own."""
    sent = (("Accept-Encoding", "gzip"), ("Accept", "*/*"), ("Connection", "keep-alive"))
    assert compare(agent="python-requests/2.31.0", headers=sent)["checks"]["headers"] == "ok"
    found = compare(agent=chrome, headers=sent)
    assert found["reasons"] == ["says Chrome, but sends its header names as Python Requests does"]
    assert compare(agent="python-gitlab/4.4.0", headers=sent)["checks"]["headers"] == "unknown", "built on it"


def test_ssh_by_its_hassh(compare: Callable[..., ConsistencyFact]) -> None:
    paramiko = {"hassh": "4c94058d5e9e31659879f79fd5b46084"}
    assert compare(agent="SSH-2.0-paramiko_5.1.0", observed=paramiko)["checks"]["tls"] == "ok"
    found = compare(agent="SSH-2.0-OpenSSH_9.2p1", observed=paramiko)
    assert "says OpenSSH, but opens SSH as Paramiko does" in found["reasons"]
    assert compare(agent="SSH-2.0-OpenSSH_9.2p1", observed={"hassh": "0" * 32})["checks"]["tls"] == "unknown"
