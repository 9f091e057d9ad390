"""Announcing a send: it returns once the listener has it, and raises where nobody took it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from listener.hook.sends import NotAnnouncedError, announce
from tests.listener.hook.conftest import KEY


def told(path: Path, places: list[str], key: str = KEY) -> Path:
    (path / "sensor.json").write_text(json.dumps({"name": "web", "key": key, "report_to": places}))
    return path / "sensor.json"


def test_it_is_with_the_listener_when_it_returns(fake_listener: Any, tmp_path: Path) -> None:
    file = told(tmp_path, ["unix:/nowhere", f"unix:{fake_listener.path}"])
    its_id = announce(file, "subscribers", "Hello {name}", minutes=5, by="jo")
    (sent,) = fake_listener.reports
    assert sent == {"id": its_id, "list": "subscribers", "text": "Hello {name}", "minutes": 5, "by": "jo"}


def test_what_nobody_took_is_not_announced(fake_listener: Any, tmp_path: Path) -> None:
    for places, key in (([], KEY), (["unix:/nowhere"], KEY), ([f"unix:{fake_listener.path}"], "x" * 64)):
        with pytest.raises(NotAnnouncedError):
            announce(told(tmp_path, places, key), "subscribers", "x")
