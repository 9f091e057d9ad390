"""``trapline backup`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.core.errors import HomeError, SettingsError
from canaries.installation.home import Home
from canaries.installation.session import Session
from listener.commands.backup import command


def run(home: Home, *words: str) -> str:
    done = CliRunner().invoke(command, words, obj=Session(home.path), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_an_identity_is_made_and_backups_are_made_for_it(home: Home, tmp_path: Path) -> None:
    recipient = run(home, "--new-identity", str(tmp_path / "id")).strip()
    assert (tmp_path / "id").stat().st_mode & 0o077 == 0
    found = json.loads(run(home, "--to", recipient, "--out", str(tmp_path / "b.age"), "--json"))
    assert found["bytes"] == (tmp_path / "b.age").stat().st_size
    assert found["rows"]["canary"] == 0
    (home.path / "trapline.toml").write_text(f'[backup]\nrecipients = ["{recipient}"]\n')
    run(home, "--out", str(tmp_path / "c.age"))
    assert (tmp_path / "c.age").read_bytes().startswith(b"age-encryption.org/v1\n")


def test_an_identity_is_never_replaced(home: Home, tmp_path: Path) -> None:
    run(home, "--new-identity", str(tmp_path / "id"))
    with pytest.raises(SettingsError, match="exists already"):
        run(home, "--new-identity", str(tmp_path / "id"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "needs --out"),
        (("--out", "x.age"), "nobody is named"),
        (("--out", "x", "--to", "bob"), "no recipient"),
    ],
)
def test_what_is_missing_is_said(home: Home, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises((SettingsError, HomeError), match=sentence):
        run(home, *words)
