"""The traps' sockets: read from settings, bound by the supervisor, kept over every restart of the front."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path

from canaries.core.errors import HomeError, SettingsError
from canaries.core.web_address import port_number

UNIX = "unix:"
"""How the address of a Unix socket begins."""
_BACKLOG = 4096
_TRIES = 20
_LONGEST_PATH = 107
"""Bytes (unix(7))."""
_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def parse_address(text: str, where: str) -> tuple[str, int]:
    """``host:port`` or ``[v6]:port`` as host and port. Raises SettingsError naming ``where``."""
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or (":" in host) != bracketed:
        raise SettingsError(
            f"{where}: {text!r} is not host:port", hint="an IPv6 address goes into brackets: [::]:80"
        )
    if port_number(port) is None and port != "0":
        raise SettingsError(f"{where}: {text!r} has no port between 0 and 65535")
    return host[1:-1] if bracketed else host, int(port)


def open_sockets(text: str, transports: Sequence[str], where: str) -> list[socket.socket]:
    """A socket for each transport, all on one port: where ``text`` leaves it open, one that is free for all of them.

    Raises SettingsError, HomeError.
    """
    if text.startswith(UNIX):
        return [open_unix_socket(text, where)]
    host, _, port = text.rpartition(":")
    tries = _TRIES if port == "0" else 1
    while True:
        tries -= 1
        first = open_socket(text, transports[0], where)
        same = f"{host}:{first.getsockname()[1]}"
        try:
            return [first, *(open_socket(same, transport, where) for transport in transports[1:])]
        except HomeError:  # the port that the kernel chose is free for the first only
            first.close()
            if not tries:
                raise


def open_socket(text: str, transport: str, where: str) -> socket.socket:
    """A bound (and listening) socket for ``text``. Raises SettingsError, HomeError."""
    host, port = parse_address(text, where)
    kind = _KINDS[transport]
    try:
        family, _, _, _, address = socket.getaddrinfo(host or None, port, type=kind, flags=socket.AI_PASSIVE)[
            0
        ]
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{where}: {host!r} is not an address of this machine") from error
    sock = socket.socket(family, kind)
    try:
        if kind == socket.SOCK_STREAM:  # on UDP another program could then share the port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(
                socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1
            )  # so that 0.0.0.0 and [::] go side by side
        sock.bind(address)
        if kind == socket.SOCK_STREAM:
            sock.listen(_BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        raise HomeError(f"cannot listen on {text}: {_reason(error)}", hint=_hint(error, where)) from error
    return sock


def open_unix_socket(text: str, where: str) -> socket.socket:
    """A listening socket for ``unix:/path``, which every user of this machine may connect to; what a listener that was
    killed left there is replaced. Raises SettingsError, HomeError."""
    path = Path(text.removeprefix(UNIX))
    if not path.is_absolute() or len(os.fsencode(path)) > _LONGEST_PATH:
        raise SettingsError(
            f"{where}: {text!r} is no absolute path of {_LONGEST_PATH} bytes at most",
            hint="write unix:/run/trapline/sensors.sock",
        )
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(str(path)) == 0:
                    raise OSError(errno.EADDRINUSE, "in use")  # noqa: TRY301  told below
            path.unlink()
        sock.bind(str(path))
        path.chmod(0o666)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except OSError as error:
        sock.close()
        reason = (
            "another program listens there"
            if error.errno == errno.EADDRINUSE
            else os.strerror(error.errno or 0)
        )
        raise HomeError(f"cannot listen on {text}: {reason}", hint=f"change {where}") from error
    return sock


def places(sockets: Iterable[socket.socket]) -> list[str]:
    """The addresses of a trap's sockets, each once: one bound for two transports is one place."""
    return list(dict.fromkeys(format_address(sock) for sock in sockets))


def format_address(sock: socket.socket) -> str:
    """``host:port`` of a bound socket, or ``unix:/path``."""
    if sock.family == socket.AF_UNIX:
        return f"{UNIX}{sock.getsockname()}"
    host, port = sock.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program holds that port"
    if error.errno == errno.EACCES:
        return "ports below 1024 need root or CAP_NET_BIND_SERVICE"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address"
    return os.strerror(error.errno or 0)


def _hint(error: OSError, where: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"stop the other program, or choose another port in {where}"
    return f"change {where}"
