"""The registration of a network and its abuse contact, of the registry that gave it out (RDAP, RFC 9082)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

from listener.network_data.rdap import BOOTSTRAP, RdapError, Registries
from listener.outside import OutsideAnswer, OutsideError, OutsideService, OutsideSettings


@dataclass(frozen=True, slots=True)
class RdapSettings(OutsideSettings):
    """``[outside.rdap]``."""

    bootstrap: str = BOOTSTRAP
    """Where IANA's lists of registries are."""


class Rdap(OutsideService):
    """Registration and abuse contact."""

    name = "rdap"
    learns = "The registry of the network learns the network of 256 addresses (IPv6: a /48), not the address."
    Settings = RdapSettings

    def __init__(self, settings: RdapSettings, home: Path) -> None:
        super().__init__(settings, home)
        self._registries = Registries(
            bootstrap=settings.bootstrap, proxy=settings.proxy, verify=settings.ca_file or True
        )

    def ask(self, subject: str) -> OutsideAnswer:
        try:
            found = self._registries.ask(ip_network(subject))
        except RdapError as error:
            raise OutsideError(error.sentence) from None
        fact = dataclasses.asdict(found) | {"abuse": list(found.abuse)}
        return OutsideAnswer(fact, (f"RDAP ip/{subject}",), found.server)
