"""Lines of entries in tests: what they say, what stands for them in the log, and how release 0.1 wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canaries.core import store
from canaries.installation.home import Home
from canaries.ledger import parts
from canaries.ledger.entries import canonical, new_id
from canaries.ledger.merkle import leaf_hash


def said(line: bytes) -> dict[str, Any]:
    """The entry as one object."""
    return parts.merged(line)


def leaf_of(line: bytes) -> bytes:
    """Its leaf hash."""
    found = parts.header(line)
    return found.leaf if found else leaf_hash(line)


def first_version(kind: str, entry_id: str, at: str, by: str, body: Mapping[str, Any], nonce: str) -> bytes:
    """An entry as release 0.1 wrote it."""
    return canonical(
        {"v": 1, "entry": kind, "id": entry_id, "at": at, "by": by, "nonce": nonce, "body": body}
    )


def put_line(home: Home, entry_id: str, kind: str, at: str, line: bytes) -> None:
    """Any line into the database: what the vault's public key and a database login are enough for."""
    leaf = leaf_of(line)
    with home.store.write() as connection:
        home.store.bulk(
            connection, store.entry, [(entry_id, kind, at, leaf, home.writer.seal(line, entry_id))]
        )
        home.store.bulk(connection, store.unsealed, [(entry_id, leaf)])


def put_first_version(home: Home, kind: str, at: str, by: str, body: Mapping[str, Any]) -> str:
    """An entry of release 0.1 in a home of today; its id comes back."""
    entry_id = new_id()
    put_line(home, entry_id, kind, at, first_version(kind, entry_id, at, by, body, "0" * 32))
    return entry_id
