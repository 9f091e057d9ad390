"""Consistency: a claim against headers, handshake and network; ``unknown`` wherever nothing was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from listener.facts import Use
from listener.facts.client import Client
from listener.facts.consistency import Consistency

CHROMIUM = "t13d1517h2_8daaf6152771_cb7bf5808d99"
FIREFOX = "t13d1617h2_86a278354501_3cbfd9057e0d"
CURL = "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6"
REQUESTS = "t13d1812h1_85036bcba153_b26ce05bbdd6"
BROWSER = (("Accept-Language", "en"), ("Sec-Fetch-Mode", "navigate"))


@pytest.fixture
def compare(tmp_path: Path, use: Callable[..., Use]) -> Callable[..., dict[str, Any]]:
    client, consistency = Client(tmp_path), Consistency(tmp_path)

    def ask(asn: int | None = None, **fields: Any) -> dict[str, Any]:
        made = use(**fields)
        claim = client.derive(made, {})
        assert claim is not None
        fact = consistency.derive(made, {"client": claim, "network": {} if asn is None else {"asn": asn}})
        assert fact is not None
        return fact

    return ask


def test_a_true_browser_over_tls(compare: Callable[..., dict[str, Any]], chrome: str) -> None:
    fact = compare(agent=chrome, headers=BROWSER, ja4=CHROMIUM)
    assert fact["checks"] == {"headers": "ok", "tls": "ok", "network": "unknown"}
    assert (fact["result"], fact["reasons"]) == ("ok", [])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"headers": (), "ja4": ""}, "Accept-Language"),
        ({"headers": BROWSER[:1], "secure": True}, "Sec-Fetch-Mode"),
        ({"headers": BROWSER, "ja4": CURL}, "OpenSSL 3 as curl"),
        ({"headers": BROWSER, "ja4": REQUESTS}, "OpenSSL as Python"),
        ({"headers": BROWSER, "ja4": FIREFOX}, "shakes hands like Firefox"),
        ({"headers": BROWSER, "ja4": "t13d1517h1_000000000000_cb7bf5808d99"}, "does not offer HTTP/2"),
    ],
)
def test_a_false_chrome(
    compare: Callable[..., dict[str, Any]], chrome: str, fields: dict[str, Any], reason: str
) -> None:
    fact = compare(agent=chrome, **fields)
    assert fact["result"] == "mismatch"
    assert any(reason in said for said in fact["reasons"])


def test_plain_http_carries_no_fetch_metadata(compare: Callable[..., dict[str, Any]], chrome: str) -> None:
    assert compare(agent=chrome, headers=BROWSER[:1])["checks"]["headers"] == "ok"


def test_a_websocket_is_offered_http_1_alone(compare: Callable[..., dict[str, Any]], chrome: str) -> None:
    headers = (*BROWSER, ("Sec-WebSocket-Key", "x"))
    assert (
        compare(agent=chrome, headers=headers, ja4="t13d1516h1_8daaf6152771_cb7bf5808d99")["result"] == "ok"
    )


def test_a_tool_with_a_browsers_handshake(compare: Callable[..., dict[str, Any]]) -> None:
    assert compare(agent="curl/8.5.0", ja4=CURL)["checks"]["tls"] == "ok"
    assert compare(agent="curl/8.5.0", ja4=CHROMIUM)["checks"]["tls"] == "mismatch"


def test_a_handshake_nobody_measured_is_unknown(compare: Callable[..., dict[str, Any]]) -> None:
    assert compare(agent="curl/8.5.0", ja4="t13d3112h2_0123456789ab_b26ce05bbdd6")["result"] == "unknown"
    assert compare(agent="curl/8.5.0", ja4="rubbish")["result"] == "unknown"


def test_a_googlebot_from_elsewhere(compare: Callable[..., dict[str, Any]], googlebot: str) -> None:
    assert compare(15169, agent=googlebot)["result"] == "ok"
    assert compare(24940, agent=googlebot)["reasons"] == ["says Googlebot, but comes from AS24940"]
    assert compare(None, agent=googlebot)["result"] == "unknown", "no answer is no contradiction"
