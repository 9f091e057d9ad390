"""The events as a table for spreadsheets. A convenience: it guards against formulas and so alters what it guards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from canaries.core.text import cell
from canaries.ledger.entries import canonical
from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.dossier.formats import Content, Format

COLUMNS = (
    "index",
    "id",
    "observed_at",
    "canary",
    "kind",
    "facet",
    "trap",
    "source_ip",
    "source_port",
    "peer_ip",
    "peer_port",
    "local_ip",
    "local_port",
    "transport",
    "clock_source",
    "clock_offset_us",
    "raw_sha256",
    "answer",
    "observed",
    "derived",
)


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode


class Csv(Format):
    """``events/events.csv``, RFC 4180: every cell quoted, formulas disarmed by an apostrophe (OWASP ASVS 1.2.10)."""

    name = "csv"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        yield "events/events.csv", _rows(case)


def _rows(case: Case) -> Iterator[bytes]:
    yield _line(COLUMNS)
    for event in case.events():
        yield _line([cell(value) for value in _values(event)])


def _values(event: Event) -> Sequence[Any]:
    body = event.body
    return (
        event.hit.seq,
        event.hit.id,
        body["observed_at"],
        body["canary"],
        body["kind"],
        body["facet"],
        body["trap"],
        *(_end(body.get(end), part) for end in ("source", "peer", "local") for part in ("ip", "port")),
        body["transport"],
        body["clock"].get("source", ""),
        body["clock"].get("offset_us", ""),
        body.get("raw_sha256", ""),
        body.get("answer", ""),
        _json(body.get("observed")),
        _json(event.derived.body.get("facts")) if event.derived else "",
    )


def _end(endpoint: object, part: str) -> object:
    """A part of an address; empty where this version holds it back."""
    return endpoint[part] if isinstance(endpoint, dict) else ""


def _json(value: object) -> str:
    """In ASCII: which characters count as invisible is not the same in every Python that checks this file."""
    if value is None:
        return ""
    text = canonical(value).decode()
    return text if text.isascii() and text.isprintable() else _encode(value)


def _line(cells: Sequence[str]) -> bytes:
    return ('"' + '","'.join([text.replace('"', '""') for text in cells]) + '"\r\n').encode()
