"""Origin of a network by DNS, as Team Cymru publishes it: AS number, announced prefix, registry, date of allocation.

``TXT 0.100.51.198.origin.asn.cymru.com`` is answered by ``"64500 | 198.51.100.0/24 | DE | ripencc | 2007-06-14"``
(https://team-cymru.com/community-services/ip-asn-mapping/). The first address of the network is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from canaries.core.text import visible
from listener.outside import OutsideAnswer, OutsideError, OutsideService
from listener.outside._dns import NameServer, NameServerSettings

_NUMBERS = re.compile(r"\d{1,10}(?: \d{1,10})*")
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class CymruSettings(NameServerSettings):
    """``[outside.cymru]``."""

    zone: str = "origin.asn.cymru.com"
    """Of IPv4 networks."""
    zone6: str = "origin6.asn.cymru.com"
    """Of IPv6 networks."""


class Cymru(OutsideService):
    """Origin of a network."""

    name = "cymru"
    learns = "Team Cymru and your resolver learn the network of 256 addresses (IPv6: a /48), not the address."
    Settings = CymruSettings

    def __init__(self, settings: CymruSettings, home: Path) -> None:
        super().__init__(settings, home)
        self._servers = NameServer(settings)

    def ask(self, subject: str) -> OutsideAnswer:
        network = ip_network(subject)
        labels = network.network_address.reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(
            ".ip6.arpa"
        )
        name = f"{labels}.{self.settings.zone if network.version == 4 else self.settings.zone6}"
        origins = []
        for text in self._servers.ask(name, "TXT"):
            fields = [field.strip() for field in text.strip('"').split("|")]
            if len(fields) < _FIELDS or not _NUMBERS.fullmatch(fields[0]):
                raise OutsideError(f"{self._servers.server} answered with something else than an origin")
            try:
                prefix = str(ip_network(fields[1]))
            except ValueError:
                raise OutsideError(f"{self._servers.server} answered with no network") from None
            origins.append(
                {
                    "asns": [int(number) for number in fields[0].split()],
                    "prefix": prefix,
                    "registered_in": visible(fields[2], limit=2),
                    "registry": visible(fields[3], limit=20),
                    "allocated": visible(fields[4], limit=10),
                }
            )
        return OutsideAnswer({"origins": origins}, (f"TXT {name}",), self._servers.server)
