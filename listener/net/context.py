"""What every trap of a front process shares: journal, identity, certificates, counters."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from canaries.core import clock
from canaries.core.errors import HomeError
from canaries.crypto.keys import Keys
from canaries.crypto.random_pool import RandomPool
from canaries.protocols.ca import Authority
from listener.evidence.shapes import Notes, TlsHandshake, Via
from listener.evidence.sighting import Sighting
from listener.journal.journal import Journal
from listener.net.certificates import Certificates
from listener.net.lanes import Lanes
from listener.net.overload import Overload
from listener.protocol.identity import Identity

SSH_KEY = "ssh_rsa"
"""The file in the front's folder."""


def _unknown() -> None:
    return None


@dataclass(slots=True)
class TrapContext:
    """What every trap of this process shares."""

    journal: Journal | Lanes
    identity: Identity
    certificates: Certificates
    id: str
    """16 hexadecimal digits: which front process."""
    clock: clock.ClockReading
    """The latest."""
    domain: str = ""
    """The catch domain, or empty."""
    bare_host: str = ""
    """The host name of bait whose base URL has no label in it; empty where it has one."""
    live_kinds: Callable[[], frozenset[str] | None] = _unknown
    """The kinds of live bait (`canaries.installation.kinds_file`); None where that is not known."""
    overload: Overload = field(default_factory=Overload)
    """What is refused now."""
    sensors: Mapping[str, bytes] = field(default_factory=dict)
    """Name to key of the sensors that may report."""
    ssh_key: bytes = b""
    """The RSA host key of an SSH server, PEM; empty where there is none."""
    _random: RandomPool = field(default_factory=RandomPool)
    _sightings: int = 0
    _connections: int = 0
    _counts: dict[str, Counter[str]] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        folder: Path,
        journal: Journal | Lanes,
        overload: Overload | None = None,
        *,
        strict: bool = False,
        names: tuple[str, ...] = (),
    ) -> TrapContext:
        """From the front's folder; ``strict`` as in `Identity`, ``names`` as in `Certificates`. Raises HomeError,
        SettingsError."""
        keys = Keys(folder)
        configured = tuple(sorted((folder / "certs").glob("*.pem")))
        certificates = Certificates(
            Authority.load(folder), _leaf(folder), keys.front, configured, names=names
        )
        return cls(
            journal,
            Identity(keys.front, strict=strict, draw=secrets.token_bytes),
            certificates,
            secrets.token_hex(8),
            clock.quality().as_dict(),
            overload=overload or Overload(),
            ssh_key=key.read_bytes() if (key := folder / SSH_KEY).is_file() else b"",
        )

    def count(self, trap: str, what: str) -> None:
        """Note that one trap refused something; for `counts`."""
        self._counts.setdefault(trap, Counter())[what] += 1
        self.overload.note(f"trap {trap}", what)

    def counts(self) -> dict[str, dict[str, int]]:
        """What each trap refused since this process began."""
        return {trap: dict(counts) for trap, counts in self._counts.items()}

    def next_connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def sighting(
        self,
        *,
        trap: str,
        peer: tuple[str, int],
        local: tuple[str, int],
        raw: bytes,
        size: int,
        connection: int,
        observed_at: int = 0,
        transport: str = "tcp",
        tls: TlsHandshake | None = None,
        via: Via | None = None,
        answer: str = "",
        notes: Notes | None = None,
    ) -> Sighting:
        """A sighting with this front's id, its number and the clock's quality filled in."""
        self._sightings += 1
        now = clock.micros()
        return Sighting(
            # ids of one time stand together in the database's index, so that a batch writes few of its pages
            f"{now:014x}{self._random.take(9).hex()}",
            trap,
            observed_at or now,
            peer,
            local,
            transport,
            raw,
            size,
            self.id,
            self._sightings,
            connection,
            self.clock,
            tls,
            via,
            answer,
            notes or {},
        )


def _leaf(folder: Path) -> bytes:
    try:
        return (folder / "leaf").read_bytes()
    except OSError as error:
        raise HomeError(f"the front's TLS key in {folder} cannot be read: {error.strerror}") from error
