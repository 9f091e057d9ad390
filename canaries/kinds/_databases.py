"""What the logins of databases have in common: usual names, options, and which part of one may tell on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from canaries.core.errors import MintError
from canaries.core.model import Token
from canaries.kinds import Order

USERS = (
    "app",
    "app_rw",
    "api",
    "web",
    "service",
    "reporting",
    "backend",
    "worker",
    "etl",
    "readwrite",
    "prod_app",
)
DATABASES = ("app", "main", "production", "prod", "core", "accounts", "members", "alerts", "crm", "billing")


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """What ``--set`` may set of any database's login."""

    user: str = ""
    """Empty: one of the usual names."""
    database: str = ""
    """Empty: one of the usual names."""
    port: int = 0
    """Where your trap is reached; 0: the port it is set to listen on, else the protocol's own."""
    unique_user: bool = False
    """A user name as Vault's database engine makes it: it tells on its own, where a client hides its password too."""

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise ValueError("port must be 1 to 65535, or 0 for the trap's own")


@dataclass(frozen=True, slots=True)
class DatabaseLogin:
    """One login at one server."""

    user: str
    password: str
    database: str
    host: str
    """A name or an address, an IPv6 one in brackets."""
    hostname: str
    """The same without brackets."""
    port: int
    tokens: tuple[Token, ...]
    """The password, the user where it is unique, the host where it is this canary's own."""

    def authority(self, usual: int) -> str:
        """``user:password@host:port`` of a URL; the port only where it is not the usual one."""
        port = "" if self.port == usual else f":{self.port}"
        return f"{self.user}:{self.password}@{self.host}{port}"

    def row(self, url: str) -> dict[str, str]:
        """The columns of a bait, with the URL it is planted as."""
        return {
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "url": url,
            "host": self.host,
        }


def login(
    order: Order,
    options: LoginOptions,
    trap: str,
    usual: int,
    *,
    users: Sequence[str] = USERS,
    databases: Sequence[str] = DATABASES,
) -> DatabaseLogin:
    """A login for ``trap``, whose protocol has the port ``usual``. Raises MintError on a name no URL can hold."""
    stream, site = order.stream, order.site()
    user = options.user or stream.pick("user", users)
    tokens = []
    if options.unique_user:
        if options.user:
            raise MintError("a unique user's name is made, not given", hint="leave out user or unique_user")
        user = "v-token-app-" + order.secret("unique user", 20)
        tokens = [Token("user", user)]
    password = order.secret("password", stream.between("length", 20, 28))
    # A base URL without a label in its host has nothing of this canary in the host: then password and user alone tell.
    own = [token for token in site.tokens if token.facet == "host"]
    return DatabaseLogin(
        plain(user, "user"),
        password,
        plain(options.database or stream.pick("database", databases), "database"),
        f"[{site.hostname}]" if ":" in site.hostname else site.hostname,
        site.hostname,
        options.port or order.port(trap, usual),
        (Token("password", password), *tokens, *own),
    )


@dataclass(frozen=True, slots=True)
class HttpLoginOptions:
    """What ``--set`` may set of a login at a server that speaks HTTP."""

    user: str = ""
    """Empty: one of the usual names."""


@dataclass(frozen=True, slots=True)
class HttpLogin:
    """One login at one server that speaks HTTP: the HTTP trap takes it, whatever the port of the base URL."""

    user: str
    password: str
    url: str
    """With user and password, no slash at the end."""
    host: str
    """As it stands in the URL, with its port."""
    tokens: tuple[Token, ...]

    def row(self) -> dict[str, str]:
        """The columns of a bait."""
        return {"user": self.user, "password": self.password, "url": self.url, "host": self.host}


def http_login(order: Order, options: HttpLoginOptions, users: Sequence[str]) -> HttpLogin:
    """A login for a server that speaks HTTP. Raises MintError on a name no URL can hold."""
    stream, site = order.stream, order.site()
    user = plain(options.user or stream.pick("user", users), "user")
    password = order.secret("password", stream.between("length", 20, 28))
    url = site.url.replace("://", f"://{user}:{password}@", 1)
    return HttpLogin(user, password, url, site.host, (Token("password", password), *site.tokens))


def plain(name: str, noun: str) -> str:
    """``name``, which needs no escaping in a URL, an option file or a quoted string. Raises MintError otherwise."""
    if not name.replace("_", "").replace("-", "").isalnum() or not name.isascii():
        raise MintError(f"the {noun} of a database has letters, digits, - and _ only")
    return name
