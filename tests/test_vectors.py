"""Known answers: bytes of every kept format, written down from its description, are read and made as ever.

Without them both ends of a format could change together, and every box, journal and ledger in use be unreadable.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from canaries.crypto import sealed_box
from canaries.ledger import entries, parts, signed_note
from canaries.ledger.merkle import leaf_hash
from listener.evidence import sighting
from listener.journal import segment
from tests.data import make_vectors

FILE = Path(make_vectors.__file__).with_name("vectors.json")
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def test_the_file_is_what_its_script_makes() -> None:
    assert make_vectors.vectors() == VECTORS


def test_a_sealed_box_opens() -> None:
    known = VECTORS["sealed_box"]
    opener = sealed_box.BoxOpener(bytes.fromhex(known["private"]), known["purpose"])
    for box in known["boxes"]:
        assert opener.open(bytes.fromhex(box), bytes.fromhex(known["context"])).hex() == known["plain"]


def test_a_sealed_box_is_made_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    known = VECTORS["sealed_box"]
    public = (
        X25519PrivateKey.from_private_bytes(bytes.fromhex(known["private"])).public_key().public_bytes_raw()
    )
    ephemeral = X25519PrivateKey.from_private_bytes(bytes.fromhex(known["ephemeral"]))

    class Drawn:
        @staticmethod
        def generate() -> X25519PrivateKey:
            return ephemeral

    monkeypatch.setattr(sealed_box, "X25519PrivateKey", Drawn)
    sealer = sealed_box.BoxSealer(public, known["purpose"])
    assert (
        sealer.seal(bytes.fromhex(known["plain"]), bytes.fromhex(known["context"])).hex() == known["boxes"][0]
    )


def test_a_journal_frame_is_read(tmp_path: Path) -> None:
    known = VECTORS["journal_frame"]
    (tmp_path / "one.journal").write_bytes(bytes.fromhex(known["segment"]))
    opener = sealed_box.BoxOpener(bytes.fromhex(known["private"]), "journal")
    (frame,) = segment.frames(tmp_path / "one.journal", opener)
    assert frame.end == len(known["segment"]) // 2
    (found,) = frame.sightings
    expected = [
        tuple(value) if number in (3, 4) else value for number, value in enumerate(make_vectors.SIGHTING)
    ]
    assert list(msgspec.structs.astuple(found)) == expected
    assert found.source == ("203.0.113.9", 5)
    assert sighting.encode([found]).hex() == known["plain"]


def test_an_entrys_line_and_leaf_hash() -> None:
    known = VECTORS["entry"]
    assert parts.header(known["line"].encode()) is None
    assert parts.merged(known["line"].encode()) == known["value"]
    assert leaf_hash(known["line"].encode()).hex() == known["leaf_hash"]


def test_a_divided_entrys_line_its_leaf_hash_and_what_is_held_back_of_it() -> None:
    known = VECTORS["divided_entry"]
    value = known["value"]
    said = (value["entry"], value["at"], value["by"], value["body"])
    made = entries.draft(*said, entry_id=value["id"], nonce=bytes.fromhex(value["nonce"]))
    keys = parts.CaseKeys(bytes.fromhex(known["lookup"]))
    line, leaf = parts.sealed(made.kind, made.body, made.nonce, made.parts, keys)
    assert line.decode() == known["line"]
    assert leaf.hex() == known["leaf_hash"]
    assert parts.redacted(line, ["text"]).decode() == known["without_text"]


def test_a_signed_checkpoint() -> None:
    known = VECTORS["checkpoint"]
    made = signed_note.Checkpoint(known["origin"], known["size"], bytes.fromhex(known["root"]))
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(known["seed"]))
    assert signed_note.sign_checkpoint(made, key) == known["note"]
    assert signed_note.open_checkpoint(known["note"], signed_note.Verifier.parse(known["vkey"])) == made
