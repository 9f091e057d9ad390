"""One listener a home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from canaries.core.errors import HomeError
from listener.runtime import one_listener


def test_the_second_is_refused_and_the_first_is_named(tmp_path: Path) -> None:
    held = one_listener.lock(tmp_path)
    with pytest.raises(HomeError, match=rf"another listener runs on .* \(process {os.getpid()}\)"):
        one_listener.lock(tmp_path)
    os.close(held)
    os.close(one_listener.lock(tmp_path))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="cannot be written"):
        one_listener.lock(tmp_path / "nowhere")
