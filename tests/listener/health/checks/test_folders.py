"""The check of the home's folders."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.health.checks.folders import FoldersCheck
from tests.listener.health.looking import failures


def test_well(look: Any) -> None:
    assert not failures(look(FoldersCheck))


@pytest.mark.parametrize("name", ["journal", "checkpoints"])
def test_newcomer_f4_a_missing_folder_is_named(home: Home, look: Any, name: str) -> None:
    shutil.rmtree(home.path / name)
    assert f"{name} is missing" in failures(look(FoldersCheck))


def test_a_damaged_identity(home: Home, look: Any) -> None:
    _ = home.store
    (home.path / "home.id").write_text("")
    assert "home.id is damaged" in failures(look(FoldersCheck))


def test_a_home_that_others_write_to(home: Home, look: Any) -> None:
    home.path.chmod(0o777)
    assert "others may write to" in failures(look(FoldersCheck))
