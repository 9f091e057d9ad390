"""A bait made by hand, and requests for it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canaries.core.model import Bait, BaitFile, Token
from canaries.plant.planters import PlantingRequest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def bait() -> Bait:
    """A phony person: a row, and a snippet."""
    return Bait(
        tokens=(
            Token("email", "mara.k3v9x2@mail.example.net", folds=True),
            Token("password", "tulip-k3v9-anchor"),
            Token("phone", "+12025550123", weak=True),
        ),
        text="MAIL=mara.k3v9x2@mail.example.net\nPASS=tulip-k3v9-anchor\n",
        row={
            "first_name": "Mara",
            "last_name": "Okonjo",
            "email": "mara.k3v9x2@mail.example.net",
            "phone": "+12025550123",
            "password": "tulip-k3v9-anchor",
            "password_hash": "$2b$12$abcdefghijklmnopqrstuv",
        },
    )


@pytest.fixture
def file_bait() -> Bait:
    """A bait of two files, one in a folder of its own."""
    return Bait(
        tokens=(
            Token("access_key_id", "AKIAQ3EXAMPLE7654321"),
            Token("secret", "wJalrXUtnFEMIK7MDENGbPxRfi"),
        ),
        text="unused\n",
        files=(
            BaitFile(".aws/credentials", b"[default]\naws_access_key_id = AKIAQ3EXAMPLE7654321\n", 0o600),
            BaitFile("readme.txt", b"secret: wJalrXUtnFEMIK7MDENGbPxRfi\n", 0o644),
        ),
    )


@pytest.fixture
def ask() -> Callable[..., PlantingRequest]:
    """A request at a fixed time, with fixed chance."""

    def make(bait: Bait, target: Path | str, **more: object) -> PlantingRequest:
        return PlantingRequest(bait, str(target), NOW, chance=random.Random(7), **more)  # type: ignore[arg-type]

    return make
