"""PDF: deflated streams are read, an encrypted document is named."""

from __future__ import annotations

import io
import zlib

from canaries.scan.containers import Packed, Unreadable


def _pdf(data: bytes, trailer: bytes = b"trailer <<>>\n") -> bytes:
    packed = zlib.compress(data)
    body = b"1 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream\nendobj\n" % (
        len(packed),
        packed,
    )
    return b"%PDF-1.7\n" + body + trailer + b"%%EOF\n"


PACKERS = {"pdf": _pdf}


def test_an_encrypted_document_is_named() -> None:
    from canaries.scan.containers.pdf import PdfContainer

    document = _pdf(b"text", b"trailer << /Encrypt 5 0 R >>\n")
    results = list(PdfContainer().members(Packed(io.BytesIO(document))))
    assert [one.reason for one in results if isinstance(one, Unreadable)] == ["the document is encrypted"]
