"""What Postfix makes of odd things."""

from __future__ import annotations

from hashlib import sha256

import pytest

from listener.protocol.postfix import PassingMessage, unknown_option, why
from listener.protocol.sasl import RefusedError, SaslError


@pytest.mark.parametrize(
    ("parameters", "unknown"),
    [
        ("", ""),
        ("SIZE=10 body=8BITMIME SMTPUTF8", ""),
        ("at all", "at"),
        ("RET=HDRS FOO=1", "FOO=1"),
        ("SMTPUTF8X", "SMTPUTF8X"),
    ],
)
def test_options_behind_a_sender_are_known(parameters: str, unknown: str) -> None:
    assert unknown_option(parameters) == unknown


def test_a_login_that_fails_says_what_dovecot_says() -> None:
    assert why(SaslError("no base64")) == "Invalid base64 data in continued response"
    assert why(RefusedError()) == why(SaslError("no PLAIN message")) == "(reason unavailable)"


def test_a_message_is_counted_without_its_end() -> None:
    message = PassingMessage()
    for piece in (b"\nab", b"c\r\n", b".\r\n"):
        message.update(piece)
    assert message.size == len(b"abc\r\n")
    assert message.hash.digest() == sha256(b"\nabc\r\n.\r\n").digest()
