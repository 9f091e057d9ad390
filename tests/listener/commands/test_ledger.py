"""``trapline ledger``: what it prints, and what its exit status says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, update

from canaries.core import store
from canaries.core.errors import LedgerError, NotFoundError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.ledger.signed_note import Verifier, open_checkpoint
from listener.commands.ledger import command
from tests.time_authority import TimeAuthority, serving, with_authorities


def run(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, obj=Session(home.path), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_seal_checkpoint_verify(home: Home) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "noted", home.now(), "alice", {})
    assert json.loads(run(home, "seal", "--json")) == {"sealed": 1}
    signed = json.loads(run(home, "checkpoint", "--json"))
    assert (signed["size"], signed["new"]) == (1, True)
    assert open_checkpoint(signed["note"], Verifier.parse(signed["vkey"])).size == 1
    assert run(home, "checkpoint") == signed["note"]
    report = json.loads(run(home, "verify", "--json"))
    assert (report["entries"], report["checkpoints"], report["unsealed"]) == (1, 1, 0)
    assert "the ledger verifies: 1 entry sealed, 0 waiting, 0 erased" in run(home, "verify")


def test_a_ledger_that_lies_is_status_1(home: Home) -> None:
    with home.store.write() as connection:
        home.writer.record(connection, "noted", home.now(), "alice", {})
    run(home, "checkpoint")
    with home.store.write() as connection:
        connection.execute(delete(store.leaf))
    with pytest.raises(LedgerError) as caught:
        CliRunner().invoke(command, ["verify"], obj=Session(home.path), catch_exceptions=False)
    assert caught.value.status == 1


def test_a_database_that_was_put_back_goes_on_by_a_command(home: Home) -> None:
    for _ in range(2):
        with home.store.write() as connection:
            home.writer.record(connection, "noted", home.now(), "alice", {})
        run(home, "checkpoint")
    with pytest.raises(LedgerError, match="not behind any checkpoint"):
        run(home, "continue", "--reason", "none")
    with home.store.write() as connection:
        connection.execute(delete(store.leaf).where(store.leaf.c.seq == 1))
        connection.execute(delete(store.checkpoint).where(store.checkpoint.c.size == 2))
        newest = select(func.max(store.entry.c.id)).scalar_subquery()
        connection.execute(delete(store.entry).where(store.entry.c.id == newest))
    assert "goes on at 1. Entries 1 to 1" in run(home, "continue", "--reason", "the disk failed")
    assert "the ledger verifies: 2 entries sealed" in run(home, "verify")


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl program")
def test_stamps_are_asked_for_listed_and_judged_again(home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no time-stamp authority is set up"):
        run(home, "stamp")
    listed = CliRunner().invoke(command, ["stamps"], obj=Session(home.path), catch_exceptions=False)
    assert (listed.stdout, "no time stamps yet" in listed.stderr) == ("", True)
    with serving(TimeAuthority(tmp_path / "tsa")) as authority:
        with_authorities(home, authority.toml())
        with home.store.write() as connection:
            home.writer.record(connection, "noted", home.now(), "alice", {})
        with pytest.raises(NotFoundError, match="called 'other'"):
            run(home, "stamp", "other")
        assert run(home, "stamp") == "local: stamped\n"
        assert json.loads(run(home, "stamp", "local", "--json"))["stamped"] is True
        authority.down = True
        with pytest.raises(LedgerError, match="1 authority gave no time stamp"):
            run(home, "stamp")
    first, second = map(json.loads, run(home, "stamps", "--check", "--json").splitlines())
    assert (first["size"], second["size"], first["problem"]) == (1, 2, "")
    assert "1 entries  local, until" in run(home, "stamps")
    with home.store.write() as connection:
        connection.execute(update(store.stamp).values(reply=b"x"))
    with pytest.raises(LedgerError, match="2 time stamps did not verify"):
        run(home, "stamps", "--check")
