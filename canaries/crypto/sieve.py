"""What every label, user name and password of one installation has in common: its last character follows from the rest.

So the front, which knows no bait, can tell what cannot be any: a made-up login fails as on a real server, and of a
flood of names those that may be bait go first. It is a sieve, not a lock: one in 62 guesses of the right form passes
(one in 36 of labels, one in 16 of ids in hexadecimal digits), and whoever takes the front cannot pick the bait out of
a list.
"""

from __future__ import annotations

import hashlib
import hmac

from canaries.crypto.seeded_random import BASE36, BASE62, HEX

MARK = "sieve"
"""The file in a home that says: all bait of this installation was minted with the sieve."""
PASSWORD_LENGTHS = range(20, 33)
"""Characters of a minted password or user name that a trap is shown."""


class Sieve:
    """The check of one installation, from its ``front`` key."""

    def __init__(self, front_key: bytes) -> None:
        key = hmac.new(front_key, b"sieve", hashlib.sha256).digest()
        self._blank = hashlib.blake2b(key=key, digest_size=8)

    def passing(self, text: str, alphabet: str) -> str:
        """``text`` with the one character of ``alphabet`` at its end that passes."""
        state = self._blank.copy()
        state.update(text[:-1].encode())
        return text[:-1] + alphabet[int.from_bytes(state.digest(), "big") % len(alphabet)]

    def may_be_label(self, text: str) -> bool:
        """Whether ``text`` can be the label of an address minted here; its case does not matter."""
        if not text.isalnum():
            return False
        return self._passes(text.lower(), BASE36) or (len(text) == 32 and self._passes(text.lower(), HEX))

    def may_be_secret(self, text: str) -> bool:
        """Whether ``text`` can be a password minted here, or a user name of its own."""
        return len(text) in PASSWORD_LENGTHS and text.isalnum() and self._passes(text, BASE62)

    def _passes(self, text: str, alphabet: str) -> bool:
        return text.isascii() and len(text) > 1 and self.passing(text, alphabet) == text
