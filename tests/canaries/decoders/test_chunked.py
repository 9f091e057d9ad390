"""The chunked transfer coding."""

from __future__ import annotations

from collections.abc import Callable

from canaries.decoders import USUAL, DecodingBudget, unwrap
from tests.every import every

WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "chunked": lambda data: (
        b"".join(
            b"%x\r\n%s\r\n" % (len(data[at : at + 7]), data[at : at + 7]) for at in range(0, len(data), 7)
        )
        + b"0\r\n\r\n"
    ),
    "chunked, signed": lambda data: (
        b"%x;chunk-signature=ab12\r\n%s\r\n0;chunk-signature=cd34\r\n\r\n" % (len(data), data)
    ),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""


@every("form", WRAPPERS)
def test_it_is_found_behind_other_bytes(form: str) -> None:
    token = b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"
    for inner in (token, WRAPPERS["chunked, signed"](token)):
        said = b"\x30\x80\x01\0\x40a/" + WRAPPERS[form](inner) + b"hello\xe0\0"
        assert any(token in layer.data for layer in unwrap(said, DecodingBudget(USUAL, len(said))))


def test_a_line_that_ends_in_a_number_is_no_size() -> None:
    said = b"first: 7\r\nsecond of them: 9\r\nand more\r\n"
    assert not [layer for layer in unwrap(said, DecodingBudget(USUAL, len(said))) if "chunked" in layer.way]
