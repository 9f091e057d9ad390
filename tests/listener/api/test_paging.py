"""Cursors: what this API gave out, and nothing else."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.api import paging
from listener.api.problems import ApiError


def test_there_and_back() -> None:
    parts = ("2026-11-27T11:29:44.374805Z", "0123456789abcdef")
    assert paging.opened(paging.cursor(*parts), 2) == parts
    assert paging.opened("", 2) is None
    for bad in (paging.cursor(*parts), paging.cursor("a'b", "c")):
        with pytest.raises(ApiError, match="Unprocessable"):
            paging.opened(bad, 1 if bad == paging.cursor(*parts) else 2)


@given(st.text(max_size=60))
def test_rubbish_is_refused(text: str) -> None:
    with contextlib.suppress(ApiError):
        assert paging.opened(text, 1) is None or paging.cursor(*(paging.opened(text, 1) or ()))
