"""Reverse DNS: the names that an address's own name server gives it, and whether those names lead back to it.

The zone of an address belongs to whoever holds its network: a visitor with a server of their own runs the name server
that is asked, and sees the question, who asks (the resolver), and when. Nothing else here tells the visitor themselves.
A name is text of theirs; only one that leads back to the address (forward-confirmed) says anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from listener.outside import AddressService, OutsideAnswer, OutsideError
from listener.outside._dns import NameServer, NameServerSettings

_NAME = re.compile(r"(?=.{1,253}$)(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9-]{1,63}")
_MOST = 3
"""Names that are followed: each is two more questions, and the visitor chooses them."""


@dataclass(frozen=True, slots=True)
class PtrSettings(NameServerSettings):
    """``[outside.ptr]``."""

    wait_hours: int = 24
    """A hit younger than this is not asked about: the visitor may see the question."""


class Ptr(AddressService):
    """Names of an address."""

    name = "ptr"
    learns = (
        "The name server of the visitor's own network sees the question, and when: a visitor who runs it learns that "
        "their use was noticed. Your resolver learns the address."
    )
    Settings = PtrSettings

    def __init__(self, settings: PtrSettings, home: Path) -> None:
        super().__init__(settings, home)
        self._servers = NameServer(settings)

    def ask(self, subject: str) -> OutsideAnswer:
        address = ip_address(subject)
        queries = [f"PTR {address.reverse_pointer}"]
        found = [text.rstrip(".").lower() for text in self._servers.ask(address.reverse_pointer, "PTR")]
        names = [name for name in dict.fromkeys(found) if _NAME.fullmatch(name)]
        confirmed = []
        kind = "A" if address.version == 4 else "AAAA"
        for name in names[:_MOST]:
            queries.append(f"{kind} {name}")
            try:
                back = self._servers.ask(name, kind)
            except OutsideError:
                continue  # a name that cannot be followed is not confirmed
            if str(address) in back:
                confirmed.append(name)
        fact = {"names": names[:_MOST], "confirmed": confirmed, "odd": len(found) - len(names)}
        return OutsideAnswer(fact, tuple(queries), self._servers.server)
