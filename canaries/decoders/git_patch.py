"""Binary files in patches of git (``git diff --binary``, ``git format-patch``): lines of base 85 that begin with their
length, and zlib in them. Git takes text in UTF-16 for binary too."""

from __future__ import annotations

import base64
import re

from canaries.decoders import Decoder, Found, Layer

_BLOCK = re.compile(rb"^(?:literal|delta) [0-9]{1,12}\r?\n((?:[A-Za-z][!-~]{5,65}\r?\n)+)", re.MULTILINE)


class GitPatchDecoder(Decoder):
    """``GIT binary patch``, ``literal 31``."""

    name = "git patch"
    text = True
    holds = (b"\nliteral ", b"\ndelta ")
    signs = ((b"GIT b", rb"GIT binary patch"),)
    cost = 2

    def decode(self, layer: Layer, found: Found) -> None:
        for block in _BLOCK.finditer(layer.data):
            if not found.room or not found.spend(150 * len(block[0])):
                return
            found.add(b"".join(map(_line, block[1].split())), block[0][:64])


def _line(line: bytes) -> bytes:
    """A capital stands for 1 to 26 bytes, a small letter for 27 to 52."""
    size = line[0] - 0x40 if line[0] < 0x60 else line[0] - 0x60 + 26
    try:
        return base64.b85decode(line[1:])[:size]
    except ValueError:
        return b""
