"""The fronts that this listener started, each with the public key that its frames are checked against.

``fronts/ID`` in the home holds 64 hexadecimal digits. The supervisor writes it before it starts the front, which may
run as another user and cannot write here.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from canaries.core import files
from canaries.core.errors import HomeError
from listener.journal.chain import public_half

if TYPE_CHECKING:
    from canaries.installation.home import Home

_FOLDER = "fronts"
BULK = "-bulk"
"""Behind the id: the chain of the front's bulk lane."""
_ID = re.compile(r"[0-9a-f]{16}")


def certify_front(home: Home) -> tuple[str, bytes]:
    """Id and private key for a front that is about to start. Raises HomeError."""
    front, key = secrets.token_hex(8), secrets.token_bytes(32)
    folder = home.path / _FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        files.create(folder / front, public_half(key).hex().encode())
    except OSError as error:
        raise HomeError(f"{folder} cannot be written: {error.strerror}") from error
    return front, key


def key_of_front(home: Home, front: str) -> bytes:
    """Its public key; empty where this listener started none of that id."""
    front = front.removesuffix(BULK)
    if not _ID.fullmatch(front):
        return b""
    try:
        return bytes.fromhex((home.path / _FOLDER / front).read_text("ascii"))
    except (OSError, ValueError):
        return b""
