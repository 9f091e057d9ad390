"""One question to a name server: no name is no record, everything else that is no answer is a sentence."""

from __future__ import annotations

from typing import Any

import dns.rcode
import pytest

from listener.outside import OutsideError, _dns
from listener.outside._dns import NameServer, NameServerSettings
from tests.every import every
from tests.outside_servers import NameService, WebService, proxy


def test_records_and_none(names: NameService) -> None:
    names.zone["a.example", "A"] = ["192.0.2.1", "192.0.2.2"]
    asked = NameServer(NameServerSettings(server=names.server))
    assert sorted(asked.ask("a.example", "A")) == ["192.0.2.1", "192.0.2.2"]
    assert asked.ask("b.example", "A") == []
    names.zone["many.example", "A"] = [f"192.0.2.{number}" for number in range(200)]
    assert len(asked.ask("many.example", "A")) <= 20


@every("answer", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, b"", b"\x00", b"\xff" * 40])
def test_every_other_answer_is_a_sentence(
    names: NameService, monkeypatch: pytest.MonkeyPatch, answer: int | bytes
) -> None:
    monkeypatch.setattr(_dns, "SECONDS", 0.3)
    names.zone["a.example", "A"] = answer
    with pytest.raises(OutsideError, match=r"answered|cannot be asked"):
        NameServer(NameServerSettings(server=names.server)).ask("a.example", "A")


def test_who_is_silent_and_what_is_no_name_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_dns, "SECONDS", 0.1)
    for server, name in (
        ("127.0.0.1:1", "a.example"),
        ("127.0.0.1:1", "a" * 300),
        ("no address", "a.example"),
    ):
        with pytest.raises(OutsideError, match="cannot be asked"):
            NameServer(NameServerSettings(server=server)).ask(name, "A")


def test_over_https_and_through_a_proxy(web: WebService, names: NameService, ca_file: str) -> None:
    names.zone["a.example", "A"] = ["192.0.2.1"]
    web.answers["/dns-query"] = 200, {}, names.reply
    led: list[str] = []
    with proxy(led.append) as url:
        chosen = NameServerSettings(server=f"{web.url}/dns-query", ca_file=ca_file, proxy=url)
        assert NameServer(chosen).ask("a.example", "A") == ["192.0.2.1"]
    assert led
    assert web.asked[0][1]["content-type"] == "application/dns-message"


@every(
    "answer",
    [
        (404, {}, b""),
        (200, {}, b"<html>"),
        (200, {}, b""),
        (200, {}, b"\0" * 100_000),
        (301, {"Location": "/"}, b""),
    ],
)
def test_over_https_every_other_answer_is_a_sentence(web: WebService, ca_file: str, answer: Any) -> None:
    web.answers["/dns-query"] = answer
    with pytest.raises(OutsideError, match=r"answered|cannot be asked|too much"):
        NameServer(NameServerSettings(server=f"{web.url}/dns-query", ca_file=ca_file)).ask("a.example", "A")


def test_a_proxy_without_https_is_refused() -> None:
    with pytest.raises(ValueError, match="over HTTPS only"):
        NameServerSettings(proxy="socks5h://127.0.0.1:9050", server="192.0.2.53")


def test_addresses_of_servers_are_read() -> None:
    assert _dns._host_port("192.0.2.53") == ("192.0.2.53", 53)
    assert _dns._host_port("192.0.2.53:5353") == ("192.0.2.53", 5353)
    assert _dns._host_port("2001:db8::53") == ("2001:db8::53", 53)
    assert _dns._host_port("[2001:db8::53]:5353") == ("2001:db8::53", 5353)
