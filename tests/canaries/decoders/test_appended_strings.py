"""Strings that a program appends one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "appended strings": lambda data: (
        b"k = "
        + json.dumps(data[:7].decode()).encode()
        + b";\nk += "
        + json.dumps(data[7:].decode()).encode()
        + b";\n"
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"appended strings"}


@pytest.mark.parametrize(
    "written",
    [
        b's = "Zk39aXQ7"\r\n    s = s & "vT2mLw8R"\r\n    s = s + "tYb4"\r\n',
        b"$k = 'Zk39aXQ7';\n$k .= 'vT2mLw8RtYb4';",
        b"SET @s = N'Zk39aXQ7';\nSET @s = @s + N'vT2mLw8RtYb4';",
        b'sb.append("Zk39aXQ7").append("vT2mLw8RtYb4")',
        b'strcpy(k, "Zk39aXQ7");\nstrcat(k, "vT2mLw8RtYb4");',
        b"K=Zk39aXQ7\nK+=vT2mLw8RtYb4\n",
        b"set K=Zk39aXQ7\r\nset K=%K%vT2mLw8RtYb4\r\n",
        b"printf 'Zk39aXQ7' >> /tmp/k; printf 'vT2mLw8RtYb4' >> /tmp/k",
    ],
)
def test_languages_and_shells(written: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert any(b"Zk39aXQ7vT2mLw8RtYb4" in text for text in texts(written))


def test_what_another_variable_is_given_stays_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    written = b's = "Zk39aXQ7"\nt = u + "vT2mLw8RtYb4"\n'
    assert not any(b"Zk39aXQ7vT2m" in text for text in texts(written))
