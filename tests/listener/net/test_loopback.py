"""Loopback addresses, and nothing else."""

from __future__ import annotations

import pytest

from canaries.core.errors import SettingsError
from listener.net.loopback import loopback_address


def test_loopback() -> None:
    assert loopback_address("127.0.0.1:9464", "x") == ("127.0.0.1", 9464)
    assert loopback_address("[::1]:0", "x") == ("::1", 0)


@pytest.mark.parametrize("text", ["", "9464", "localhost:1", "127.0.0.1:99999", "127.0.0.1:x", "[::1]:-1"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(SettingsError, match="no address and port"):
        loopback_address(text, "health.bind")


@pytest.mark.parametrize("text", ["0.0.0.0:1", "10.0.0.1:1", "[::]:1"])
def test_what_others_could_reach(text: str) -> None:
    with pytest.raises(SettingsError, match=r"health\.bind is .* loopback only"):
        loopback_address(text, "health.bind")
