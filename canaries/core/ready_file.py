"""The ready file: there whole, or not there."""

from __future__ import annotations

import json
from pathlib import Path

from canaries.core import files
from canaries.core.errors import HomeError


def clear_ready(path: Path | None) -> None:
    """Before a start: an old file would say that this process is ready. Raises HomeError."""
    if path is None:
        return
    try:
        files.remove(path)
    except OSError as error:
        raise HomeError(f"the ready file {path} cannot be written: {error.strerror}") from error


def write_ready(path: Path, addresses: dict[str, list[str]]) -> None:
    """Say where each trap listens. Raises HomeError."""
    try:
        files.replace(path, json.dumps(addresses).encode() + b"\n", mode=0o644)
    except OSError as error:
        raise HomeError(f"the ready file {path} cannot be written: {error.strerror}") from error
