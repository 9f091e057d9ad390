"""The settings of one proxy: a TOML file of its own, so that it runs where no home is."""

from __future__ import annotations

import ssl
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from canaries.core.binding import bind
from canaries.core.errors import SettingsError
from canaries.core.text import visible
from listener.net.addresses import normal
from listener.net.sockets import UNIX, parse_address

_WHERE = "[proxy]"


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """``[proxy]``; paths are from the file's folder."""

    protocol: Literal["postgresql", "mysql"]
    bind: tuple[str, ...]
    """Where people connect: ``10.0.0.5:6432``, ``unix:/run/trapline/.s.PGSQL.6432``."""
    server: str
    """``127.0.0.1:5432``, or its socket: ``unix:/run/postgresql/.s.PGSQL.5432``."""
    sensor: str
    """File of ``trapline sensors add``."""
    rows: str
    """File of ``trapline sensors proxy prepare``."""
    filter: str = ""
    """File of ``trapline sensors filter``: bait that is recognised in any table; empty: known rows and names alone."""
    spool: str = ""
    """Where reports are kept while the listener is away; empty: 1,000 in memory."""
    certificate: str = ""
    """PEM, with its chain, that clients are shown; empty: no TLS."""
    key: str = ""
    """Of the certificate; empty: in the same file."""
    plain: bool = False
    """Whether clients and server may also be without TLS on other addresses than loopback."""
    client_ca: str = ""
    """PEM: certificates of clients are asked for, and verified by it; they name the person."""
    require_certificate: bool = False
    """Whether a client without one is refused."""
    server_ca: str = ""
    """PEM: TLS to the server, whose certificate is verified by it; empty: no TLS."""
    server_name: str = ""
    """The name in the server's certificate; empty: the host of ``server``."""
    server_certificate: str = ""
    """PEM that the server is shown, where it asks for one."""
    server_key: str = ""
    """Of that certificate."""
    unseen: Literal["pass", "end"] = "pass"
    """What becomes of a connection that cannot be read, or whose reads cannot be kept: it goes on, or is ended."""
    connections: int = 200
    """At a time."""
    login_seconds: float = 60.0
    """A connection that has not said who it is by then is closed."""

    def __post_init__(self) -> None:
        if not self.bind:
            raise ValueError("bind names no address")
        if self.connections < 1 or self.login_seconds <= 0:
            raise ValueError("connections must be 1 or more, and login_seconds more than 0")
        if not self.plain:
            open_ones = [one for one in self.bind if not _near(one)]
            if open_ones and not self.certificate:
                raise ValueError(f"{open_ones[0]} is no loopback: name a certificate, or say plain = true")
            if not _near(self.server) and not self.server_ca:
                raise ValueError(f"{self.server} is no loopback: name server_ca, or say plain = true")
        if self.require_certificate and not self.client_ca:
            raise ValueError("require_certificate needs client_ca")
        if self.client_ca and not self.certificate:
            raise ValueError("client_ca needs a certificate of the proxy's own")


def read_settings(path: Path) -> ProxySettings:
    """The file. Raises SettingsError."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {visible(str(error), limit=200)}") from None
    section = found.pop("proxy", None)
    if found or not isinstance(section, dict):
        raise SettingsError(f"{path} is no proxy's settings", hint="it holds one section, [proxy]")
    folder = path.absolute().parent
    for name in _PATHS:
        if isinstance(section.get(name), str) and section[name]:
            section[name] = str(folder / section[name])
    made = bind(ProxySettings, section, _WHERE)
    for address in (*made.bind, made.server):
        if not address.startswith(UNIX):
            parse_address(address, _WHERE)
    return made


_PATHS = (
    *("sensor", "rows", "filter", "spool", "certificate", "key", "client_ca"),
    *("server_ca", "server_certificate", "server_key"),
)


def client_tls(settings: ProxySettings) -> ssl.SSLContext | None:
    """What clients are met with; None: no TLS. Raises SettingsError."""
    if not settings.certificate:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.protocol == "postgresql":
        made.set_alpn_protocols(["postgresql"])
    try:
        made.load_cert_chain(settings.certificate, settings.key or None)
        if settings.client_ca:
            made.load_verify_locations(settings.client_ca)
            made.verify_mode = ssl.CERT_REQUIRED if settings.require_certificate else ssl.CERT_OPTIONAL
    except OSError as error:
        raise SettingsError(f"{_WHERE} certificate, key, client_ca: {_said(error)}") from None
    return made


def server_tls(settings: ProxySettings) -> ssl.SSLContext | None:
    """How the server is met; None: no TLS. Raises SettingsError."""
    if not settings.server_ca:
        return None
    try:
        made = ssl.create_default_context(cafile=settings.server_ca)
        if settings.server_certificate:
            made.load_cert_chain(settings.server_certificate, settings.server_key or None)
    except OSError as error:
        raise SettingsError(f"{_WHERE} server_ca, server_certificate: {_said(error)}") from None
    if settings.protocol == "postgresql":
        made.set_alpn_protocols(["postgresql"])
    return made


def _said(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _near(address: str) -> bool:
    """A Unix socket, or an address of this machine alone."""
    if address.startswith(UNIX):
        return True
    host = address.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or normal(host).is_loopback
    except ValueError:
        return False
