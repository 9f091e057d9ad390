"""What commands print for people fits a terminal of 80 columns; where it goes into a file, a thing has one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from canaries.accounts import accounts, tokens
from canaries.installation import terminal
from canaries.installation.home import Home
from canaries.ledger.sealer import LogSealer
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.cli import trapline
from listener.incidents import operator_acts, queries

LONG = "words that go on for somewhat longer than one line of a terminal has room for, as people's do"


@pytest.fixture
def incident(home: Home, strike: Callable[..., str], tmp_path: Path) -> str:
    """Of an installation with something for each list, all of it in long words."""
    folder = tmp_path / "a folder with a name" / "and another in it"
    folder.mkdir(parents=True)
    canary = next(iter(mint(home, "openai-key", memo=LONG, recipient=LONG))).canary
    (folder / "deployment.env").write_text("A=1\n")
    plant(home, canary.id, str(folder / "deployment.env"))
    strike(home, canary, agent="Mozilla/5.0 " + "word " * 40)
    found = queries.incidents(home)[0].id
    operator_acts.note(home, found, LONG)
    operator_acts.assess(home, found, LONG, "likely", "low", [LONG], because=LONG)
    account, _ = accounts.add(home, "ci", "planter")
    tokens.create(home, account, LONG[:60], ["canaries:mint"], 90)
    sealer = LogSealer(home)
    sealer.seal_once()
    sealer.checkpoint()
    return found


def printed(home: Home, *words: str) -> list[str]:
    """Lines of both streams."""
    done = CliRunner().invoke(trapline, ["--home", str(home.path), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output.splitlines()


def test_no_line_is_wider_than_the_terminal(
    home: Home, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "width", lambda *, err=False: 80)
    canary = queries.incident(home, incident).canaries[0]
    for words in (
        *("list", f"show {canary}", "placements", "placements --check", "hits", "hits --acts", "incidents"),
        *(
            f"incident {incident}",
            f"incident {incident} --hypotheses",
            "links",
            "status --all",
            "ledger verify",
        ),
        *("tokens list", "accounts list", "data list", "alerts status", "rules list", "vault status"),
        f"retire {canary}",
    ):
        lines = printed(home, *words.split())
        assert lines, words
        # a path, a digest or what is to be copied into a shell is never broken: its line is that word alone
        wide = [line for line in lines if terminal.cells(line) > 80 and " " in line.strip()]
        assert [line for line in wide if not line.startswith(("try:", "  root"))] == [], words


def test_a_file_gets_one_line_a_thing(home: Home, incident: str) -> None:
    del incident
    for command, count in (("list", 1), ("placements", 1), ("incidents", 1)):
        done = CliRunner().invoke(trapline, ["--home", str(home.path), command])
        assert len(done.stdout.splitlines()) == count, command


def test_a_wide_terminal_gets_one_line_too(
    home: Home, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del incident
    monkeypatch.setattr(terminal, "width", lambda *, err=False: 400)
    for command in ("list", "placements"):
        [line] = printed(home, command)
        assert len(line) > 100
