"""Links: what may be one actor's, with its reasons; a decision stands in both incidents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from canaries.mint.minting import mint
from listener.incidents import queries


def test_suggested_with_reasons_and_decided(console: Any, strike: Callable[..., str], hostile: str) -> None:
    hits = [
        strike(console.home, minted.canary, agent="odd-tool/7", at=f"2026-11-{day}T12:00:00.000000Z")
        for minted, day in zip(mint(console.home, "url", count=2), (20, 22), strict=True)
    ]
    one, other = sorted(queries.one(console.home, hit).incident for hit in hits)
    assert f'href="/links?incident={one}"' in console.get(f"/incidents/{one}").get_data(as_text=True)
    page = console.get(f"/links?incident={one}").get_data(as_text=True)
    assert "both came from one address" in page
    assert "Suggested campaign of 2 incidents" in page
    said = {"one": one, "other": other, "decision": "rejected", "reason": hostile, "back": one}
    assert console.post("/links", said | {"decision": "perhaps"}).status_code == 422
    assert console.post("/links", said | {"reason": " "}).status_code == 422
    assert console.post("/links", said).location == f"/links?incident={one}"
    page = console.get("/links").get_data(as_text=True)
    assert "No incidents have enough in common." in page
    assert ">rejected<" in page
    assert "<script>alert" not in page
    assert [note.by for note in queries.incident(console.home, other).notes] == [console.home.operator]
    assert console.get("/links?incident=0123456789abcdef").status_code == 404
