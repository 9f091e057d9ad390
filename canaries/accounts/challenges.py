"""Challenges that this process gives out and knows again without keeping any: for a purpose, for minutes, once.

Strangers may ask for as many as they like. Only one that served its purpose is remembered, until it is too old anyway.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
import threading
from collections.abc import Callable

from canaries.core import clock
from canaries.core.errors import AccessError

SECONDS = 600.0
_HEAD = struct.Struct(">d16s")


class Challenges:
    """Safe with any number of threads; those of another process, and of before a restart, are refused."""

    def __init__(self, tick: Callable[[], float] = clock.monotonic) -> None:
        self._tick, self._key = tick, secrets.token_bytes(32)
        self._lock, self._used = threading.Lock(), dict[bytes, float]()

    def make(self, purpose: str) -> bytes:
        """56 bytes, of which nobody can guess any."""
        head = _HEAD.pack(self._tick(), secrets.token_bytes(16))
        return head + self._proof(purpose, head)

    def check(self, purpose: str, challenge: bytes) -> None:
        """Raises AccessError where it is not of this process and purpose, too old, or was used."""
        head, proof = challenge[: _HEAD.size], challenge[_HEAD.size :]
        if not hmac.compare_digest(proof, self._proof(purpose, head)) or self._old(head):
            raise _refusal()
        with self._lock:
            if challenge in self._used:
                raise _refusal()

    def spend(self, purpose: str, challenge: bytes) -> None:
        """Use it up. Raises AccessError as `check` does, for the second of two at the same moment too."""
        self.check(purpose, challenge)
        with self._lock:
            for old in [one for one in self._used if self._old(one[: _HEAD.size])]:
                del self._used[old]
            if challenge in self._used:
                raise _refusal()
            self._used[challenge] = self._tick()

    def derive(self, purpose: str, challenge: bytes) -> str:
        """A secret that follows from a challenge, 64 hexadecimal digits; whoever has that cannot make it."""
        return hmac.new(
            self._key, b"derive:" + purpose.encode() + b":" + challenge, hashlib.sha256
        ).hexdigest()

    def _old(self, head: bytes) -> bool:
        return self._tick() - float(_HEAD.unpack(head)[0]) > SECONDS

    def _proof(self, purpose: str, head: bytes) -> bytes:
        return hmac.new(self._key, b"proof:" + purpose.encode() + b":" + head, hashlib.sha256).digest()


def _refusal() -> AccessError:
    return AccessError("that took too long, or was done already", hint="begin again", known=False)
