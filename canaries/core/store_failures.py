"""What a database's error means to whoever reads it."""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import DBAPIError

# what a pool logs of a connection that broke, at Ctrl-C too, is beside an error that is raised: no trace to show
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

ROOM = 64 << 10
"""Bytes that SQLite needs on the disk even to read: its log's index."""


def words(error: DBAPIError, url: URL) -> tuple[str, str | None]:
    """(One sentence without a secret, what to do next).

    SQLite says "disk I/O error" or "unable to open database file" where the disk is full or cannot be written, and a
    database that cannot be written is not even read.
    """
    said = str(error.orig or "").strip().splitlines()
    sentence = f"database error: {said[0] if said else type(error).__name__}"
    if not isinstance(error.orig, sqlite3.OperationalError) or not url.database:
        return sentence, None
    folder = Path(url.database).parent
    try:
        disk = os.statvfs(folder)
    except OSError:
        return sentence, None
    if disk.f_flag & os.ST_RDONLY:
        return f"{folder} is on a disk that cannot be written", "read a copy of it elsewhere"
    if disk.f_bavail * disk.f_frsize < ROOM:
        return f"the disk of {folder} is full", "make room, and try again"
    return sentence, None
