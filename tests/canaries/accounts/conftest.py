"""Passwords of tests are hashed with little memory: what a hash costs is the business of test_passwords alone."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from canaries.accounts import passwords

QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.module.__name__.rpartition(".")[2] != "test_passwords":
        monkeypatch.setattr(passwords, "_hasher", lambda: QUICK)
