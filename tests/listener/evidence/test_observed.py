"""What traps observed is read the same way whichever trap it was, and may be missing."""

from __future__ import annotations

from typing import Any

from listener.evidence import observed

HTTP: Any = {
    "method": "GET",
    "target": "/a?b",
    "user_agent": "curl/8",
    "headers": [["Host", "x"], ["User-Agent", "curl/8"], ["REFERER", "one"], ["Referer", "two"]],
    "tls": {"ja4": "t13d1517h2_8daaf6152771_cb7bf5808d99"},
}


def test_http() -> None:
    assert observed.headers(HTTP)[0] == ("Host", "x")
    assert observed.header_names(HTTP) == ("Host", "User-Agent", "REFERER", "Referer")
    assert observed.header(HTTP, "referer") == "one"
    assert observed.client(HTTP) == "curl/8"
    assert (observed.method(HTTP), observed.request(HTTP)) == ("GET", "GET /a?b")
    assert observed.ja4(HTTP).startswith("t13d")


def test_another_protocol() -> None:
    ssh: Any = {"client": "SSH-2.0-Go", "request": "login root"}
    assert (observed.client(ssh), observed.request(ssh)) == ("SSH-2.0-Go", "login root")


def test_nothing_at_all() -> None:
    assert observed.headers({}) == []
    assert (
        observed.header({}, "host") == observed.client({}) == observed.request({}) == observed.ja4({}) == ""
    )
    assert observed.ja4({"tls": None}) == observed.ja4({"tls": {"ja4": 7}}) == ""


def test_the_header_counts_where_the_trap_named_no_client() -> None:
    assert observed.client({"headers": [("user-agent", "x/1")]}) == "x/1"
