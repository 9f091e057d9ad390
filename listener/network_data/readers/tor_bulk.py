"""Tor's bulk exit list: one address a line (https://check.torproject.org/torbulkexitlist). The file carries no date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_text

_LINE = re.compile(rb"[0-9a-fA-F.:]+")


class TorBulk(LabelReader):
    """Addresses from which exits call out, at the time the list was made."""

    name = "tor-bulk"
    what = "the Tor bulk exit list"
    complete = "tor_exit"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        lines = head.split(b"\n")[:50]
        return (
            "tor" in path.name.lower() and any(lines) and all(_LINE.fullmatch(line) for line in lines if line)
        )

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        for line in read_text(path).splitlines():
            if line.strip():
                yield line, {"class": "tor_exit", "provider": "tor"}
