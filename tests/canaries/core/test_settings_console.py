"""The settings of console and API."""

from __future__ import annotations

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import parse


def test_proxies_are_addresses_or_networks() -> None:
    found = parse({"console": {"proxies": ["10.0.0.1", "2001:db8::/32"]}}, {})
    assert found.console.proxies == ("10.0.0.1", "2001:db8::/32")
    with pytest.raises(SettingsError, match="no address or network"):
        parse({"console": {"proxies": ["proxy.example.net"]}}, {})


def test_a_token_in_the_environment_is_no_setting() -> None:
    parse({}, {"TRAPLINE_TOKEN": "x", "TRAPLINE_TOKEN_FILE": "x", "TRAPLINE_SERVER": "x"})
