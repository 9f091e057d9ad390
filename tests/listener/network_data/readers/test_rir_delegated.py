"""Delegated statistics: a count of addresses, or a prefix length."""

from __future__ import annotations

from collections.abc import Callable

from listener.network_data.readers import DataReader, NetworkAnswer

Ask = Callable[[DataReader, str], NetworkAnswer | None]


FILE = (
    "2|ripencc|20261120|2|19830101|20261119|+0100\n"
    "ripencc|*|ipv4|*|1|summary\n"
    "ripencc|DE|ipv4|2.16.0.0|65536|20100712|allocated\n"
    "ripencc|FR|ipv6|2001:608::|32|19990812|allocated\n"
)


def test_what_it_says(opened: Callable[..., DataReader], ask: Ask) -> None:
    reader = opened("rir-delegated", FILE, "delegated-ripencc-latest")
    assert ask(reader, "2.16.200.1") == NetworkAnswer("2.16.0.0/16", country="DE")
    assert ask(reader, "2001:608::1") == NetworkAnswer("2001:608::/32", country="FR")
    assert reader.date() == "2026-11-19"
