"""A signed entry: what is signed, and that it fits no other log and no other words."""

from __future__ import annotations

import base64

import msgspec
import pytest

from canaries.crypto.ssh_signature import SshSignatureError
from canaries.ledger import parts, statements
from canaries.ledger.entries import Draft, canonical, draft
from tests.operators import key_of

AT = "2026-11-22T12:00:00.000000Z"
FIRST = {"at": AT, "body": {"text": "seen"}, "by": "carol", "entry": "noted", "id": "1", "nonce": "0", "v": 1}
"""An entry as release 0.1 wrote it."""


def line_of(made: Draft) -> bytes:
    return parts.sealed(made.kind, made.body, made.nonce, made.parts, None)[0]


def test_a_signature_is_over_the_whole_entry_and_the_log() -> None:
    key, plain = key_of("carol"), draft("noted", AT, "carol", {"text": "what was seen"})
    made = statements.signed(plain, "log/a", key)
    assert (made.id, made.kind, made.at) == (plain.id, plain.kind, plain.at)
    said, signature = statements.statement("log/a", line_of(made))
    assert said == statements.statement("log/a", line_of(plain))[0]
    key.public.verify(signature, said, statements.NAMESPACE)
    for origin, words in (("log/b", line_of(made)), ("log/a", line_of(made).replace(b"seen", b"said"))):
        with pytest.raises(SshSignatureError):
            key.public.verify(signature, statements.statement(origin, words)[0], statements.NAMESPACE)


def test_an_entry_of_version_1_was_signed_as_its_line() -> None:
    key, line = key_of("carol"), canonical(FIRST)
    message = b"trapline-entry-v1\nlog/a\n" + line
    made = base64.b64encode(key.sign(message, statements.NAMESPACE)).decode()
    said, signature = statements.statement("log/a", canonical(FIRST | {"signed": made}))
    assert said == message
    key.public.verify(signature, said, statements.NAMESPACE)
    assert statements.statement("log/a", line) == (message, b"")


def test_an_unsigned_entry_has_no_signature() -> None:
    assert statements.statement("log/a", line_of(draft("noted", AT, "bob", {})))[1] == b""
    sly = draft("noted", AT, "bob", {"signed": "bm8="})
    assert statements.statement("log/a", line_of(sly))[1] == b"", "a field of that name is no signature"


def test_a_signature_that_is_no_base64_is_refused() -> None:
    for said in ("***", ["x"], 7):
        with pytest.raises(SshSignatureError):
            statements.statement("log/a", canonical(msgspec.json.decode(canonical(FIRST)) | {"signed": said}))
