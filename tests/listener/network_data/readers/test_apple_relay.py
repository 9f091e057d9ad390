"""Apple's relay: the country, not the city."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = "172.224.226.0/27,GB,GB-EN,London,\n2a02:26f7::/64,DE,DE-BE,Berlin,\n"


def said(found: NetworkAnswer | None) -> list[str]:
    return ["/".join(label.values()) for label in found.labels] if found else []


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("apple-relay", FILE, "egress-ip-ranges.csv")
    assert said(ask(reader, "172.224.226.1")) == ["relay/apple-private-relay/GB"]
    assert said(ask(reader, "2a02:26f7::1")) == ["relay/apple-private-relay/DE"]
