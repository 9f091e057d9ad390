"""Where operators moved hits: the *regrouped* entries, which override the incident in a hit's *derived* entry.

Body: ``{"act": "split"|"merge", "incident": FROM, "into": TO, "hits": [id, ...], "leaves": [hash, ...],
"derived": [hash, ...], "text": why}``.
``leaves`` are the leaf hashes of those hits, ``derived`` those of what was derived from them, so that a dossier on
either incident shows which hits left it or came.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from canaries.ledger.entries import Entry, EntryReader


def regroupings(connection: Connection, reader: EntryReader) -> list[Entry]:
    """All *regrouped* entries in log order, those that are not sealed yet at the end."""
    found = reader.entries(connection, "regrouped")
    return sorted(found, key=lambda entry: (entry.seq is None, entry.seq or 0))


def moved(entries: Iterable[Entry]) -> dict[str, str]:
    """The incident of each hit that was moved; ``entries`` in log order."""
    return {hit: entry.body["into"] for entry in entries for hit in entry.body["hits"]}
