"""Telling text from noise in what came out of a decoder."""

from __future__ import annotations

import re

_TEXT = bytes({*range(0x20, 0x7F), 9, 10, 13})

READABLE_HERE = re.compile(rb"[\t\r\n\x20-\x7e]{12}")
"""So much text in a row stands in random bytes once in 140,000 places."""
MAGIC = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]|PK\x03\x04|\x28\xb5\x2f\xfd|BZh|\xfd7zXZ|NTLMSSP\x00")
"""What says that binary data is compressed or an archive."""


def is_text(data: bytes) -> bool:
    """Whether it is printable ASCII and white space throughout."""
    return not data.translate(None, _TEXT)


def worth(data: bytes) -> bool:
    """Whether what was unpacked with an error may still be something."""
    return READABLE_HERE.search(data) is not None
