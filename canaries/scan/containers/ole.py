"""Compound files of older office programs and Outlook ([MS-CFB]); macros are unpacked, what else is packed is named."""

from __future__ import annotations

import io
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._macros import modules
from canaries.scan.containers._mapped import mapped

_PACKED = {
    "EncryptedPackage".encode("utf-16-le"): "the document is encrypted",
    b"LZFu": "it holds rich text that is compressed: save the message as text or .eml",
}


class OleContainer(Container):
    name = "ole"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with mapped(source) as content:
            for mark, said in _PACKED.items():
                if content.find(mark) >= 0:
                    yield Unreadable("", said)
            for number, (text, sound) in enumerate(modules(content), 1):
                yield Member(f"macro {number}", io.BytesIO(text))
                if not sound:
                    yield Unreadable("", "a macro in it is damaged")
