"""The front gets nothing of the environment that could hold a secret."""

from __future__ import annotations

import pytest

from listener.runtime.front_environment import front_environment


def test_settings_and_logins_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRAPLINE_STORE_URL", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "HOME"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LC_ALL", "C")
    found = front_environment()
    assert "secret" not in found.values()
    assert found["LC_ALL"] == "C"
    assert "PATH" in found
