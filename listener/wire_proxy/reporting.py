"""A statement that touched something, as reports to the listener: the same form as those of every other sensor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from listener.wire_proxy.session import SeenStatement, WireSession
from listener.wire_proxy.sql_text import without_secrets

_LONGEST, _TAIL = 3_000, 1_000
"""Characters of a statement that are told: of a longer one also the end, where a comment with a reason stands."""
_MOST_ROWS, _MOST_FOUND = 200, 32
_LONGEST_VALUE = 1_024


def reports(seen: SeenStatement, session: WireSession, now: str) -> Iterator[dict[str, Any]]:
    """One, or several where it touched much."""
    text = without_secrets(seen.text)
    facts: dict[str, Any] = {
        "account": session.user,
        "login": session.method,
        "certificate": session.certificate,
        "certificate_sha256": session.certificate_hash,
        "database": session.database,
        "client": session.client,
        "port": session.port,
        "application": session.application[:100],
        "actor": seen.actor[:100],
        "reason": seen.reason[:200],
        "query": text[:_LONGEST],
        "tail": text[-_TAIL:] if len(text) > _LONGEST else "",
        "began": seen.began,
        "failed": seen.failed,
    }
    told = {name: _clean(value) for name, value in facts.items() if value not in ("", 0)}
    marks, found = list(seen.marks), list(seen.found)
    while marks or found:
        yield {
            "id": os.urandom(16).hex(),
            "at": now,
            "event": "read",
            "found": [
                {"where": where, "value": _clean(value[:_LONGEST_VALUE])}
                for where, value in found[:_MOST_FOUND]
            ],
            "rows": marks[:_MOST_ROWS],
            "facts": told,
        }
        marks, found = marks[_MOST_ROWS:], found[_MOST_FOUND:]


def _clean(value: Any) -> Any:
    """As UTF-8 can hold it."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
