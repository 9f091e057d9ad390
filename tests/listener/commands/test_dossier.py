"""``trapline dossier``: build, verify, keys, as the command line gives them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from canaries.core import store
from canaries.core.errors import DossierError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint import minting
from listener.commands.dossier import command


@pytest.fixture
def canary(home: Home) -> str:
    """A real canary, and an incident without hits."""
    [minted] = minting.mint(home, "url", memo="for the command line")
    at = home.now()
    with home.store.write() as connection:
        row = {"id": "ab" * 8, "opened_at": at, "last_at": at, "hits": 0, "state": "open"}
        connection.execute(insert(store.incident).values(**row))
    return minted.canary.id


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, obj=Session(path), catch_exceptions=False)


def test_build_and_verify_at_home_and_elsewhere(home: Home, canary: str, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    built = json.loads(run(home.path, "build", "--canary", canary, "--out", str(out), "--json").stdout)
    assert built["file"] == str(out)
    own = run(home.path, "verify", str(out))
    assert own.exit_code == 0
    assert "VERIFIED with the keys you brought" in own.stdout
    with pytest.raises(DossierError, match="no key was brought") as caught:
        run(tmp_path / "nowhere", "verify", str(out))
    assert caught.value.status == 1
    run(home.path, "keys", "--out", str(tmp_path / "keys"))
    keys = ("--vkey", str(tmp_path / "keys" / "log.vkey"), "--cert", str(tmp_path / "keys" / "dossier.pem"))
    assert "VERIFIED with the keys" in run(tmp_path / "nowhere", "verify", str(out), *keys).stdout


def test_an_incident_without_hits_can_be_exported(home: Home, canary: str, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    assert (
        run(home.path, "build", "--incident", "abab", "--out", str(out), "--reason", "a try").exit_code == 0
    )
    assert run(home.path, "verify", str(out)).exit_code == 0


def test_the_name_of_the_file_is_shown_as_visible_text(home: Home, canary: str, tmp_path: Path) -> None:
    result = run(home.path, "build", "--canary", canary, "--out", str(tmp_path / "a \x1b[31m.zip"))
    assert "\x1b" not in result.stdout + result.stderr
    assert "a \\x1b[31m.zip'" in result.stderr  # and quoted, so that the command can be copied


def test_a_changed_dossier_is_status_1(home: Home, canary: str, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    run(home.path, "build", "--canary", canary, "--out", str(out))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(f"dossier-canary-{canary}/data/more.txt", "x")
    (tmp_path / "case.zip.sha256").unlink()
    with pytest.raises(
        DossierError, match=r"NOT VERIFIED: a dossier has no file called 'data/more\.txt'"
    ) as caught:
        run(home.path, "verify", str(out))
    assert caught.value.status == 1


@pytest.mark.parametrize("given", [(), ("--incident", "a", "--canary", "b")])
def test_exactly_one_subject_is_wanted(home: Home, tmp_path: Path, given: tuple[str, ...]) -> None:
    with pytest.raises(click.UsageError, match="either --incident or --canary"):
        command.main(
            ["build", "--out", str(tmp_path / "x.zip"), *given], obj=Session(home.path), standalone_mode=False
        )


def test_keys_prints_what_others_need_and_nothing_private(home: Home) -> None:
    said = run(home.path, "keys")
    assert said.stdout.startswith(f"trapline/log/{home.id}+")
    assert "BEGIN CERTIFICATE" in said.stdout
    assert "PRIVATE" not in said.output
