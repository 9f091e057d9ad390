"""Bait records: the bytes whose SHA-256 the *minted* entry lists."""

from __future__ import annotations

import hashlib

from listener.dossier.case import Case
from listener.dossier.formats.bait import BaitRecords


def test_each_record_is_the_minted_one(case: Case) -> None:
    [(name, content)] = BaitRecords().files(case)
    [minted] = [entry for entry in case.story if entry.kind == "minted"]
    canary = name.removeprefix("bait/").removesuffix(".json")
    assert [canary, hashlib.sha256(b"".join(content)).hexdigest()] in minted.body["canaries"]
