"""``[mailboxes.NAME]``: a mailbox of a canary subscriber at a mail provider, which the listener looks into."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from canaries.core.errors import SettingsError
from canaries.core.settings import bind

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PORTS = {"tls": 993, "starttls": 143}
_LONGEST_PASSWORD = 4096


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """``[mailboxes.NAME]``."""

    host: str
    """The provider's IMAP server; its certificate must be valid for this name."""
    user: str
    """Who logs in: mostly the address itself."""
    password: str = field(default="", repr=False)
    """Better in a file, or as ``TRAPLINE_MAILBOXES_NAME_PASSWORD``. Many providers want a password for programs."""
    password_file: str = ""
    """A file that holds the password, instead; it is read at each login."""
    port: int = 0
    """0: 993, and 143 for ``starttls``."""
    security: Literal["tls", "starttls"] = "tls"
    """``starttls``: TLS after a greeting in clear. Without TLS nothing is sent."""
    ca_file: str = ""
    """PEM file of the CA to trust; empty: the system's."""
    folder: str = "INBOX"
    """Which folder; mail that the provider sorts elsewhere, as spam, is in another: give that a section of its own."""
    seconds: float = 15.0
    """How often it is looked into."""
    address: str = ""
    """Whose mailbox it is: a message in it reached this address, whatever its headers say. Empty: ``user``, where that
    is an address."""
    shared: bool = False
    """Whether mail of several subscribers comes here (aliases, a catch-all): then a message's headers say whose it is,
    and one that is for them in ``Bcc`` alone may name none."""
    from_start: bool = False
    """Whether what is in a mailbox that was never read before is taken in, instead of what comes from now on."""
    kept_bytes: int = 1_048_576
    """Of each message; attachments beyond have no hash."""

    def __post_init__(self) -> None:
        if not self.host or not self.user:
            raise ValueError("host and user are needed")
        if not (self.password or self.password_file):
            raise ValueError("a password or a password_file is needed")
        if self.password and self.password_file:
            raise ValueError("give password or password_file, not both")
        for name in ("host", "user", "password", "folder"):
            if _CONTROL.search(getattr(self, name)):
                raise ValueError(f"{name} has a control character in it")
        if not 0 <= self.port < 65536:
            raise ValueError("port must be between 1 and 65535")
        if not 1 <= self.seconds <= 86_400:
            raise ValueError("seconds must be 1 to 86400")
        if not 1024 <= self.kept_bytes <= 64 << 20:
            raise ValueError("kept_bytes must be 1 KiB to 64 MiB")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One of them, checked."""

    name: str
    told: MailboxSettings

    @property
    def port(self) -> int:
        return self.told.port or _PORTS[self.told.security]

    @property
    def address(self) -> str:
        """Whose every message in it is; empty: only headers tell."""
        if self.told.shared:
            return ""
        return self.told.address or (self.told.user if "@" in self.told.user else "")

    def password(self) -> str:
        """As it is now. Raises SettingsError."""
        told = self.told
        if not told.password_file:
            return told.password
        try:
            with Path(told.password_file).expanduser().open(encoding="utf-8") as file:
                found = file.read(_LONGEST_PASSWORD + 1).rstrip("\r\n")
        except OSError as error:
            raise SettingsError(
                f"mailboxes.{self.name}.password_file cannot be read: {error.strerror}"
            ) from None
        except UnicodeDecodeError:
            found = ""
        if not found or len(found) > _LONGEST_PASSWORD or _CONTROL.search(found):
            raise SettingsError(
                f"mailboxes.{self.name}.password_file holds no password: one line of text is needed"
            )
        return found


def mailboxes(sections: Mapping[str, Mapping[str, Any]]) -> list[Mailbox]:
    """All that are set, by name. Raises SettingsError."""
    found = []
    for name, values in sorted(sections.items()):
        if not _NAME.fullmatch(name):
            raise SettingsError(f"[mailboxes.{name}]: name it with a to z, 0 to 9 and hyphens, 31 at most")
        found.append(Mailbox(name, bind(MailboxSettings, values, f"mailboxes.{name}")))
    return found
