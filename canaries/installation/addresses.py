"""Addresses, as far as this machine knows: what a name resolves to, who can reach an address, which are its own.

Nothing here calls another machine, but for the look-up of a name.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import threading

from canaries.crypto.seeded_random import BASE36

Addresses = tuple[str, ...] | None
"""What a name resolves to: nothing where it does not exist, None where nobody answered."""

_LOOKUP_SECONDS = 2.0
_SETTLED = (socket.EAI_NONAME, socket.EAI_NODATA)
"""Of the errors of getaddrinfo(3) those that say that there is no such name; the others say that nobody knows."""
_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
"""RFC 5737, RFC 3849 and RFC 9637: addresses of examples, nobody's."""


def look_up(name: str) -> Addresses:
    """The addresses of ``name``, waiting two seconds at most."""
    found: list[Addresses] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            found.append(tuple(dict.fromkeys(str(answer[4][0]) for answer in answers)))
        except socket.gaierror as error:
            found.append(() if error.errno in _SETTLED else None)
        except (OSError, UnicodeError):
            found.append(None)

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(_LOOKUP_SECONDS)
    return found[0] if found else None


def scope(address: str) -> str:
    """``unspecified``, ``loopback``, ``documentation``, ``multicast``, ``private``; empty: reached from anywhere."""
    one = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped:
        one = one.ipv4_mapped
    if one.is_unspecified:
        return "unspecified"
    if one.is_loopback:
        return "loopback"
    if any(one.version == network.version and one in network for network in _DOCUMENTATION):
        return "private" if own(address) else "documentation"
    if one.is_multicast:
        return "multicast"
    return "" if one.is_global else "private"


def is_name(host: str) -> bool:
    """Whether ``host`` is a name and no address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def random_label() -> str:
    """A name below the domain that nobody has asked for before, of no constant form."""
    return secrets.choice(BASE36[10:]) + "".join(secrets.choice(BASE36) for _ in range(20))


def own(address: str) -> bool:
    """Whether ``address`` is one of this machine's."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.bind((address.partition("%")[0], 0))
    except OSError:
        return False
    return not ipaddress.ip_address(address.partition("%")[0]).is_unspecified


def network_address() -> str:
    """The address from which this machine speaks to others; empty where it has none. Sends nothing."""
    for family, outside in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((outside, 9))  # of a datagram socket: a route is chosen, no packet leaves
                return str(sock.getsockname()[0])
        except OSError:
            continue
    return ""


def answers(address: str, port: int, seconds: float = 1.0) -> bool:
    """Whether a TCP connection to ``address`` is taken; asked of this machine's own addresses."""
    try:
        with socket.create_connection((address, port), seconds):
            return True
    except OSError:
        return False
