"""A byte string is in a text or not, whichever byte is looked for first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.scan.presence import holds

BYTES = st.binary(max_size=6) | st.text("ab=<]", max_size=4).map(str.encode)


@given(st.lists(BYTES, max_size=8).map(b"".join), BYTES)
def test_it_says_what_in_says(content: bytes, text: bytes) -> None:
    assert holds(content, text) is (text in content)
