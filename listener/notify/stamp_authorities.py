"""The authorities for time stamps (RFC 3161) that the settings name, and one question to one of them (3.4: by HTTP).

Nothing but a hash and a random number goes out. An answer that does not verify, or whose time is not the time here, is
no stamp: it is refused with a sentence, and asked for again later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from canaries import __version__
from canaries.core.binding import bind
from canaries.core.errors import SettingsError
from canaries.ledger.time_stamps import Stamp, StampError, StampRequest, certificates, judge, request
from listener.notify.channels import DeliveryError
from listener.notify.channels._http import Receiver, exchange

if TYPE_CHECKING:
    from canaries.installation.home import Home

TOLERANCE = 300.0
"""Seconds between an authority's time and this machine's: beyond that one of the two clocks is wrong."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")


@dataclass(frozen=True, slots=True)
class AuthoritySettings:
    """``[stamps.NAME]``."""

    url: str
    """Where it answers (RFC 3161, 3.4); http:// only to hosts in ``allow``, for the stamp is signed anyway."""
    ca_file: str
    """PEM: the root certificates that its stamps lead to, and intermediate ones that it does not send."""
    minutes: int = 60
    """A checkpoint is stamped at most so often, and only where there is something new."""
    allow: tuple[str, ...] = ()
    """Host names that may have a private address, or speak plain HTTP."""
    tls_ca_file: str = ""
    """PEM file of the CA of its web server; empty: the system's."""

    def __post_init__(self) -> None:
        Receiver.of(self.url, self.allow)
        if not 1 <= self.minutes <= 7 * 24 * 60:
            raise ValueError("minutes must be 1 or more, and a week at most")


@dataclass(frozen=True, slots=True)
class StampAuthority:
    """One authority, ready to be asked."""

    name: str
    """Lower-case letters, digits and hyphens: it becomes part of file names."""
    settings: AuthoritySettings
    roots: bytes
    """PEM."""

    def ask(self, content: bytes, now: datetime) -> tuple[bytes, Stamp]:
        """The whole answer (TimeStampResp, DER) over ``content``, and what it says. Raises StampError."""
        asked = request(content)
        reply = self._reply(asked)
        stamp = judge(reply, content, self.roots, asked)
        off = (stamp.at - now).total_seconds()
        if abs(off) > TOLERANCE:
            where = "behind" if off < 0 else "ahead of"
            raise StampError(
                f"its time is {abs(off):.0f} seconds {where} the time here: which clock is wrong?"
            )
        if stamp.ends <= now:
            raise StampError("its certificate has ended")
        return reply, stamp

    def _reply(self, asked: StampRequest) -> bytes:
        types = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        agent = {"User-Agent": f"Trapline/{__version__}"}
        chosen = self.settings
        try:
            receiver = Receiver.of(chosen.url, chosen.allow)
            reply = exchange(
                receiver, asked.encoded, types | agent, allow=chosen.allow, ca_file=chosen.tls_ca_file
            )
        except DeliveryError as error:
            raise StampError(str(error)) from None
        return reply.body


def authorities(home: Home) -> dict[str, StampAuthority]:
    """Those of the settings, by name. Raises SettingsError."""
    return {name: _authority(name, dict(section)) for name, section in home.settings.stamps.items()}


def _authority(name: str, section: dict[str, object]) -> StampAuthority:
    where = f"stamps.{name}"
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: write its name in lower-case letters, digits and hyphens, 24 at most")
    settings = bind(AuthoritySettings, section, where)
    path = Path(settings.ca_file).expanduser()
    try:
        roots = path.read_bytes()
        certificates(roots)
    except OSError as error:
        raise SettingsError(f"{where}.ca_file: {path} cannot be read: {error.strerror}") from error
    except StampError as error:
        raise SettingsError(f"{where}.ca_file: {error}") from error
    return StampAuthority(name, settings, roots)
