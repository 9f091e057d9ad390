"""What an SSH client says in clear before the keys are agreed: its version line and its SSH_MSG_KEXINIT.

RFC 4253: section 4.2 the identification string, section 6 the binary packet, section 7.1 the message. HASSH is the MD5
of the algorithms a client offers, as https://github.com/salesforce/hassh defines it: it tells client programs apart,
also where the version line is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from canaries.core.text import decoded

_LONGEST_LINE = 255
_LONGEST_PACKET = 35_000
"""RFC 4253, 6.1: what every implementation must take."""
LIMIT = _LONGEST_LINE + 1 + 4 + _LONGEST_PACKET
"""Bytes within which the greeting is complete."""
_KEXINIT = 20
_LISTS = 10
_HASSH = (0, 2, 4, 6)
"""Key exchange; and, client to server: encryption, MAC, compression."""

_LONGEST_IDENTIFICATION = 8192
_IDENTIFICATION = re.compile(rb"SSH-(\d+)\.(\d+)-[^\0\r]+\r?\Z")
_NOT_SSH = b"Invalid SSH identification string.\r\n"
_OTHER_VERSION = b"Protocol major versions differ.\r\n"


@dataclass(frozen=True, slots=True)
class Greeting:
    """The client's half of it."""

    version: str
    """The identification string, as ``SSH-2.0-OpenSSH_9.2p1 Debian-2``."""
    hassh: str
    """32 hexadecimal digits."""
    algorithms: str
    """What HASSH is the hash of: the four lists, a semicolon between them."""


def parse(data: bytes) -> Greeting | None:
    """The greeting at the beginning of what a client sent; None while it is not complete.

    Raises ValueError where it is none.
    """
    if (parts := _parts(data)) is None:
        return None
    line, found = parts
    algorithms = b";".join(found[index] for index in _HASSH)
    hassh = hashlib.md5(algorithms, usedforsecurity=False).hexdigest()
    return Greeting(decoded(line.rstrip(b"\r")), hassh, decoded(algorithms))


def names(data: bytes) -> list[bytes]:
    """Every name in the ten name-lists of a greeting, languages included; none where ``data`` does not begin with
    one."""
    try:
        parts = _parts(data)
    except ValueError:
        return []
    return [] if parts is None else [name for one in parts[1] for name in one.split(b",") if name]


def _parts(data: bytes) -> tuple[bytes, list[bytes]] | None:
    """The identification line and the name-lists; None while they are not complete. Raises ValueError."""
    line, newline, rest = data.partition(b"\n")
    if len(line) > _LONGEST_LINE or not b"SSH-".startswith(line[:4]):
        raise ValueError("no SSH identification string")
    if not newline or len(rest) < 5:
        return None
    length, padding = int.from_bytes(rest[:4], "big"), rest[4]
    if length > _LONGEST_PACKET or length < padding + 2:
        raise ValueError("no SSH packet")
    if len(rest) < 4 + length:
        return None
    payload = rest[5 : 4 + length - padding]
    if payload[0] != _KEXINIT:
        raise ValueError("no SSH_MSG_KEXINIT")
    return line, _name_lists(payload[17:])


def refusal(data: bytes) -> bytes:
    """What OpenSSH says before it closes, of these first bytes of a client; empty while nothing is wrong with them.

    kex.c, kex_exchange_identification: the first line must be the identification, within 8192 bytes.
    """
    line, newline, _ = data.partition(b"\n")
    if not newline:
        return _NOT_SSH if len(line) > _LONGEST_IDENTIFICATION else b""
    said = _IDENTIFICATION.match(line)
    if said is None:
        return _NOT_SSH
    return b"" if said[1] == b"2" or said.groups() == (b"1", b"99") else _OTHER_VERSION


def _name_lists(data: bytes) -> list[bytes]:
    """The ten name-lists behind the cookie."""
    found, at = [], 0
    for _ in range(_LISTS):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        if len(data) < at + 4 or end > len(data):
            raise ValueError("a name-list is cut")
        found.append(data[at + 4 : end])
        at = end
    return found
