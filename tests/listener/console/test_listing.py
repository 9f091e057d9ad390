"""Lists of hits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from canaries.core.model import Canary
from listener.console import listing

Visit = Callable[..., str]


def test_hits_are_paged_newest_first(
    console: Any, canary: Canary, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(listing, "PAGE", 2)
    made = [visit(canary, port=40_000 + number) for number in range(5)]
    shown: list[str] = []
    path = "/hits"
    for _ in range(3):
        page = console.get(path).get_data(as_text=True)
        shown += re.findall(r'<tr role="row" id="hit-([0-9a-f]{32})"', page)
        more = re.search(r'href="(/hits\?before=[0-9a-f]+)"', page)
        path = more[1] if more else ""
    assert shown == made[::-1]
    assert path == ""
