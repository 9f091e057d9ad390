"""The vault's commands, as they are typed; a slip is one sentence, and no secret is on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import HomeError, LockedError
from canaries.installation.home import Home
from canaries.vault_lock import agent, locked_key
from listener import cli

WORDS = "five words drawn by dice"


@pytest.fixture
def vault(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr(locked_key, "COST", {"time": 1, "memory": 64, "lanes": 1})
    yield home
    agent.lock(home.path)


def run(home: Home, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.trapline, ["--home", str(home.path), *words], input=typed)


def test_under_a_passphrase(vault: Home, tmp_path: Path) -> None:
    assert "not protected" in run(vault, "vault", "status").stdout
    assert (
        run(vault, "vault", "protect", typed=f"{WORDS}\nanother\n").exit_code == 1
    )  # asked again, and then no more
    assert vault.keys.has("vault")
    done = run(vault, "vault", "protect", typed=f"{WORDS}\n{WORDS}\n")
    assert done.exit_code == 0, done.output
    assert WORDS not in done.output
    assert isinstance(run(vault, "hits").exception, LockedError)
    assert run(vault, "mint", "url").exit_code == 0
    assert isinstance(run(vault, "vault", "unlock", typed="not these words\n").exception, HomeError)
    (tmp_path / "words").write_text(f"{WORDS}\nmore\n")
    done = run(vault, "vault", "unlock", "--for", "30m", "--passphrase-file", str(tmp_path / "words"))
    assert "unlocked until" in done.stderr
    assert run(vault, "hits").exit_code == 0
    said = json.loads(run(vault, "vault", "status", "--json").stdout)
    assert (said["protected_by"], said["locked"], said["until"][-1]) == ("passphrase", False, "Z")
    assert "is locked" in run(vault, "vault", "lock").stderr
    assert "already" in run(vault, "vault", "lock").stderr
    assert "under passphrase; locked" in run(vault, "vault", "status").stdout
    run(vault, "vault", "unprotect", typed=f"{WORDS}\n")
    assert run(vault, "hits").exit_code == 0


def test_under_shares(vault: Home, tmp_path: Path) -> None:
    done = run(vault, "vault", "protect", "--shares", "2of3")
    shares = [line for line in done.stdout.splitlines() if len(line.split()) > 20]
    assert len(shares) == 3
    assert run(vault, "vault", "unlock", typed=f"{shares[1]}\n{shares[0]}\n").exit_code == 0
    run(vault, "vault", "lock")
    named = []
    for number, words in enumerate(shares[1:]):
        (tmp_path / str(number)).write_text(words)
        named += ["--share-file", str(tmp_path / str(number))]
    assert isinstance(run(vault, "vault", "unlock", *named[:2]).exception, HomeError)
    assert run(vault, "vault", "unprotect", *named).exit_code == 0
    assert run(vault, "vault", "protect", "--shares", "2of2", "--out", str(tmp_path / "out")).stdout == ""
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize(
    "words",
    [
        "protect --shares 1of1", "protect --shares 3of2", "protect --shares x",
        "protect --shares 2of3 --passphrase-file x",
        "protect --out x", "protect --passphrase-file /no", "unlock", "unlock --for 3s", "unlock --for 8d",
        "unprotect", "lock",
    ],
)  # fmt: skip
def test_a_slip_is_one_sentence(vault: Home, words: str) -> None:
    done = run(vault, "vault", *words.split())
    assert done.exit_code != 0
    assert vault.keys.has("vault")
    if isinstance(done.exception, HomeError):
        assert "\n" not in done.exception.sentence
    else:
        assert done.exit_code == 2
