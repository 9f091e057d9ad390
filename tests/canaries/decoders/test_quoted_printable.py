"""Quoted-printable and encoded words."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

import pytest

from canaries.decoders import DecodingBudget, DecodingLimits, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "quoted-printable": quopri.encodestring,
    "quoted-printable, every byte": lambda data: b"".join(
        b"=%02X" % byte + (b"=\r\n" if at % 20 == 19 else b"") for at, byte in enumerate(data)
    ),
    "encoded words, q": lambda data: (
        b"Subject: "
        + b"\r\n ".join(
            b"=?utf-8?q?" + b"".join(b"=%02X" % byte for byte in data[at : at + 9]) + b"?="
            for at in range(0, len(data), 9)
        )
    ),
    "encoded words, b": lambda data: (
        b"Subject: "
        + b" ".join(
            b"=?utf-8?B?" + base64.b64encode(data[at : at + 9]) + b"?=" for at in range(0, len(data), 9)
        )
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


def _texts(data: bytes) -> tuple[list[bytes], tuple[str, ...]]:
    budget = DecodingBudget(DecodingLimits(), len(data))
    return [layer.data for layer in unwrap(data, budget)], budget.reached


def test_what_follows_a_sign_is_decoded() -> None:
    assert b"word=a b" in _texts(b"word==61=20b")[0]


@pytest.mark.parametrize("number", [b"8742514861359412280", b"3820025369359072449", b"0300544187282452691"])
def test_rulers_and_boundaries_stand_for_themselves(number: bytes) -> None:
    """Signs in a row, then digits, are no codes: each pass would make another text of them."""
    mark = b"===============" + number + b"=="
    part = b"--" + mark + b"\r\nContent-Transfer-Encoding: base64\r\n\r\nd29yZHM==\r\n"
    message = (
        b'Content-Type: multipart/mixed; boundary="'
        + mark
        + b'"\r\n\r\n'
        + 2 * part
        + b"--"
        + mark
        + b"--\r\n"
    )
    texts, reached = _texts(message)
    assert len([text for text in texts if b"Content-Type" in text]) < 4
    assert not reached


def test_blanks_behind_a_soft_break(texts: Callable[[bytes], set[bytes]]) -> None:
    """RFC 2045, section 6.7, rule 3: they were added on the way."""
    assert b"key: Zk39aXQ7vT2m" in texts(b"key: Zk39=41"[:9] + b"= \t\r\naXQ7vT2m")
