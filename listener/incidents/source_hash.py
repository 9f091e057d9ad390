"""Grouping hits by their source without storing its address.

The database must tell that two hits came from one source, yet a stolen database must not tell who was caught. A keyed
hash hides an address only while its key is safe: with it, all 2^32 IPv4 addresses are tried in minutes. So the key is
one that only the back has (``sources``, not ``lookup``, which whatever mints has too), and it does not last: each
`PERIOD_DAYS` it is replaced by its own hash, and the old one is gone. Nobody, whatever they hold, can then test an
address against the tags of before. Sources join hits within a day only (`listener.incidents.grouping`), so at a turn
one source may become two; nothing else changes.

The next key follows from the one before, so listeners that share a database and were given the same file stay in step.
Tags of release 0.1 were scrypt hashes under ``lookup``, and some of them *crowd* tags, which stood
for many sources; they stay as they are.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from canaries.core import clock, files
from canaries.core.errors import HomeError
from listener.net.addresses import subscriber

TAG_BYTES = 16
KEY = "sources"
PERIOD_DAYS = 7
_PERIOD_US = PERIOD_DAYS * 86_400_000_000
_CACHED = 4096
_CROWD = bytes(8)
"""How a crowd tag begins; an honest tag does so once in 2^64."""


def is_crowd(tag: bytes) -> bool:
    """Whether the tag stands for many sources, so that nothing may be concluded from sharing it."""
    return tag.startswith(_CROWD)


class Sources:
    """Makes tags. One per intake; not thread safe."""

    def __init__(self, keys: Path, micros: Callable[[], int] = clock.micros) -> None:
        """``keys``: the folder of the key file, made where it is missing. Raises HomeError, at each turn too."""
        self._path, self._micros = keys / KEY, micros
        self._period, self._key = -1, b""
        self._tag = lru_cache(_CACHED)(self._made)  # a source comes with many requests
        self._turn(micros() // _PERIOD_US)

    def source_tag(self, ip: str) -> bytes:
        """16 bytes that are the same for the same IPv4 address or IPv6 /64 (what one subscriber is given, RFC 6177)."""
        period = self._micros() // _PERIOD_US
        if period > self._period:
            self._turn(period)
        return self._tag(ip)

    def _made(self, ip: str) -> bytes:
        return hmac.digest(self._key, _unit(ip), "sha256")[:TAG_BYTES]

    def _turn(self, period: int) -> None:
        """The key of ``period``, or of a later one: a clock that was set back brings no key back."""
        if not self._path.exists():
            files.publish(self._path, _line(period, secrets.token_bytes(32)))
        try:
            number, _, key = self._path.read_text("ascii").strip().partition(" ")
            self._period, self._key = int(number), bytes.fromhex(key)
        except (OSError, ValueError) as error:
            raise HomeError(
                f"the key file {self._path} cannot be used: {type(error).__name__}",
                hint="remove it: a new one is made, and sources of before count as new ones",
            ) from error
        self._tag.cache_clear()
        if self._period < period:
            while self._period < period:
                self._period, self._key = self._period + 1, hmac.digest(self._key, b"next", "sha256")
            files.replace(self._path, _line(self._period, self._key))


def _line(period: int, key: bytes) -> bytes:
    return f"{period} {key.hex()}\n".encode()


def _unit(ip: str) -> bytes:
    """What counts as one source. What is not an address (a proxy's ``unknown``) is one by its spelling."""
    try:
        return subscriber(ip)
    except ValueError:
        return b"?" + ip.encode("utf-8", "surrogatepass")[:256]
