"""Files of which a part stands as it is and the rest is packed or encrypted: searched, and named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_LENGTH = rb"(?:\x80|\x81.|\x82..|\x83.{3}|\x84.{4}|[\0-\x7f])"
"""Of something in DER or BER (X.690, section 8.1.3)."""
_PKCS7 = rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
"""The object identifier of RFC 5652's contents, but for its last byte."""
_KEYS = "its private keys are encrypted"
_DISK = "the blocks of this image may be packed: mount it, and scan what is in it"
_SORTS = {
    rb"\x89HDF\r\n\x1a\n": "an HDF5 file, whose data may be packed or shuffled: run h5dump, and scan what it prints",
    rb"DELTA[ \d]{0,60}\nSVN[\0-\x02]": "a revision of Subversion: run svnadmin dump, and scan what it writes",
    rb".{4}\xef\xcd\xab\x89": "an ESE database, which packs long values: export its tables",
    rb"\x1a\0\0\x04\0\0": "a database of Notes, which packs what it holds: export its documents",
    rb"(?:EVF|LVF)\x09\r\n\xff\0|[EL](?:VF|EF)2\r\n\x81\0": _DISK,
    rb"AFF\d\d\r\n\0": _DISK,
    rb"UBI#[\0-\x09]|\x85\x19[\x01-\x09][\x20\xe0]|\x45\x3d\xcd\x28|\x28\xcd\x3d\x45": _DISK,
    rb"KDUMP   |DISKDUMP": "the memory in this dump may be packed: run crash on it",
    rb"\0\0\0\x7b.{10}[TNE]": "an archive of dar, which may be packed: unpack it first",
    rb"(?:AA01|YAA1)[\0-\xff]\0": "an archive of Apple's, which may be packed: unpack it first",
    rb"\xfe\xed\xfe\xed\0\0\0[\x01\x02]|\xce\xce\xce\xce\0\0\0[\x01\x02]": _KEYS,
    rb"\x30" + _LENGTH + rb"\x02\x01\x03\x30" + _LENGTH + _PKCS7: _KEYS,
    rb"\x30"
    + _LENGTH
    + rb"(?:\x02\x01\0)?\x30"
    + _LENGTH
    + rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d": _KEYS,
    rb"\s*-----BEGIN ENCRYPTED PRIVATE KEY-----": _KEYS,
    rb"\s*-----BEGIN [A-Z ]{2,20}PRIVATE KEY-----\r?\nProc-Type: ?4,ENCRYPTED": _KEYS,
    rb"\s*-----BEGIN OPENSSH PRIVATE KEY-----\s+b3BlbnNzaC1rZXktdjEA(?!AAAABG5vbmU)": _KEYS,
    rb"PuTTY-User-Key-File-\d: [^\n]{1,80}\nEncryption: (?!none)": _KEYS,
    rb"\(21:protected-private-key|Key: \(protected-private-key": _KEYS,
    rb"\x30" + _LENGTH + _PKCS7 + rb"[\x03\x06]": "encrypted (CMS)",
    rb"\x30" + _LENGTH + rb"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17": "encrypted (CMS)",
}
"""By what they begin with."""
_PATTERNS = {re.compile(beginning, re.DOTALL): said for beginning, said in _SORTS.items()}


class HalfReadContainer(Container):
    name = "half_read"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return any(beginning.match(head) for beginning in _PATTERNS)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Unreadable(
            "", next(said for beginning, said in _PATTERNS.items() if beginning.match(source.head))
        )
