"""The events as a table for spreadsheets. A convenience: it guards against formulas and so alters what it guards."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from canaries.core.text import FORMULA, cell
from listener.dossier.case import Case
from listener.dossier.case_records import EventText
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


class _HitCells(msgspec.Struct, frozen=True):
    """What the table shows of a hit's body; what is nested deeper, and goes in as it is, is not read."""

    observed_at: Any
    canary: Any
    kind: Any
    facet: Any
    trap: Any
    transport: Any
    clock: dict[str, Any]
    source: Any = None
    peer: Any = None
    local: Any = None
    raw_sha256: Any = ""
    answer: Any = ""
    observed: msgspec.Raw = msgspec.Raw(b"null")


class _FactsCell(msgspec.Struct, frozen=True):
    """And of the body of what was derived from it."""

    facts: msgspec.Raw = msgspec.Raw(b"null")


_seen, _derived = msgspec.json.Decoder(_HitCells).decode, msgspec.json.Decoder(_FactsCell | None).decode


class Csv(Format):
    """``events/events.csv``, RFC 4180: every cell quoted, formulas disarmed by an apostrophe (OWASP ASVS 1.2.10)."""

    name = "csv"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        yield "events/events.csv", _rows(case)


def _rows(case: Case) -> Iterator[bytes]:
    yield _line(COLUMNS)
    yield from (_line(_cells(_values(text))) for text in case.texts())


def _values(text: EventText) -> Sequence[Any]:
    seen, derived = _seen(text.observed), _derived(text.derived)
    return (
        text.index,
        text.id,
        seen.observed_at,
        seen.canary,
        seen.kind,
        seen.facet,
        seen.trap,
        *(_end(end, part) for end in (seen.source, seen.peer, seen.local) for part in ("ip", "port")),
        seen.transport,
        seen.clock.get("source", ""),
        seen.clock.get("offset_us", ""),
        seen.raw_sha256,
        seen.answer,
        _json(seen.observed),
        _json(derived.facts) if derived else "",
    )


def _end(endpoint: object, part: str) -> object:
    """A part of an address; empty where this version holds it back."""
    return endpoint[part] if isinstance(endpoint, dict) else ""


def _json(value: msgspec.Raw) -> str:
    """Of canonical JSON, in ASCII: which characters count as invisible is not the same in every Python that checks
    this file."""
    text = bytes(value).decode()
    if text == "null":
        return ""
    return text if text.isascii() and text.isprintable() else _encode(msgspec.json.decode(text))


def _cells(values: Sequence[Any]) -> list[str]:
    """Each as `canaries.core.text.cell` makes it; where nothing is hidden, only formulas are looked for."""
    texts = list(map(str, values))
    if not "".join(texts).isprintable():
        return list(map(cell, texts))
    return ["'" + text if text.startswith(FORMULA) else text for text in texts]


def _line(cells: Sequence[str]) -> bytes:
    return ('"' + '","'.join([text.replace('"', '""') for text in cells]) + '"\r\n').encode()
