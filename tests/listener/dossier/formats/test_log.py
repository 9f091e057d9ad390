"""The proofs: they lead from each disclosed entry to the signed root, by the reference implementation's rules."""

from __future__ import annotations

import json

from canaries.ledger.merkle import Tree, verify_inclusion
from canaries.ledger.signed_note import Verifier, open_checkpoint
from listener.dossier.case import Case
from listener.dossier.formats.log import Log
from tests.entry_lines import leaf_of


def test_every_disclosed_entry_is_proven_under_the_last_checkpoint(case: Case) -> None:
    files = {name: b"".join(content) for name, content in Log().files(case)}
    table = [line.split(b"\t") for line in files["log/entries.tsv"].splitlines()]
    entries = files["log/entries.ndjson"].split(b"\n")[:-1]
    shown = [int(row[0]) for row in table if row[2] == b"disclosed"]
    log = Verifier.parse(files["log/log.vkey"].decode().strip())
    notes = sorted(name for name in files if name.startswith("log/checkpoints/"))
    head = open_checkpoint(files[notes[-1]].decode(), log)
    assert head.size == len(table)
    assert head.root == Tree(bytes.fromhex(row[1].decode()) for row in table).root()
    proofs = {
        line["index"]: line["path"] for line in map(json.loads, files["log/proofs.ndjson"].splitlines())
    }
    assert sorted(proofs) == shown
    for index, line in zip(shown, entries, strict=True):
        path = [bytes.fromhex(step) for step in proofs[index]]
        verify_inclusion(leaf_of(line), index, head.size, path, head.root)


def test_the_checkpoints_before_and_after_the_first_events_are_there(case: Case) -> None:
    files = {name: b"".join(content) for name, content in Log().files(case)}
    sizes = [int(name[16:-5]) for name in sorted(files) if name.startswith("log/checkpoints/")]
    assert sizes == [3, 9, case.head.checkpoint.size]
    listed = [int(line.split(b"\t")[0]) for line in files["log/checkpoints.tsv"].splitlines()]
    assert listed == sizes
