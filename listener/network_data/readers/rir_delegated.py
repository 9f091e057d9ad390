"""A registry's delegated(-extended) statistics: who was given which addresses, by country of registration.

``registry|cc|type|start|value|date|status``; of IPv4 the value is a count, of IPv6 a prefix length
(https://www.apnic.net/about-apnic/corporate-documents/documents/resource-guidelines/rir-statistics-exchange-format/).
The country is that of the holder, not of the users.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, ip_network
from pathlib import Path

from listener.network_data.readers import NetworkAnswer
from listener.network_data.readers._lines import text_lines
from listener.network_data.readers._mmdb import country
from listener.network_data.readers._spans import Edge, SpanReader

_HEADER = re.compile(rb"\d(?:\.\d)?\|(?:afrinic|apnic|arin|iana|lacnic|ripencc|nro)\|")


class RirDelegated(SpanReader):
    """Country of registration."""

    name = "rir-delegated"
    what = "RIR delegated statistics"

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        text = b"\n".join(line for line in head.split(b"\n") if not line.startswith(b"#"))
        return _HEADER.match(text) is not None

    def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
        self._date = ""
        for line in text_lines(path):
            parts = line.split("|")
            if line.startswith("#") or len(parts) < 7:
                continue
            if parts[0][0].isdigit():
                self._date = parts[5] or parts[2]
                continue
            code = country(parts[1])
            if parts[2] == "ipv4" and code:
                first = IPv4Address(parts[3])
                yield parts[3], str(first + (int(parts[4]) - 1)), NetworkAnswer(country=code)
            elif parts[2] == "ipv6" and code:
                network = ip_network(f"{parts[3]}/{parts[4]}")
                yield parts[3], str(network.broadcast_address), NetworkAnswer(country=code)

    def date(self) -> str:
        digits = self._date
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) == 8 else ""
