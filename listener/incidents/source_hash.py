"""Grouping hits by their source without storing its address.

The database must tell that two hits came from one source, yet a stolen database must not tell who was caught. A plain
keyed hash hides an address only while the key is safe: with the ``lookup`` key in hand all 2^32 IPv4 addresses are
tried in minutes. So the hash is a slow one (scrypt, RFC 7914: 8 MB and some 20 ms a guess): the same search then costs
some three core-years for one installation, whose key is the salt. It raises the price; it is no encryption. The address
itself is in the hit's entry, which opens with the vault's key alone.

Slowness must not become a lever for a flood from many addresses, so only so many fresh hashes are made a second; beyond
that a source gets the *crowd* tag of this process. Such hits are grouped by their canary alone.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from canaries.core import clock
from listener.net.addresses import subscriber

TAG_BYTES = 16
_CROWD = bytes(8)
"""How a crowd tag begins; an honest tag does so once in 2^64."""

_CACHED = 65_536
_FRESH_A_SECOND = 8
"""At 20 ms each: a sixth of one core."""


def is_crowd(tag: bytes) -> bool:
    """Whether the tag stands for many sources, so that nothing may be concluded from sharing it."""
    return tag.startswith(_CROWD)


class Sources:
    """Makes tags. One per back process; not thread safe."""

    def __init__(
        self,
        lookup: bytes,
        *,
        fresh_a_second: int = _FRESH_A_SECOND,
        monotonic: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._salt = hmac.new(lookup, b"source", hashlib.sha256).digest()
        self._known: OrderedDict[bytes, bytes] = OrderedDict()
        self._crowd = _CROWD + secrets.token_bytes(TAG_BYTES - len(_CROWD))
        self._rate, self._monotonic = fresh_a_second, monotonic
        self._budget, self._filled_at = float(fresh_a_second), monotonic()

    def source_tag(self, ip: str) -> bytes:
        """16 bytes that are the same for the same IPv4 address or IPv6 /64 (what one subscriber is given, RFC 6177)."""
        source = _unit(ip)
        tag = self._known.get(source)
        if tag is not None:
            self._known.move_to_end(source)
            return tag
        if not self._afford():
            return self._crowd
        tag = hashlib.scrypt(source, salt=self._salt, n=2**13, r=8, p=1, dklen=TAG_BYTES)
        self._known[source] = tag
        if len(self._known) > _CACHED:
            self._known.popitem(last=False)
        return tag

    def _afford(self) -> bool:
        """A token bucket of one second's worth."""
        now = self._monotonic()
        self._budget = min(float(self._rate), self._budget + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._budget < 1:
            return False
        self._budget -= 1
        return True


@lru_cache(4096)
def _unit(ip: str) -> bytes:
    """What counts as one source. What is not an address (a proxy's ``unknown``) is one by its spelling."""
    try:
        return subscriber(ip)
    except ValueError:
        return b"?" + ip.encode("utf-8", "surrogatepass")[:256]
