"""Names, addresses and URLs that an operator gives: looked at once, before anything is built on them.

What passes here has a host that a client can look up and a port that it can call. Whether it leads to this machine is
another question (`canaries.installation.reachability`).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

LABEL = "{label}"
"""Stands for a host name of its own in the root of bait URLs."""
_LABELS = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\Z", re.ASCII)
_NUMBER = re.compile(r"([0-9]+|0x[0-9a-f]*)\Z")
"""A last label of this form makes the whole an IPv4 address for clients (WHATWG URL, 3.5): a wrong one here."""
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*\Z")


def is_host(text: str) -> bool:
    """Whether ``text`` is a name that DNS can hold (RFC 1035, 2.3.4), or an IPv4 or IPv6 address without brackets."""
    return is_host_name(text) or is_address(text)


def is_host_name(text: str) -> bool:
    """Whether ``text`` is a name that DNS can hold, and no address."""
    name = text.lower()
    return bool(_LABELS.match(name)) and not _NUMBER.match(name.rpartition(".")[2])


def is_address(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address, without brackets."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def port_number(text: str) -> int | None:
    """A port from 1 to 65535 in decimal digits, or None."""
    short = text.isascii() and text.isdecimal() and len(text) <= 5
    return int(text) if short and 0 < int(text) < 65536 else None


def root_url(url: str, setting: str, *, labelled: bool = False) -> SplitResult:
    """The parts of a URL that others are made of by adding to its path. Raises ValueError naming ``setting``.

    ``labelled``: its host may begin with ``{label}.``, which is then still in the parts.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{setting} must start with http:// or https://")
    if not all(0x20 < ord(char) < 0x7F for char in url):
        raise ValueError(
            f"{setting} must be plain ASCII without spaces; a name in other letters is written as xn--..."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"{setting} must name a host, and any port must be between 1 and 65535") from None
    name = host.removeprefix(f"{LABEL}.") if labelled else host
    if not is_host(name) or (name != host and is_address(name)):
        raise ValueError(f"{setting} names the host {host!r}, which is no host name and no address")
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError(f"{setting} must name a port between 1 and 65535, or none")
    if "@" in parts.netloc:
        raise ValueError(f"{setting} must not have a user name or a password in it")
    if "?" in url or "#" in url or not _PATH.match(parts.path) or {".", ".."} & {*parts.path.split("/")}:
        raise ValueError(
            f"{setting} must end with its host, its port or a plain path: others are added to it"
        )
    return parts
