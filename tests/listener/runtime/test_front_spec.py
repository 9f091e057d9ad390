"""What a front is told."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from canaries.core.settings import BaitSettings
from canaries.installation.home import Home
from listener.runtime.front_spec import bait_names, front_spec


@pytest.mark.parametrize(
    ("base_url", "domain", "names"),
    [
        ("https://{label}.example.net", "Example.net", ("example.net",)),
        (
            "https://{label}.traps.example.net:8443",
            "mail.example.net",
            ("mail.example.net", "traps.example.net"),
        ),
        ("http://192.0.2.7:8080/deep", "", ("192.0.2.7",)),
        ("http://[2001:db8::7]", "", ("2001:db8::7",)),
    ],
)
def test_certificates_name_what_bait_leads_to(base_url: str, domain: str, names: tuple[str, ...]) -> None:
    assert bait_names(BaitSettings(base_url=base_url, domain=domain)) == names


def test_it_has_the_sockets_of_each_trap_and_no_key_of_the_home(home: Home, tmp_path: Path) -> None:
    with socket.socket() as bound:
        spec = front_spec(home, tmp_path, {"http": [bound]}, journal=tmp_path / "journal", user="nobody")
        assert spec.traps["http"].sockets == [bound.fileno()]
    assert (spec.folder, spec.journal, spec.user) == (str(tmp_path), str(tmp_path / "journal"), "nobody")
    assert (spec.front, spec.key) == ("", ""), "the supervisor's to give"
    assert home.keys.front.hex() not in str(spec)
