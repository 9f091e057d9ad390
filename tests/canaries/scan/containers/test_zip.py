"""zip: every member, and those that cannot be opened are named."""

from __future__ import annotations

import io
import zipfile

from canaries.scan.containers import Packed, Unreadable


def _zip(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("empty/", b"")
        archive.writestr("word/document.xml", data)
    return file.getvalue()


PACKERS = {
    "zip": _zip,
    "zip, stored": lambda data: _zip(data, zipfile.ZIP_STORED),
    "zip of bzip2": lambda data: _zip(data, zipfile.ZIP_BZIP2),
}


def test_an_encrypted_member_is_named() -> None:
    from canaries.scan.containers.zip import ZipContainer

    packed = bytearray(_zip(b"secret"))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.rindex(magic) + flags] |= 1  # APPNOTE 4.4.4: encrypted
    _, result = ZipContainer().members(Packed(io.BytesIO(bytes(packed))))
    assert isinstance(result, Unreadable)
    assert (result.path, "encrypted" in result.reason) == ("word/document.xml", True)
