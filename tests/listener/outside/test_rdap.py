"""The registration of a network, as one service among the others."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from listener.network_data import rdap as registry
from listener.outside import OutsideError
from listener.outside.rdap import Rdap, RdapSettings
from tests.registries import registries


def test_the_abuse_contact_and_a_failure(
    server_tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "PAUSE", 0.0)
    context, ca_file = server_tls
    with registries(context) as server:
        server.lists("198.51.100.0/24")
        server.knows("198.51.100.0/24")
        service = Rdap(RdapSettings(bootstrap=f"{server.url}/", ca_file=str(ca_file)), Path())
        found = service.ask("198.51.100.0/24")
        assert found.fact["abuse"] == ["abuse@isp.example"]
        assert (found.queries, found.server) == (("RDAP ip/198.51.100.0/24",), "127.0.0.1")
        with pytest.raises(OutsideError, match="no registry is listed"):
            service.ask("203.0.113.0/24")
