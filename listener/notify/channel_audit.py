"""Changing a channel is an entry (operators are watched too): who redirects the alerts can hide a theft.

The `meta` row ``channels`` holds a keyed hash of each channel's settings, so that it gives away no secret. Whenever a
courier starts with others than the last one had, the ledger says which were added, removed or changed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core.store import meta, upsert

if TYPE_CHECKING:
    from canaries.installation.home import Home

_ROW = "channels"


def watch(connection: Connection, home: Home, now: str, by: str) -> list[str]:
    """Compare with the last start and record what differs; the names of the channels that do."""
    stored = connection.scalar(select(meta.c.value).where(meta.c.name == _ROW))
    old: dict[str, str] = json.loads(stored) if stored else {}
    new = {name: _hash(home, section) for name, section in home.settings.channels.items()}
    body = {
        "section": "channels",
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
    }
    differing = [*body["added"], *body["removed"], *body["changed"]]
    if differing:
        value = json.dumps(new, sort_keys=True)
        upsert(connection, meta, {"name": _ROW, "value": value}, {"value": value})
        home.writer.record(connection, "setting", now, by, body)
    return differing


def _hash(home: Home, section: object) -> str:
    content = json.dumps(section, sort_keys=True, default=str).encode()
    return hmac.digest(home.keys.alerts, b"channel\0" + content, hashlib.sha256).hex()
