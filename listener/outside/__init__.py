"""Questions to others about a visitor's address: one file in this folder is one service that can be asked.

Nothing here is asked unless ``[outside.NAME] enabled = true`` stands in the settings and an operator, or a timer of
theirs, runs ``trapline outside ask``. Whoever is asked learns that somebody here looks at an address or network now;
each service says in `OutsideService.learns` who that is. What was asked, of whom, through what, and what came back, is
an entry (`listener.outside.asking`). Facts of a hit (`listener.facts`) never wait for any of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from canaries.core.errors import SettingsError, TraplineError

FOLDER = __name__
PREFIXES = {4: 24, 6: 48}
"""So much of an address is told where a service is asked about its network."""
_LONGEST_KEY = 4096
_PROXIES = ("http", "https", "socks5h")


class OutsideError(TraplineError):
    """A service did not answer, or with no answer. The sentence holds no key, and nothing that came back raw."""

    def __init__(
        self, sentence: str, *, hint: str = "", again: int | None = None, ends: bool = False
    ) -> None:
        super().__init__(sentence, hint=hint)
        self.again = again
        """Seconds after which the service takes questions again; None: it does not say."""
        self.ends = ends or again is not None
        """Whether asking this service further is of no use for now: a refused key, a spent allowance."""


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """``[outside.NAME]``, what all services have."""

    enabled: bool = False
    """Whether the service may be asked at all."""
    proxy: str = ""
    """Ask through this proxy: http://127.0.0.1:3128, socks5h://127.0.0.1:9050. None is taken from the environment."""
    ca_file: str = ""
    """PEM file of the CA that vouches for the server; empty: the usual ones."""
    wait_hours: int = 1
    """A hit younger than this is not asked about: a question in the minute of the hit says what it is about."""
    pause_seconds: int = 2
    """Between two questions, at least."""
    jitter_seconds: int = 10
    """Up to so much is added to each pause, by chance."""
    keep_days: int = 7
    """An answer as young as this is not asked for again."""
    most: int = 100
    """Questions of one run."""

    def __post_init__(self) -> None:
        if min(self.wait_hours, self.pause_seconds, self.jitter_seconds, self.keep_days) < 0 or self.most < 1:
            raise ValueError("hours, seconds and days are 0 or more, and most at least 1")
        if self.proxy and urlsplit(self.proxy).scheme not in _PROXIES:
            raise ValueError("proxy must start with http://, https:// or socks5h://")

    @property
    def through(self) -> str:
        """The proxy as entries name it, without a password."""
        parts = urlsplit(self.proxy)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or 0}" if self.proxy else ""


@dataclass(frozen=True, slots=True)
class KeyedSettings(OutsideSettings):
    """Of a service that wants the operator's key."""

    key: str = field(default="", repr=False)
    """The key; better in ``key_file``, or in the environment."""
    key_file: str = ""
    """A file with nothing but the key in it, readable for its owner alone."""

    def secret(self, home: Path, name: str) -> str:
        """The key. Raises SettingsError, without it."""
        if self.key_file:
            path = home / self.key_file
            try:
                if path.stat().st_mode & 0o077:
                    raise SettingsError(f"{path} can be read by others", hint=f"run: chmod 600 {path}")
                found = path.read_text(encoding="ascii")[:_LONGEST_KEY].strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{path} cannot be read: {type(error).__name__}") from None
        else:
            found = self.key.strip()
        if not found or not found.isprintable() or not found.isascii():
            raise SettingsError(
                f"outside.{name} wants a key",
                hint=f"set key_file in [outside.{name}] to a file that holds it",
            )
        return found


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What came back."""

    fact: Mapping[str, Any]
    """JSON-able, no floats; texts are printable and bounded."""
    queries: tuple[str, ...]
    """Each question that went out, as it went, without a key."""
    server: str
    """Who was asked."""


class OutsideService(ABC):
    """One service. Instances live as long as one run."""

    name: ClassVar[str]
    """As in ``[outside.NAME]``."""
    learns: ClassVar[str]
    """For operators, before they switch it on: who learns what by being asked."""
    Settings: ClassVar[type[OutsideSettings]] = OutsideSettings

    def __init__(self, settings: Any, home: Path) -> None:
        """``settings``: an instance of `Settings`. Raises SettingsError where it cannot be asked so."""
        self.settings, self.home = settings, home

    def subject(self, address: IPv4Address | IPv6Address) -> str:
        """What of ``address`` is told: by default its network (`PREFIXES`), never the address."""
        return str(ip_network((address, PREFIXES[address.version]), strict=False))

    @abstractmethod
    def ask(self, subject: str) -> OutsideAnswer:
        """Ask about one subject. Raises OutsideError."""


class AddressService(OutsideService):
    """A service that can only be asked about the address itself."""

    def subject(self, address: IPv4Address | IPv6Address) -> str:
        return str(ip_address(address))
