"""Values that stand in several cookies, parameters or headers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote_from_bytes

import pytest

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "numbered cookies": lambda data: (
        b"Cookie: a=b; "
        + b"; ".join(
            b"s.%d=%s" % (number, quote_from_bytes(part, safe="").encode())
            for number, part in enumerate((data[:9], data[9:17], data[17:]))
        )
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@pytest.mark.parametrize(
    "written",
    [
        b"Cookie: .AspNetCore.CookiesC2=vT2mLw8RtYb4; .AspNetCore.CookiesC1=Zk39aXQ7",
        b"POST /\r\n\r\nk[0]=Zk39aXQ7&k[1]=vT2mLw8RtYb4&c=d",
        b"GET / HTTP/1.1\r\nX-Data-1: Zk39aXQ7\r\nX-Data-2: vT2mLw8RtYb4\r\n",
    ],
)
def test_names_with_a_number(written: bytes, texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" in texts(written)


def test_numbers_that_do_not_follow_each_other_stay_apart(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"Zk39aXQ7vT2mLw8RtYb4" not in texts(b"k1=Zk39aXQ7&k3=vT2mLw8RtYb4")
    assert b"Zk39aXQ7vT2mLw8RtYb4" not in texts(b"k1=Zk39aXQ7&j2=vT2mLw8RtYb4")
