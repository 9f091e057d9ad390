"""What only a restart takes up, and when a certificate counts as renewed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from canaries.core.settings import parse
from listener.runtime.reloading import certificate_stamp, needs_restart, settings_digest

HTTP: dict[str, Any] = {"traps": {"http": {"bind": ["127.0.0.1:1"]}}}


@pytest.mark.parametrize(
    ("new", "left"),
    [
        (HTTP, []),
        ({**HTTP, "channels": {"a": {"type": "file"}}, "alerts": {"memo": False}}, []),
        ({"traps": {"http": {"bind": ["127.0.0.1:1"], "forwarded_from": ["10.0.0.0/8"]}}}, []),
        ({"traps": {"http": {"bind": ["127.0.0.1:2"]}}}, ["traps.http.bind"]),
        ({"traps": {**HTTP["traps"], "redis": {}}}, ["traps.redis"]),
        ({**HTTP, "journal": {"folder": "/x"}}, ["journal.folder"]),
        ({**HTTP, "listen": {"user": "nobody"}}, ["listen.user"]),
    ],
)
def test_what_only_a_restart_takes_up(new: dict[str, Any], left: list[str]) -> None:
    assert needs_restart(parse(HTTP, {}), parse(new, {})) == left


def test_a_certificate_that_is_written_anew_has_another_stamp(tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_text("1")
    key.write_text("2")
    settings = parse({"listen": {"certificates": [f"{chain}:{key}"]}}, {})
    first = certificate_stamp(settings)
    assert certificate_stamp(settings) == first
    fresh = tmp_path / "fresh"
    fresh.write_text("3")
    os.utime(fresh, ns=(5, 5))
    fresh.replace(key)
    assert certificate_stamp(settings) != first
    key.unlink()
    assert certificate_stamp(settings)[1] == (str(key), 0, 0, 0)


def test_the_digest_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert settings_digest(tmp_path) == ""
    (tmp_path / "trapline.toml").write_text("")
    assert len(settings_digest(tmp_path)) == 64
