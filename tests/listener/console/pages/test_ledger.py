"""The ledger's page: checkpoints as they were signed, proofs that a stranger's program could check."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from canaries.core.model import Canary
from canaries.ledger.merkle import verify_inclusion
from canaries.ledger.sealer import LogSealer


def test_a_checkpoint_and_a_proof_go_together(
    console: Any, canary: Canary, visit: Callable[..., str]
) -> None:
    hit = visit(canary)
    assert console.get(f"/ledger/proofs/{hit}").status_code == 404, "not sealed yet"
    assert "None yet" in console.get("/ledger").get_data(as_text=True)
    sealer = LogSealer(console.home)
    sealer.seal_once()
    assert console.get(f"/ledger/proofs/{hit}").status_code == 404, "under no checkpoint yet"
    sealer.checkpoint()
    answer = console.get(f"/ledger/proofs/{hit}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=proof-{hit}.json"
    proof = json.loads(answer.get_data())
    note = console.get(f"/ledger/checkpoints/{proof['tree_size']}").get_data(as_text=True)
    assert note == proof["checkpoint"]
    origin, size, root = note.splitlines()[:3]
    assert (origin, int(size)) == (console.home.origin, proof["tree_size"])
    path = [bytes.fromhex(step) for step in proof["inclusion_path"]]
    verify_inclusion(
        bytes.fromhex(proof["leaf_hash"]), proof["leaf_index"], int(size), path, base64.b64decode(root)
    )
    page = console.get("/ledger").get_data(as_text=True)
    assert f"checkpoint-{size}.txt" in page
    assert proof["verifier_key"].replace("+", "+") in page.replace("&#43;", "+")


def test_what_there_is_not(console: Any) -> None:
    for path in ("/ledger/checkpoints/7", "/ledger/proofs/zz", f"/ledger/proofs/{'f' * 32}"):
        assert console.get(path).status_code == 404
