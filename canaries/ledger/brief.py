"""Entries as lists of deeds show them: one that commits to thousands of records is read without its list of them.

A *minted* entry of 10,000 canaries is a line of 880 KB; a page of such entries would be a million texts. Each line is
checked against its leaf hash all the same, and only a few are in memory at a time.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.ledger import parts
from canaries.ledger.parts import PartsError

if TYPE_CHECKING:
    from canaries.ledger.entries import EntryReader

LIST = "canaries"
"""The field that is left out."""
MOST_BYTES = 16 << 20
"""Of sealed entries that one page opens: one that says what 10,000 canaries were minted has nearly one megabyte."""
_AT_ONCE = 8
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True, slots=True)
class BriefEntry:
    """One entry, but for its list of what it commits to."""

    id: str
    kind: str
    at: str
    by: str
    body: dict[str, Any]
    allowed: dict[str, str]
    """As `canaries.ledger.entries.Entry.allowed`."""
    seq: int | None


def fetch(reader: EntryReader, connection: Connection, ids: Sequence[str]) -> dict[str, BriefEntry]:
    """The entries with these ids that were not erased. Raises LedgerError where one is not what the log says."""
    places = _places(connection, ids)
    found = {}
    for start in range(0, len(ids), _AT_ONCE):
        for entry_id, line in reader.lines(connection, ids[start : start + _AT_ONCE]).items():
            try:
                value = parts.merged(without(line, LIST))
                value["body"].pop(LIST, None)  # of an export it is not one field
            except (PartsError, msgspec.DecodeError) as error:
                raise LedgerError(f"entry {entry_id} cannot be read: {error}") from error
            said = (value["id"], value["entry"], value["at"], value["by"], value["body"])
            found[entry_id] = BriefEntry(*said, dict(value.get("allowed", {})), places.get(entry_id))
    return found


def fitting(sizes: Sequence[int | None]) -> int:
    """How many entries of these sizes one page opens, the first at least. None: it was erased."""
    read = itertools.accumulate(size or 0 for size in sizes)
    return max(1, sum(total <= MOST_BYTES for total in read))


def without(line: bytes, name: str) -> bytes:
    """An entry's line without a field of its body; what stands in the field is not decoded. Raises DecodeError."""
    start = 0 if line[:1] == b"{" else line.find(b"\t") + 1
    end = line.find(b"\t", start)
    end = len(line) if end < 0 else end
    said = _fields.decode(memoryview(line)[start:end])  # no copy: it is long
    body = _fields.decode(said.get("body", msgspec.Raw(b"{}")))
    if body.pop(name, None) is None:
        return line
    said["body"] = msgspec.Raw(msgspec.json.encode(body))
    return line[:start] + msgspec.json.encode(said) + line[end:]


def _places(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    leaf, found = store.leaf, dict[str, int]()
    for start in range(0, len(ids), 500):
        query = select(leaf.c.entry_id, leaf.c.seq).where(leaf.c.entry_id.in_(ids[start : start + 500]))
        found |= {row.entry_id: row.seq for row in connection.execute(query)}
    return found
