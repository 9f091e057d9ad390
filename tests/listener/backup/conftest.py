"""An identity, and the loss of a machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from canaries.installation.home import Home
from tests import steady


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """A file with an age identity; its first line names the recipient."""
    made = pyrage.x25519.Identity.generate()
    path = tmp_path / "identity.txt"
    path.write_text(f"# public key: {made.to_public()}\n{made}\n")
    return path


@pytest.fixture
def recipient(identity: Path) -> str:
    return identity.read_text().splitlines()[0].removeprefix("# public key: ")


@pytest.fixture
def lose() -> Callable[[Home], None]:
    """The machine is gone: home and database."""

    def gone(home: Home) -> None:
        if home.store.dialect == "postgresql":
            steady.drop_tables(home.store)
        home.close()

        def removed() -> bool:  # processes that are ending may still write
            shutil.rmtree(home.path, ignore_errors=True)
            return not home.path.exists()

        steady.until(removed)

    return gone
