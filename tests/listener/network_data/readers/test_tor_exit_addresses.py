"""exit-addresses: when each was seen."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = (
    "ExitNode AA\n"
    "Published 2026-11-20 01:00:00\n"
    "LastStatus 2026-11-20 02:00:00\n"
    "ExitAddress 185.220.101.1 2026-11-20 02:03:04\n"
)


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("tor-exit-addresses", FILE, "exit-addresses")
    assert said(ask(reader, "185.220.101.1")) == ["tor_exit/tor/2026-11-20T02:03:04.000000Z"]
    assert reader.date() == "2026-11-20"
    found = ask(reader, "185.220.101.1")
    assert found is not None
    assert found.seen_at == "2026-11-20T02:03:04.000000Z"
