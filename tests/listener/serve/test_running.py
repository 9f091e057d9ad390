"""Where it listens: loopback, or with TLS or a named proxy; the name under which it answers."""

from __future__ import annotations

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import AlertSettings, ConsoleSettings, Settings
from listener.serve import running

URL = AlertSettings(console_url="https://trapline.example.net")


@pytest.mark.parametrize(
    ("console", "alerts", "address", "said"),
    [
        (ConsoleSettings(), AlertSettings(), "0.0.0.0:0", "served on loopback only"),
        (ConsoleSettings(certificate="x.pem"), AlertSettings(), "0.0.0.0:0", "need alerts.console_url"),
        (ConsoleSettings(proxies=("10.0.0.1",)), URL, "no address", "no address and port"),
        (ConsoleSettings(proxies=("10.0.0.1",)), URL, "192.0.2.1:0", "cannot listen"),
    ],
)
def test_what_is_refused(console: ConsoleSettings, alerts: AlertSettings, address: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        running.listening_socket(Settings(console=console, alerts=alerts), address)


def test_names() -> None:
    plain, behind = Settings(), Settings(console=ConsoleSettings(proxies=("10.0.0.1",)), alerts=URL)
    with (
        running.listening_socket(plain, "127.0.0.1:0") as one,
        running.listening_socket(behind, "0.0.0.0:0") as two,
    ):
        assert running.public_name(plain, one) == f"127.0.0.1:{one.getsockname()[1]}"
        assert running.public_name(behind, two) == "trapline.example.net"
        assert running.public_origin(plain) == ""
        assert running.public_origin(behind) == "https://trapline.example.net"
