"""Settings that leave a password open on a network, or name what is not there, are refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import SettingsError
from listener.wire_proxy import proxy_settings
from listener.wire_proxy.proxy_settings import read_settings
from tests import proxied

GOOD = {"protocol": "postgresql", "server": "127.0.0.1:5432"}


def test_paths_are_from_the_files_folder_and_the_defaults_are_safe(tmp_path: Path) -> None:
    made = read_settings(proxied.settings(tmp_path, **GOOD))
    assert made.rows == str(tmp_path / "rows.json")
    assert (made.unseen, made.plain, made.connections) == ("pass", False, 200)
    assert proxy_settings.client_tls(made) is proxy_settings.server_tls(made) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"protocol": "oracle"}, "'oracle' is none of postgresql, mysql"),
        ({"bind": ["10.0.0.5:6432"]}, r"10\.0\.0\.5:6432 is no loopback: name a certificate"),
        ({"bind": ["0.0.0.0:6432"]}, "name a certificate"),
        ({"server": "db.internal:5432"}, "is no loopback: name server_ca"),
        ({"server": "db"}, "is no loopback"),
        ({"server": "127.0.0.1"}, "is no loopback|is not host:port"),
        ({"require_certificate": True}, "needs client_ca"),
        ({"client_ca": "ca.pem"}, "needs a certificate"),
        ({"unseen": "maybe"}, "'maybe' is none of pass, end"),
        ({"bind": []}, "bind names no address"),
        ({"connections": 0}, "connections must be 1 or more"),
        ({"login_seconds": 0}, "login_seconds more than 0"),
        ({"password": "x"}, "no setting called 'password'"),
    ],
)
def test_what_is_refused(tmp_path: Path, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read_settings(proxied.settings(tmp_path, **(GOOD | wrong)))


@pytest.mark.parametrize("text", ["", "[other]\n", "[proxy]\n[more]\n", "proxy = 1", "\x00"])
def test_what_is_no_file_of_settings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "proxy.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"proxy\.toml"):
        read_settings(path)


def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    made = proxied.certificates(tmp_path / "ca")
    good = read_settings(proxied.settings(tmp_path, **GOOD, certificate=made.of("proxy"), server_ca=made.ca))
    assert proxy_settings.client_tls(good) is not None
    assert proxy_settings.server_tls(good) is not None
    for wrong in ({"certificate": made.ca}, {"certificate": "nothing.pem"}):
        with pytest.raises(SettingsError, match="certificate"):
            proxy_settings.client_tls(read_settings(proxied.settings(tmp_path, **GOOD, **wrong)))
    with pytest.raises(SettingsError, match="server_ca"):
        proxy_settings.server_tls(read_settings(proxied.settings(tmp_path, **GOOD, server_ca="nothing.pem")))
