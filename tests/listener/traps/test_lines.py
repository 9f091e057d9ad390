"""Traps of lines listen on two lists of addresses."""

from __future__ import annotations

from listener.traps._lines import LineSettings, LineTrap


def test_both_lists_of_addresses_are_bound_plain_first() -> None:
    settings = LineSettings(bind=("127.0.0.1:1",), tls_bind=("127.0.0.1:2",))
    assert LineTrap.addresses(settings) == ("127.0.0.1:1", "127.0.0.1:2")
