"""A byte string is in a text or not, wherever in it its bytes occur."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.presence import Presence, line_ends

BYTES = st.binary(max_size=6) | st.text("ab=<]", max_size=4).map(str.encode)


@given(st.lists(BYTES, max_size=8).map(b"".join), BYTES)
def test_it_says_what_in_says(content: bytes, text: bytes) -> None:
    assert Presence(content).holds(text) is (text in content)


@given(st.lists(BYTES, max_size=8).map(b"".join), BYTES.filter(bool))
def test_it_says_where(content: bytes, text: bytes) -> None:
    starts = [at for at in range(len(content)) if content.startswith(text, at)]
    assert Presence(content).places(text).tolist() == starts
    assert Presence(content * 3_000).places(text).tolist() == [
        at for at in range(len(content) * 3_000) if (content * 3_000).startswith(text, at)
    ]


@given(st.text("a\n", max_size=30).map(str.encode), st.integers(0, 9), st.integers(0, 40_000))
def test_lines_are_counted(some: bytes, start: int, end: int) -> None:
    content = (some + b"a line\n") * 1_500
    end = max(start, min(end, len(content)))
    assert line_ends(content, start, end) == content.count(b"\n", start, end)


@given(st.text("ab", max_size=30).map(str.encode), st.text("ab", max_size=9).map(str.encode))
def test_in_a_large_text_too(some: bytes, text: bytes) -> None:
    content = b"ba" * 8_192 + some
    assert Presence(content).holds(text) is (text in content)


def test_what_occurs_late_is_seen() -> None:
    content = bytes(200_000) + b"a" * 200_000 + b"=?b"
    present = Presence(content)
    assert all(present.holds(text) for text in (b"a=?", b"\0a", b"?b", b"b", b""))
    assert not any(present.holds(text) for text in (b"ba", b"c", b"=b"))
