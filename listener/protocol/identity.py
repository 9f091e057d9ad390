"""What this installation says of itself on every port: it follows from one key, nothing of it from the product."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Set
from functools import cached_property

from canaries.crypto.seeded_random import SeededRandom
from canaries.crypto.sieve import Sieve
from canaries.protocols import redirect_links
from canaries.protocols.site_paths import site_path
from listener.protocol.host_character import HostCharacter


class Identity:
    """What this installation says of itself: all of it follows from one key, nothing from the product."""

    def __init__(
        self, key: bytes, *, strict: bool = False, draw: Callable[[int], bytes] | None = None
    ) -> None:
        self.key = key
        """The ``front`` key."""
        self.strict = strict
        """Whether every bait was minted with the sieve, so that what does not pass can be refused as a guess."""
        self._draw = draw
        self.retired: Callable[[], Set[str]] = frozenset
        """Tags of push endpoints that are no longer there (`canaries.protocols.push_endpoints.retired_tag`)."""

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(self.key)

    def admits(self, secret: str) -> bool:
        """Whether a login with this password, or user name of its own, may be bait; all else fails as a guess."""
        return not self.strict or self._sieve.may_be_secret(secret)

    def mints(self, label: str) -> bool:
        """Whether this id of a path, or label of a host name, may be of bait."""
        if not self.strict:
            return True
        written = label.replace("-", "")
        return self._sieve.may_be_label(written) or self._sieve.may_be_secret(written)

    def challenge(self, purpose: str, count: int) -> bytes:
        """``count`` bytes that nobody has been sent before; without a source of chance they follow from the key."""
        if self._draw is not None:
            return self._draw(count)
        return self.stream("challenge").draw_bytes(purpose, count)

    def stream(self, purpose: str) -> SeededRandom:
        """Installation-wide constants for ``purpose``: server names, ids, page texts."""
        return SeededRandom(hmac.new(self.key, f"persona:{purpose}".encode(), hashlib.sha256).digest())

    @cached_property
    def places(self) -> re.Pattern[str]:
        """What bait without a catch domain has before the path of its service."""
        return site_path(self.key).pattern()

    @cached_property
    def host(self) -> HostCharacter:
        """Which web server this host is, on all ports."""
        return HostCharacter(self.stream("host"))

    def headers(self, content_type: str) -> tuple[tuple[str, str], ...]:
        """What an answer carries that imitates no service in particular, beside what `host` puts on every one."""
        return (("Content-Type", content_type),)

    def once(self, purpose: str, seen: bytes) -> SeededRandom:
        """What a service draws anew for each request, ``seen``: ids of answers, of what was just created."""
        return SeededRandom(hmac.new(self.key, f"once:{purpose}\0".encode() + seen, hashlib.sha256).digest())

    def signature(self, purpose: str, value: str) -> str:
        """16 hexadecimal characters that only this installation can put to ``value``."""
        return redirect_links.signature(self.key, purpose, value)
