"""What is packed or encrypted in part is searched, and named."""

from __future__ import annotations

import io

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from canaries.scan.containers import Unreadable
from canaries.scan.containers.half_read import _SORTS
from canaries.scan.dumps import DumpReading, Piece
from tests.every import every

PACKERS: dict[str, object] = {}
_KEY = ec.generate_private_key(ec.SECP256R1())
_SECRET = serialization.BestAvailableEncryption(b"secret")
_FORMS, _CODES = serialization.PrivateFormat, serialization.Encoding
HEADS = {
    "HDF5": b"\x89HDF\r\n\x1a\n",
    "Subversion": b"DELTA\nSVN\x02\0\0",
    "ESE": b"\x12\x34\x56\x78\xef\xcd\xab\x89",
    "Notes": b"\x1a\0\0\x04\0\0",
    "an image of EnCase": b"EVF\x09\r\n\xff\0",
    "an image of AFF": b"AFF10\r\n\0",
    "UBI": b"UBI#\x01",
    "JFFS2": b"\x85\x19\x03\x20",
    "cramfs": b"\x45\x3d\xcd\x28",
    "a dump of the kernel": b"KDUMP   ",
    "dar": b"\0\0\0\x7b" + bytes(10) + b"T",
    "an archive of Apple's": b"AA01\x40\0",
    "a Java key store": b"\xfe\xed\xfe\xed\0\0\0\x02",
    "a key with RFC 1423's head": b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
    "a key of PuTTY": b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n",
    "a key of GnuPG": b"Key: (protected-private-key (rsa (n #00",
    "CMS": b"\x30\x82\x0a\0\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0",
    "CMS, authenticated": b"\x30\x80\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
    "an encrypted key": _KEY.private_bytes(_CODES.PEM, _FORMS.PKCS8, _SECRET),
    "an encrypted key in DER": _KEY.private_bytes(_CODES.DER, _FORMS.PKCS8, _SECRET),
    "an encrypted key of OpenSSH": _KEY.private_bytes(_CODES.PEM, _FORMS.OpenSSH, _SECRET),
    "PKCS #12": pkcs12.serialize_key_and_certificates(b"a", _KEY, None, None, _SECRET),
}


def _read(content: bytes) -> tuple[bytes, list[str]]:
    results = list(DumpReading(1 << 20).file("dump", io.BytesIO(content)))
    read = b"".join(one.content for one in results if isinstance(one, Piece))
    return read, [one.reason for one in results if isinstance(one, Unreadable)]


@every("sort", HEADS)
def test_it_is_searched_and_named(sort: str) -> None:
    read, reasons = _read(HEADS[sort].ljust(700, b"\0") + b"needle")
    assert b"needle" in read
    assert [reason for reason in reasons if reason in {said.lower() for said in _SORTS.values()}]


@pytest.mark.parametrize(
    "content",
    [
        _KEY.private_bytes(_CODES.PEM, _FORMS.PKCS8, serialization.NoEncryption()),
        _KEY.private_bytes(_CODES.DER, _FORMS.PKCS8, serialization.NoEncryption()),
        _KEY.private_bytes(_CODES.PEM, _FORMS.OpenSSH, serialization.NoEncryption()),
        b"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
        b"\x30\x82\x0a\0\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0",
    ],
)
def test_what_is_not_encrypted_is_not_named(content: bytes) -> None:
    assert _read(content)[1] == []
