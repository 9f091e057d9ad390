"""Lists of networks, as settings name them: which peers are the operator's own proxies."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from listener.net.addresses import normal


class Networks:
    """A set of networks that can be asked whether it contains an address."""

    def __init__(self, texts: Iterable[str]) -> None:
        """``10.0.0.0/8``, ``2001:db8::1`` ... Raises ValueError for anything else."""
        self._networks = [ipaddress.ip_network(text, strict=False) for text in texts]

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, text: str) -> bool:
        if not self._networks:
            return False
        try:
            address = normal(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
