"""A signed entry: what is signed, and that it fits no other log and no other words."""

from __future__ import annotations

import msgspec
import pytest

from canaries.crypto.ssh_signature import SshSignatureError
from canaries.ledger import statements
from canaries.ledger.entries import canonical, draft
from tests.operators import key_of

AT = "2026-11-22T12:00:00.000000Z"


def test_a_signature_is_over_the_whole_entry_and_the_log() -> None:
    key, plain = key_of("carol"), draft("noted", AT, "carol", {"text": "what was seen"})
    made = statements.signed(plain, "log/a", key)
    assert (made.id, made.kind, made.at) == (plain.id, plain.kind, plain.at)
    line, signature = statements.signature_of(made.line)
    assert line == plain.line
    key.public.verify(signature, statements.message("log/a", line), statements.NAMESPACE)
    for origin, words in (("log/b", line), ("log/a", line.replace(b"seen", b"said"))):
        with pytest.raises(SshSignatureError):
            key.public.verify(signature, statements.message(origin, words), statements.NAMESPACE)


def test_an_unsigned_line_is_itself() -> None:
    line = draft("noted", AT, "bob", {}).line
    assert statements.signature_of(line) == (line, b"")


def test_a_signature_that_is_no_base64_is_refused() -> None:
    value = msgspec.json.decode(draft("noted", AT, "bob", {}).line)
    for said in ("***", ["x"], 7):
        with pytest.raises(SshSignatureError):
            statements.signature_of(canonical(value | {"signed": said}))
