"""The chain of a front's frames: each is numbered, names the frame before it, and is signed with the front's own key.

One signature a frame, however many sightings it holds, so that answering stays fast. The supervisor makes the key when
it starts the front and keeps the public half in the home; a frame that is missing, doubled or another's shows in the
back. Frames of release 0.1 have no link.
"""

from __future__ import annotations

import hashlib
import secrets

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_PURPOSE = b"trapline-frame-v1\0"


class FrameLink(msgspec.Struct, frozen=True, array_like=True):
    """What binds a frame to its front and to the frame before."""

    front: str
    """Which front process, 16 hexadecimal digits, and which lane of it."""
    number: int
    """Counts this front's frames from 1."""
    previous: bytes
    """`digest` of the frame before, 32 bytes; zeros before the first."""
    signature: bytes = b""
    """Ed25519 over `digest`, 64 bytes."""

    def digest(self, content: bytes) -> bytes:
        """What names this frame in the next one; ``content``: its sightings as they are encoded."""
        head = _PURPOSE + self.front.encode() + b"\0" + self.number.to_bytes(8, "big") + self.previous
        return hashlib.sha256(head + hashlib.sha256(content).digest()).digest()

    def holds(self, content: bytes, key: bytes) -> bool:
        """Whether the front with this public key (32 bytes) signed it."""
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(self.signature, self.digest(content))
        except (InvalidSignature, ValueError):
            return False
        return True


class FrameChain:
    """The front's side."""

    def __init__(self, front: str = "", key: bytes = b"") -> None:
        """``front``, ``key`` (32 bytes): as the supervisor gives them; made here where it gives none."""
        self.front = front or secrets.token_hex(8)
        self._key = Ed25519PrivateKey.from_private_bytes(key or secrets.token_bytes(32))
        self._number, self._head = 0, bytes(32)
        self._made, self._digest = FrameLink(self.front, 0, b""), b""

    def link(self, content: bytes) -> FrameLink:
        """For the next frame. Until `written` says that it is on disk, the next one gets the same number."""
        bare = FrameLink(self.front, self._number + 1, self._head)
        self._digest = bare.digest(content)
        self._made = msgspec.structs.replace(bare, signature=self._key.sign(self._digest))
        return self._made

    def written(self, link: FrameLink) -> None:
        """The frame of the last `link` is on disk. Raises ValueError where that was another."""
        if link is not self._made:
            raise ValueError("a frame that was not the last one made")
        self._number, self._head = link.number, self._digest


def public_half(key: bytes) -> bytes:
    """32 bytes of a private key to 32 bytes of the public one."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
