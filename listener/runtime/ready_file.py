"""The ready file: there whole, or not there."""

from __future__ import annotations

from pathlib import Path

import msgspec

from canaries.core import files
from canaries.core.errors import HomeError


def write_ready(path: Path, addresses: dict[str, list[str]]) -> None:
    """Say where each trap listens. Raises HomeError."""
    try:
        files.replace(path, msgspec.json.encode(addresses) + b"\n", mode=0o644)
    except OSError as error:
        raise HomeError(f"the ready file {path} cannot be written: {error.strerror}") from error
