"""Where the head of a message ends."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.head import head_end


@given(st.text("\r\na", max_size=12).map(str.encode))
def test_it_ends_where_the_expression_says(raw: bytes) -> None:
    match = re.search(rb"\r?\n\r?\n", raw)
    assert head_end(raw) == (match.span() if match else None)
