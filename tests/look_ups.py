"""Look-ups of watched records without a database server: lines as its log would have them, and a real intake."""

from __future__ import annotations

import base64
import json
from typing import Any

from canaries.installation.home import Home
from canaries.plant.rows.table import address
from listener.following.log_reader import sighting
from listener.following.log_settings import FollowedLog
from listener.ingest.intake import Intake
from listener.logs import source
from listener.sensors import watches
from listener.sensors.watches import WatchedRecord, WatchWords

URL = "postgresql://admin@db/shop?table=subscribers"
UNTIL = "2100-01-01T00:00:00.000000Z"
AT = "2026-11-25T08:00:00.000000+00:00"


def watch(
    home: Home, *keys: str, person: str = "", url: str = URL, until: str = UNTIL
) -> list[WatchedRecord]:
    """Rows, as `listener.sensors.watching` would note them."""
    where = address(url)
    words = WatchWords(url, f"shop.{where.full_name}", watches.place(where), "owner", "threats", person)
    with home.store.write() as connection:
        return watches.begin(home, connection, [watches.mark(home, where, key) for key in keys], until, words)


def line(record: WatchedRecord, **said: Any) -> bytes:
    """Of one statement that touches a record; the same words are the same statement."""
    usual = {
        "at": AT, "began": AT, "user": "clerk7", "role": "none", "database": "shop", "client": "10.0.0.5",
        "port": 50_123, "application": "psql", "actor": None, "reason": None, "tail": None,
        "query": "SELECT * FROM subscribers WHERE id = 5",
    }  # fmt: skip
    return f"LOG:  {record.mark} ".encode() + base64.b64encode(json.dumps(usual | said).encode())


def take_in(home: Home, *lines: bytes) -> None:
    """As the follower of a log does."""
    log = FollowedLog("db", source("postgresql"), "/var/log/db.log", from_start=True)
    found = [sighting(log, raw, log.path, number, (b"", raw)) for number, raw in enumerate(lines)]
    Intake(home, []).ingest(found, "log:db:x", 1)
