"""Refusals, byte for byte as a server of release 15.20 sends them (recorded: tests/beside)."""

from __future__ import annotations

import pytest

from listener.protocol import postgres_messages
from tests.beside import transcript

RECORDED = transcript("postgres").answers


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("no user", postgres_messages.NO_USER),
        ("an empty password", postgres_messages.NO_PASSWORD),
        ("protocol 2", postgres_messages.unsupported(2, 0)),
        ("protocol 4", postgres_messages.unsupported(4, 0)),
        ("a query for a password", postgres_messages.not_a_password(b"Q")),
        ("a wrong password", postgres_messages.wrong_password("ann")),
    ],
)
def test_a_refusal_is_the_real_servers(case: str, said: bytes) -> None:
    assert RECORDED[case][-1] == said.decode("latin-1") + "<closed>"


def test_no_text_ends_early() -> None:
    assert postgres_messages.texts("a\0b", "") == b"ab\0\0"
    assert b"permission denied for table x\0Faclchk.c\0" in postgres_messages.denied("table x")
