"""Encodings that are cut into pieces of one length, with the same between each two."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "behind time stamps": lambda data: b"".join(
        b"Nov 29 10:%02d:07 web-1 app[%d]: %s\n" % (number, 90 + number, line)
        for number, line in enumerate(cut(base64.b64encode(b"some words that come before it: " + data)))
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
SHORT_TEXT_ONLY = {"behind time stamps"}
"""There are words before it, and raw deflate is known only where it begins."""


def cut(coded: bytes) -> list[bytes]:
    return [coded[at : at + 32] for at in range(0, len(coded), 32)]


def test_only_two_must_begin_their_lines_alike(texts: Callable[[bytes], set[bytes]]) -> None:
    first, second = b"Zk39aXQ7vT2mLw8RtYb4Zk39aXQ7vT2mLw8RtYb4", b"vT2mLw8RtYb4Zk39aXQ7vT2mLw8RtYb4Zk39aXQ7"
    assert first + second in texts(b"log 1: %s\nlog 2: %s\n" % (first, second))
    assert first + second not in texts(b"user a %s\nuser b %s\n" % (first, second))
    assert first + second not in texts(b"log 1: %s took 17 ms\nlog 2: %s took 3 ms\n" % (first, second))


def test_a_tail_is_taken_and_the_sign_of_a_patch_is_not(texts: Callable[[bytes], set[bytes]]) -> None:
    coded = base64.b64encode(random.Random(4).randbytes(90))[:107]
    lines = [coded[at : at + 40] for at in range(0, len(coded), 40)]
    assert coded in texts(b"".join(b"+%s\n" % line for line in lines))
    assert coded in texts(b"<br>".join(lines))


def test_texts_that_are_whole_by_themselves_are_not_put_together(
    texts: Callable[[bytes], set[bytes]],
) -> None:
    one, other = (base64.b64encode(b"person.%d@example.org" % number) for number in (174218, 182137))
    assert one.endswith(b"=")
    assert not any(
        one + other in text for text in texts(b"mail:: %s\n\nmail:: %s\n\nmail:: %s\n\n" % (one, other, one))
    )
