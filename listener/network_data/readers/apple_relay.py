"""Apple's egress-ip-ranges.csv of iCloud Private Relay: network, country, region, city (a geofeed, RFC 8805).

The region and city are those the relay's user is roughly in; only the country is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from listener.network_data.readers._ranges import Label, LabelReader, read_text

_LINE = re.compile(rb"[0-9a-fA-F.:]+/\d+,[A-Z]{2},[^,\n]*,[^,\n]*,?\r?")


class AppleRelay(LabelReader):
    """iCloud Private Relay."""

    name = "apple-relay"
    what = "Apple Private Relay egress ranges"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        lines = head.split(b"\n")[:20]
        return "egress-ip-ranges" in path.name and all(_LINE.fullmatch(line) for line in lines if line)

    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        for line in read_text(path).splitlines():
            network, _, rest = line.partition(",")
            if network.strip():
                country = rest.partition(",")[0]
                yield network, {"class": "relay", "provider": "apple-private-relay", "region": country}
