"""``trapline ledger``: what it prints, and what its exit status says."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.ledger.signed_note import Verifier, open_checkpoint
from listener.commands.ledger import command


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
