"""What is said of a statement that could not be read."""

from __future__ import annotations

import pytest

from listener.protocol import sql_syntax
from listener.protocol.postgres_grammar import GRAMMAR, syntax


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELEC 1", b'Msyntax error at or near "SELEC"\0P1\0'),
        ("SELECT 1 FROM", b"Msyntax error at end of input\0P14\0"),
        ("SELECT 'a", b'Munterminated quoted string at or near "\'a"\0P8\0'),
        ('SELECT "a', b'Munterminated quoted identifier at or near ""a"\0P8\0'),
        ("SELECT $x$ a", b'Munterminated dollar-quoted string at or near "$x$ a"\0P8\0'),
    ],
)
def test_as_the_server_words_it(text: str, said: bytes) -> None:
    fault = sql_syntax.fault(text, GRAMMAR)
    assert fault is not None
    assert said in syntax(fault, text)
