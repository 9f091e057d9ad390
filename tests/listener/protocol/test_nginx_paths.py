"""Paths as nginx resolves them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.nginx_paths import plain


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/a?b=/../", b"/a"),
        (b"//", b"/"),
        (b"/a//b/", b"/a/b/"),
        (b"/./a/.", b"/a/"),
        (b"/a/..", b"/"),
        (b"/a/../..", None),
        (b"/%2e%2E/", None),
        (b"/%2f", b"/"),
        (b"/a%2fb", b"/a/b"),
        (b"/%252e", b"/%2e"),
        (b"/a%3fb#c?d", b"/a?b"),
        (b"/%zz", None),
        (b"/a%", None),
        (b"/%00", None),
        (b"/...", b"/..."),
    ],
)
def test_paths(target: bytes, path: bytes | None) -> None:
    assert plain(target) == path


@given(st.binary(max_size=80))
def test_nothing_hostile_raises_and_nothing_climbs(data: bytes) -> None:
    path = plain(b"/" + data)
    assert path is None or path.startswith(b"/")
