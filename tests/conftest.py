"""What tests of more than one room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A fresh installation on SQLite, in a folder of its own."""
    made = Home.create(tmp_path / "home", '[operator]\norganisation = "Test Trust"\n')
    yield made
    made.store.close()
