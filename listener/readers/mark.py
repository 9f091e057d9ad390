"""What a reader writes into the server's log: a mark, and what the database knows of the statement.

    <mark: 32 hexadecimal digits> <base64 of a JSON object>

In Base64, so that it reads the same in every log format, and that nothing a client chose (its query, its application's
name) can look like a part of the log. Whoever does not know a row's mark cannot write a line that counts.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

MARKED = re.compile(rb"(?<![0-9a-zA-Z])([0-9a-f]{32}) ([A-Za-z0-9+/]{40,48000}={0,2})")
"""JSON writes a control character as six bytes: 4,000 characters of a statement may become 32,000 in Base64."""


@dataclass(frozen=True, slots=True)
class MarkedRead:
    """One planted row that a statement looked at."""

    mark: str
    said: Mapping[str, object]
    """As the function wrote it: ``at``, ``user``, ``client``, ``port``, ``application``, ``query`` ..."""


def marked_reads(line: bytes) -> list[MarkedRead]:
    """Every such message in a line of a log."""
    found = []
    for match in MARKED.finditer(line):
        try:
            said = json.loads(base64.b64decode(match[2], validate=True).decode("utf-8", "replace"))
        except (ValueError, binascii.Error, RecursionError):
            continue
        if isinstance(said, dict):
            found.append(MarkedRead(match[1].decode(), said))
    return found
