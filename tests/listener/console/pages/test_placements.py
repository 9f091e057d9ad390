"""Placements: where, and in what state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canaries.core.model import Canary
from canaries.plant import placements
from canaries.plant.planters import State
from canaries.plant.planting import plant


def test_placements_say_where_and_in_what_state(console: Any, canary: Canary, tmp_path: Path) -> None:
    target = tmp_path / "notes & <b>.txt"
    target.write_text("Monday\n")
    plant(console.home, canary.id, str(target))
    for path in ("/placements", f"/canaries/{canary.id}"):
        page = console.get(path).get_data(as_text=True)
        assert "notes &amp; &lt;b&gt;.txt" in page, path
        assert ">there<" in page, path
        assert f'href="/canaries/{canary.id}"' in page or path != "/placements"
    target.unlink()
    assert [one.state for one in placements.check(console.home)] == [State.GONE]
    assert ">gone<" in console.get("/placements").get_data(as_text=True)
