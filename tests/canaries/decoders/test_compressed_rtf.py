"""RTF as Outlook keeps it."""

from __future__ import annotations

from collections.abc import Callable

from canaries.decoders import USUAL, DecodingBudget, unwrap

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "compressed rtf": lambda data: packed(data),
    "rtf, not compressed": lambda data: b"\x78\x9f\x3e\x22" + head(data, b"MELA") + data,
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""

EXAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c09002062770 5b06c647d0a800fa0".replace(
        " ", ""
    )
)
"""[MS-OXRTFCP], section 3.1.1.1."""


def head(body: bytes, kind: bytes) -> bytes:
    return (len(body) + 12).to_bytes(4, "little") + len(body).to_bytes(4, "little") + kind + b"chek"


def packed(data: bytes) -> bytes:
    """Characters alone, and the mark of the end."""
    body = b"".join(b"\0" + data[at : at + 8] for at in range(0, len(data) // 8 * 8, 8))
    rest = data[len(data) // 8 * 8 :]
    place = (len(data) + 207) % 4096  # where writing goes on
    body += bytes([1 << len(rest)]) + rest + (place << 4).to_bytes(2, "big")
    return (
        b"\x78\x9f"
        + (len(body) + 12).to_bytes(4, "little")
        + len(data).to_bytes(4, "little")
        + b"LZFuchek"
        + body
    )


def test_the_example_of_the_specification(texts: Callable[[bytes], set[bytes]]) -> None:
    assert any(text.startswith(b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}") for text in texts(EXAMPLE))


def test_it_ends_at_the_mark_of_the_end(texts: Callable[[bytes], set[bytes]]) -> None:
    assert b"{\\rtf1 Zk39aXQ7vT2m}" in texts(packed(b"{\\rtf1 Zk39aXQ7vT2m}") + b"something else")


def test_what_claims_to_be_long_is_bounded() -> None:
    bomb = (1 << 30).to_bytes(4, "little") * 2 + b"LZFuchek" + b"\xff" * 200_000
    assert max(len(layer.data) for layer in unwrap(bomb, DecodingBudget(USUAL, len(bomb)))) < 8 << 20
