"""Tor's exit-addresses (TorDNSEL): what address each exit was seen to use, and when.

``ExitNode``, ``Published``, ``LastStatus`` and one or more ``ExitAddress ADDRESS DATE TIME``
(https://check.torproject.org/exit-addresses).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers import DataError
from listener.network_data.readers._ranges import Label, LabelReader, read_text

_SEEN = re.compile(r"ExitAddress (\S+) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)")


class TorExitAddresses(LabelReader):
    """Exits with the time each was last seen."""

    name = "tor-exit-addresses"
    what = "Tor exit-addresses"
    complete = "tor_exit"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        return head.startswith(b"ExitNode ") and b"\nExitAddress " in head

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        self._newest = ""
        for line in read_text(path).splitlines():
            if not line.startswith("ExitAddress"):
                continue
            found = _SEEN.fullmatch(line.strip())
            if found is None:
                raise DataError(f"{path.name}: a line of an exit's address is cut off")
            at = f"{found[2]}T{found[3]}.000000Z"
            self._newest = max(self._newest, at)
            yield found[1], {"class": "tor_exit", "provider": "tor", "seen_at": at}

    def date(self) -> str:
        return self._newest[:10]
