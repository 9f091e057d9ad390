"""The contract: every service is off, says who learns what, and keys come from a file that only its owner reads."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest

from canaries.core.errors import SettingsError
from listener.outside import AddressService, KeyedSettings, OutsideService, OutsideSettings
from listener.outside.asking import services
from tests.every import every


@every("name", sorted(services()))
def test_every_service_is_off_and_says_who_learns_what(name: str) -> None:
    service = services()[name]
    assert not service.Settings().enabled
    assert name == service.name
    assert "learn" in service.learns
    if issubclass(service, AddressService):
        assert "network of 256" not in service.learns
    else:
        assert "not the address" in service.learns


def test_reverse_dns_says_that_it_may_tell_the_visitor_and_no_other_service_does() -> None:
    telling = {name for name, service in services().items() if "visitor" in service.learns}
    assert telling == {"ptr"}
    assert services()["ptr"].Settings().wait_hours >= 24


def test_of_an_address_its_network_is_told() -> None:
    class Asked(OutsideService):
        name = "asked"
        learns = ""

        def ask(self, subject: str) -> None:  # type: ignore[override]
            """Nothing."""

    asked = Asked(OutsideSettings(), Path())
    assert asked.subject(ip_address("198.51.100.77")) == "198.51.100.0/24"
    assert asked.subject(ip_address("2001:db8:1:2::3")) == "2001:db8:1::/48"


@every("bad", [{"proxy": "127.0.0.1:3128"}, {"most": 0}, {"pause_seconds": -1}, {"keep_days": -1}])
def test_bad_settings_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"proxy must|or more"):
        OutsideSettings(**bad)  # type: ignore[arg-type]


def test_a_proxys_password_is_no_part_of_its_name() -> None:
    assert OutsideSettings(proxy="http://me:s3cret@127.0.0.1:3128").through == "http://127.0.0.1:3128"
    assert OutsideSettings().through == ""


def test_a_key_is_read_from_a_file_of_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("s3cret\n")
    path.chmod(0o600)
    assert KeyedSettings(key_file="key").secret(tmp_path, "x") == "s3cret"
    assert KeyedSettings(key="s3cret").secret(tmp_path, "x") == "s3cret"
    assert "s3cret" not in repr(KeyedSettings(key="s3cret"))
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="read by others"):
        KeyedSettings(key_file="key").secret(tmp_path, "x")
    path.chmod(0o600)
    for content in (b"", b"a\x1bb", b"\xff"):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=r"wants a key|cannot be read"):
            KeyedSettings(key_file="key").secret(tmp_path, "x")
    with pytest.raises(SettingsError, match="wants a key"):
        KeyedSettings().secret(tmp_path, "x")
