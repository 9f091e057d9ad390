"""An object within its bounds comes back; too much, too late and anything else are one sentence each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from canaries.core.errors import TraplineError
from listener.network_data.json_answer import json_object
from tests import steady


class RefusedError(TraplineError):
    """What the caller would raise."""


@dataclass
class Parts:
    """An answer that comes in these parts."""

    parts: tuple[bytes, ...]

    def iter_content(self, chunk_size: int) -> Iterator[bytes]:
        assert chunk_size <= 1 << 16
        yield from self.parts


def read(*parts: bytes, until: float = steady.PATIENCE) -> object:
    return json_object(
        Parts(parts), "a.example", largest=20, until=time.monotonic() + until, refusal=RefusedError
    )


def test_an_object_comes_back_from_its_parts() -> None:
    assert read(b'{"a":', b" 1}") == {"a": 1}
    assert read(b'{"a":', b'"012345678901"}') == {"a": "012345678901"}


@pytest.mark.parametrize(
    ("parts", "until", "said"),
    [
        ((b'{"a":1}', b" " * 14), steady.PATIENCE, "too much"),
        ((b'{"a":1}',), -1.0, "too slowly"),
        ((b"[1]",), steady.PATIENCE, "something else"),
        ((b"<html>",), steady.PATIENCE, "something else"),
        ((b"[" * 20,), steady.PATIENCE, "something else"),
        ((), steady.PATIENCE, "something else"),
    ],
)
def test_anything_else_is_a_sentence(parts: tuple[bytes, ...], until: float, said: str) -> None:
    with pytest.raises(RefusedError, match=rf"a\.example .*{said}"):
        read(*parts, until=until)
