"""The front's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from listener.runtime.front_files import front_files


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_what_the_front_needs_and_no_other_key(home: Home) -> None:
    folder = front_files(home)
    assert set(contents(folder)) == {"front", "journal.pub", "ca", "ca.pem", "kinds", "leaf", "retired"}
    everything = b"".join(contents(folder).values())
    for name in ("lookup", "alerts", "journal", "vault", "log"):
        assert (home.keys.folder / name).read_bytes() not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.rglob("*")])


def test_doing_it_again_changes_nothing(home: Home) -> None:
    before = contents(front_files(home))
    assert contents(front_files(home)) == before


def test_configured_certificates_come_with_their_keys_and_go_again(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_text("CHAIN\n")
    (tmp_path / "key.pem").write_text("KEY\n")
    home = Home.create(
        tmp_path / "home", f'[listen]\ncertificates = ["{tmp_path}/chain.pem:{tmp_path}/key.pem"]\n'
    )
    folder = front_files(home)
    assert (folder / "certs" / "000.pem").read_text() == "CHAIN\nKEY\n"
    (home.path / "trapline.toml").write_text("")
    again = Home.open(home.path)
    assert "certs/000.pem" not in contents(front_files(again))
    home.store.close()


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", '[listen]\ncertificates = ["/nowhere/chain.pem"]\n')
    with pytest.raises(SettingsError, match=r"/nowhere/chain\.pem cannot be read"):
        front_files(home)
    home.store.close()


def test_an_ssh_trap_keeps_its_rsa_key(tmp_path: Path) -> None:
    """A host key that changes is what clients warn of."""
    home = Home.create(tmp_path / "home", "[traps.ssh]\n")
    first = contents(front_files(home))["ssh_rsa"]
    assert b"PRIVATE KEY" in first
    assert contents(front_files(home))["ssh_rsa"] == first
    home.store.close()
