"""What an installation says of itself follows from its key, and from nothing else."""

from __future__ import annotations

from listener.protocol.identity import Identity

ONE, OTHER = Identity(b"1" * 32), Identity(b"2" * 32)


def test_the_same_key_says_the_same_another_key_something_else() -> None:
    assert ONE.headers("text/html") == Identity(b"1" * 32).headers("text/html")
    assert ONE.stream("x").draw_bytes("y", 32) != OTHER.stream("x").draw_bytes("y", 32)
    assert ONE.signature("redirect", "v") != OTHER.signature("redirect", "v")


def test_what_is_drawn_for_a_request_follows_from_all_of_it() -> None:
    drawn = ONE.once("aws", b"GET / 1").draw_bytes("id", 16)
    assert drawn == ONE.once("aws", b"GET / 1").draw_bytes("id", 16)
    assert drawn != ONE.once("aws", b"GET / 2").draw_bytes("id", 16)
    assert drawn != ONE.once("github", b"GET / 1").draw_bytes("id", 16)


def test_the_content_type_is_the_last_header() -> None:
    assert ONE.headers("text/plain")[-1] == ("Content-Type", "text/plain")
