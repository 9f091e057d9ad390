"""Dossiers: handed over, left nowhere, written down."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

from canaries.core.model import Canary
from listener.incidents import queries

Visit = Callable[..., str]


def test_a_dossier_is_handed_over_and_left_nowhere(console: Any, canary: Canary, visit: Visit) -> None:
    incident = queries.one(console.home, visit(canary)).incident
    before = sorted(path.name for path in console.home.path.iterdir())
    for path, name in ((f"/incidents/{incident}", incident), (f"/canaries/{canary.id}", canary.id)):
        response = console.post(f"{path}/dossier", {"reason": "for counsel"}, buffered=True)
        assert response.status_code == 200
        assert response.headers["Content-Disposition"] == f"attachment; filename=dossier-{name}.zip"
        with zipfile.ZipFile(io.BytesIO(response.get_data())) as archive:
            assert archive.testzip() is None
            assert archive.namelist()
    assert [entry.body["why"] for entry in console.entries("exported")] == ["for counsel"] * 2
    assert console.post(f"/incidents/{incident}/dossier", {"reason": " "}).status_code == 422
    assert sorted(path.name for path in console.home.path.iterdir() if path.name.startswith("dossier")) == []
    assert set(before) <= {path.name for path in console.home.path.iterdir()}
