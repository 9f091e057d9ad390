"""The bulk list: every exit, and so a "no" for the others."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = "185.220.101.1\n2001:db8::1\n"


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("tor-bulk", FILE, "torbulkexitlist")
    assert said(ask(reader, "185.220.101.1")) == ["tor_exit/tor"]
    assert said(ask(reader, "8.8.8.8")) == []
    assert reader.complete == "tor_exit"
