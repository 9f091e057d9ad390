"""``trapline restore`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.ledger.sealer import LogSealer
from canaries.mint import minting
from listener.commands.backup import command as backup
from listener.commands.restore import command


def test_a_drill_then_the_restore(home: Home, tmp_path: Path) -> None:
    def run(what: object, path: Path, *words: str) -> str:
        done = CliRunner().invoke(what, words, obj=Session(path), catch_exceptions=False)  # type: ignore[arg-type]
        assert done.exit_code == 0
        return str(done.stdout)

    list(minting.mint(home, "url"))
    LogSealer(home).seal_once()
    recipient = run(backup, home.path, "--new-identity", str(tmp_path / "id")).strip()
    run(backup, home.path, "--to", recipient, "--out", str(tmp_path / "b.age"))
    given = (str(tmp_path / "b.age"), "--identity", str(tmp_path / "id"), "--json")
    drill = json.loads(run(command, tmp_path / "new", *given, "--drill"))
    assert (drill["drill"], drill["entries"], drill["opened"], drill["went_on_at"]) == (True, 1, 1, None)
    assert not (tmp_path / "new").exists()
    found = json.loads(run(command, tmp_path / "new", *given, "--reason", "a test"))
    assert (found["size"], found["entries"], found["went_on_at"], found["known"]) == (1, 2, 1, None)
    with Home.open(tmp_path / "new") as new:
        assert new.id == home.id
