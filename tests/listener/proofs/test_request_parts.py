"""Parts of a request, whatever was sent."""

from __future__ import annotations

import pytest

from listener.http.message import parse
from listener.proofs.request_parts import (
    compared,
    from_base64,
    header,
    headers_of,
    observed_pairs,
    pairs,
    ways_to_try,
)


def test_pairs_are_decoded_in_order() -> None:
    assert pairs("b=%20+&a&=x&") == [("b", " +"), ("a", ""), ("", "x")]
    assert pairs("b=%20+", form=True) == [("b", "  ")]


def test_headers_are_joined_and_folded() -> None:
    message = parse(b"GET / HTTP/1.1\r\nX-Ms-B:  a   b\r\nx-ms-a: 1\r\nX-MS-B: c\r\n\r\n")
    assert header(message, "x-ms-b") == "a b,c"
    assert list(headers_of(message, "x-ms-").items()) == [("x-ms-a", "1"), ("x-ms-b", "a b,c")]


@pytest.mark.parametrize("found", [None, 7, "text", [["a"]], [None]])
def test_what_is_no_list_of_pairs_is_none(found: object) -> None:
    assert observed_pairs({"query": found}, "query") == {}


def test_what_is_no_base64_is_refused() -> None:
    assert from_base64("QQ==") == b"A"
    with pytest.raises(ValueError, match="Base64"):
        from_base64("!")


def test_what_is_hashed_is_bounded() -> None:
    assert ways_to_try(["a", "a", "\udcff"]) == [b"a", b"\xff"]
    assert len(ways_to_try(str(number) for number in range(100))) == 24
    assert ways_to_try(["a" * 17_000, "b"]) == []
    assert len(ways_to_try(f"{number}{'a' * 4_000}" for number in range(100))) == 4


def test_a_signature_of_any_way_is_right_and_one_that_cannot_be_made_says_nothing() -> None:
    by = compared([b"a", b"b"], b"B")
    assert by(bytes.upper) is True
    assert by(bytes.lower) is False
    assert by(lambda way: None if way == b"a" else b"B") is None
