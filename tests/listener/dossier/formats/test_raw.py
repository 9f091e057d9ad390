"""Raw requests: exact bytes, named by their hash."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import update

from canaries.core import store
from listener.dossier.case import Case
from listener.dossier.formats.raw import Raw


def test_each_file_is_named_by_its_hash_and_equal_to_what_came(case: Case) -> None:
    files = {name: b"".join(content) for name, content in Raw().files(case)}
    assert files.pop("raw/missing.tsv") == b""
    assert len(files) == 3
    for name, content in files.items():
        assert name == f"raw/{hashlib.sha256(content).hexdigest()}.bin"
        assert content.startswith(b"GET /")
    hashes = {event.hit.body["raw_sha256"] for event in case.events()}
    assert {name[4:-4] for name in files} == hashes


def test_what_was_erased_is_named(story: Any, case: Case) -> None:
    with story.home.store.write() as connection:
        change = update(store.raw).where(store.raw.c.entry_id == story.hits[0])
        connection.execute(change.values(sealed=None))
    files = {name: b"".join(content) for name, content in Raw().files(case)}
    assert files["raw/missing.tsv"] == f"{story.hits[0]}\terased\n".encode()
    assert len(files) == 3
