"""PDF: deflated streams are read, an encrypted document is named."""

from __future__ import annotations

import base64
import io
import zlib

import pytest

from canaries.scan.containers import Member, Packed, Unreadable
from canaries.scan.containers.pdf import PdfContainer


def _pdf(data: bytes, trailer: bytes = b"trailer <<>>\n") -> bytes:
    packed = zlib.compress(data)
    body = b"1 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream\nendobj\n" % (
        len(packed),
        packed,
    )
    return b"%PDF-1.7\n" + body + trailer + b"%%EOF\n"


PACKERS = {"pdf": _pdf}


def _in_letters(filters: bytes, data: bytes) -> bytes:
    return (
        b"%%PDF-1.4\n1 0 obj\n<<\n/Filter [ %b ] /Length 9\n>>\nstream\n%b\nendstream\nendobj\n%%%%EOF\n"
        % (
            filters,
            data,
        )
    )


@pytest.mark.parametrize(
    ("filters", "data"),
    [
        (b"/ASCII85Decode /FlateDecode", base64.a85encode(zlib.compress(b"text of it"), wrapcol=20) + b"~>"),
        (b"/A85", base64.a85encode(b"text of it") + b"~>"),
        (b"/ASCIIHexDecode /FlateDecode", zlib.compress(b"text of it").hex(" ", 8).encode() + b">"),
        (b"/AHx", b"74657874206f662069740a2>"),
    ],
)
def test_streams_in_letters_are_read(filters: bytes, data: bytes) -> None:
    (found,) = PdfContainer().members(Packed(io.BytesIO(_in_letters(filters, data))))
    assert isinstance(found, Member)
    assert found.stream.read().strip() == b"text of it"


@pytest.mark.parametrize("data", [b"zz\x00z~>", b"v~>", b"!!!!!~" + b"u" * 9])
def test_streams_in_wrong_letters_are_named(data: bytes) -> None:
    (found,) = PdfContainer().members(Packed(io.BytesIO(_in_letters(b"/A85", data))))
    assert isinstance(found, Unreadable)


def test_an_encrypted_document_is_named() -> None:
    document = _pdf(b"text", b"trailer << /Encrypt 5 0 R >>\n")
    results = list(PdfContainer().members(Packed(io.BytesIO(document))))
    assert [one.reason for one in results if isinstance(one, Unreadable)] == ["the document is encrypted"]
