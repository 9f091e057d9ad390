"""The settings of console and API; the others are in `canaries.core.settings`."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

_DEEDS = ("reveal", "raw", "dossier", "accounts", "lookups", "holds")


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """The operators' web pages and the API, which one process serves."""

    bind: str = "127.0.0.1:0"
    """Loopback; port 0: any free port. Another address needs ``certificate`` or ``proxies``, and alerts.console_url."""
    certificate: str = ""
    """A PEM file with a certificate chain and its key, or ``chain.pem:key.pem``: TLS is spoken, and nothing else."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of the proxies in front: only they may connect, and their X-Forwarded-For is believed."""

    approvals: tuple[str, ...] = ()
    """What another account has to approve first: of ``reveal`` (bait of others), ``raw`` (requests as they came),
    ``dossier``, ``accounts`` (made, changed, recovered), ``lookups`` (queries, and whose records),
    ``holds`` (released). Empty: nothing."""

    def __post_init__(self) -> None:
        for one in self.proxies:
            try:
                ipaddress.ip_network(one, strict=False)
            except ValueError:
                raise ValueError(f"proxies names {one!r}, which is no address or network") from None
        for one in self.approvals:
            if one not in _DEEDS:
                raise ValueError(f"approvals names {one!r}: choose from {', '.join(_DEEDS)}")
