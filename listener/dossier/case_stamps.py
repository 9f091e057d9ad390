"""Which time stamps of the log a case shows, and the stamps of the dossier itself.

For each of the first events: the last stamp whose entry the log held before it (it was sealed later than that), and the
first stamp of a checkpoint that holds it (it was sealed no later). Beside these the newest stamp of each authority:
later ones vouch for earlier ones whose certificates have ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import SettingsError
from canaries.ledger.time_stamps import StampError
from listener.notify.stamp_authorities import StampAuthority, authorities
from listener.notify.stamper import KeptStamp, Stamper, kept, state

if TYPE_CHECKING:
    from canaries.installation.home import Home

BRACKETED = 25
"""For how many events, from the first on, the checkpoints and time stamps before and after them are included."""


@dataclass(frozen=True, slots=True)
class CaseStamp:
    """A time stamp of one of the case's checkpoints."""

    about: KeptStamp
    token: bytes
    """The authority's whole answer (TimeStampResp, DER)."""

    @property
    def file(self) -> str:
        """Its name: size of the log, authority."""
        return f"{self.about.size:012d}.{self.about.authority}.tsr"


Warn = Callable[[str], object]


def chosen(connection: Connection, hits: Sequence[int], size: int) -> list[CaseStamp]:
    """The stamps for hits at these places of a log of ``size`` entries, with their tokens, by size."""
    every = [item for item in kept(connection) if item.size <= size]
    wanted: dict[str, KeptStamp] = {item.authority: item for item in every}
    found = set(wanted.values())
    for seq in hits[:BRACKETED]:
        for name in wanted:
            own = [item for item in every if item.authority == name]
            after = next((item for item in own if item.size > seq), None)
            before = [item for item in own if item.place is not None and item.place < seq]
            found.update(item for item in (after, *before[-1:]) if item)
    return [
        CaseStamp(item, _token(connection, item.sha256))
        for item in sorted(found, key=lambda item: (item.size, item.at, item.authority))
        if not any(  # one file for each size and authority: the latest
            (other.size, other.authority) == (item.size, item.authority) and other.at > item.at
            for other in found
        )
    ]


def _token(connection: Connection, sha256: str) -> bytes:
    return bytes(
        connection.execute(select(store.stamp.c.reply).where(store.stamp.c.sha256 == sha256)).scalar_one()
    )


def roots(connection: Connection, home: Home, stamps: Sequence[CaseStamp]) -> dict[str, bytes]:
    """The certificates that the stamps lead to, by authority: those of the settings, or of when it was stamped."""
    present = {name: authority.roots for name, authority in _authorities(home).items()}
    names = {stamp.about.authority for stamp in stamps} | set(present)
    found = {name: present.get(name) or state(connection, name).roots.encode() for name in sorted(names)}
    return {name: pem for name, pem in found.items() if pem}


def stamp_head(home: Home, warn: Warn) -> None:
    """Have the newest checkpoint stamped now, as far as the authorities answer."""
    for name, authority in _authorities(home).items():
        if problem := Stamper(home).step(authority, now=True):
            warn(f"no time stamp of the log from {name}: {problem}")


def stamps_of(home: Home, content: bytes, warn: Warn) -> Iterator[tuple[str, bytes]]:
    """(authority, its whole answer) for ``content``, from those that answer."""
    for name, authority in sorted(_authorities(home).items()):
        try:
            reply, _ = authority.ask(content, home.clock.now())
        except StampError as error:
            warn(f"no time stamp of the dossier from {name}: {error}")
        else:
            yield name, reply


def _authorities(home: Home) -> dict[str, StampAuthority]:
    """Those of the settings; none where these are wrong: a dossier can be built all the same, and `status` tells."""
    try:
        return authorities(home)
    except SettingsError:
        return {}
