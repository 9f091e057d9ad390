"""What logins at mail, file and directory servers have in common: a user, a password, a server that is a trap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from canaries.core.errors import MintError
from canaries.core.model import BaitFile, Token
from canaries.kinds import Order

_CAS = (".ca.pem", ".root-ca.pem", ".internal-ca.pem", ".mail-ca.pem", ".company-ca.crt", ".ca-bundle.crt")
_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*(@[A-Za-z0-9.-]+)?")


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What ``--set`` may set of any such login."""

    user: str = ""
    """Empty: one of the usual names."""
    port: int = 0
    """Where your trap is reached; 0: the port it is set to listen on, else the protocol's own."""

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise ValueError("port must be 1 to 65535, or 0 for the trap's own")


@dataclass(frozen=True, slots=True)
class SecureOptions(AccountOptions):
    """The same, where a client can be told to speak TLS with this installation's own certificates."""

    ca: bool = False
    """Whether the bait asks for STARTTLS and brings this installation's own CA, which takes ``starttls = true`` in the
    trap's settings; else it asks for none."""


@dataclass(frozen=True, slots=True)
class Account:
    """One login at one server."""

    user: str
    password: str
    hostname: str
    """A name, or an address without brackets."""
    port: int
    tokens: tuple[Token, ...]
    """The password, and the host where it is this canary's own."""

    @property
    def host(self) -> str:
        """As a URL has it: an IPv6 address in brackets."""
        return f"[{self.hostname}]" if ":" in self.hostname else self.hostname

    def server(self, usual: int) -> str:
        """``host`` or ``host:port`` of a URL; the port only where it is not the usual one."""
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    def row(self) -> dict[str, str]:
        """The columns of a bait."""
        return {
            "user": self.user,
            "password": self.password,
            "host": self.hostname,
            "port": str(self.port),
        }


def ca_file(order: Order, options: SecureOptions) -> BaitFile | None:
    """The installation's own CA as a file of the home folder, where the bait is to bring it."""
    if not options.ca or not order.ca_pem:
        return None
    return BaitFile(order.stream.pick("ca file", _CAS), order.ca_pem.encode(), 0o644)


def account(
    order: Order, options: AccountOptions, trap: str, usual: int, *, users: Sequence[str], mail: bool = False
) -> Account:
    """A login for ``trap``, whose protocol has the port ``usual``; with ``mail`` the user is a mailbox.

    Raises MintError on a user that some client's file could not hold.
    """
    stream, site = order.stream, order.site()
    user = options.user or stream.pick("user", users)
    if mail and order.domain and "@" not in user:
        user = f"{user}@{order.domain}"
    if not _USER.fullmatch(user):
        raise MintError("the user has letters, digits, and . _ + - or one @ only")
    password = order.secret("password", stream.between("length", 20, 28))
    # A base URL without a label in its host has nothing of this canary in the host: then the password alone tells.
    tokens = (Token("password", password), *site.own_host)
    return Account(user, password, site.hostname, options.port or order.port(trap, usual), tokens)
