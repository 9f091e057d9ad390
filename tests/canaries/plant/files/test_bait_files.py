"""Names of new files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.plant.files.bait_files import files_of
from canaries.plant.planters import PlantingRequest

Ask = Callable[..., PlantingRequest]


def test_a_bait_without_text_or_files_is_refused(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    empty = replace(bait, text="")
    with pytest.raises(PlantError, match="neither text nor files"):
        files_of(empty, tmp_path, ask(empty, tmp_path))


def test_assignments_and_prose_get_different_names(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    (assigned,) = files_of(bait, tmp_path, ask(bait, tmp_path))
    prose = replace(bait, text="see https://k3v9.example.net\n")
    (told,) = files_of(prose, tmp_path, ask(prose, tmp_path))
    assert "env" in assigned.path or "settings" in assigned.path
    assert told.path.endswith(".txt")


def test_when_every_name_is_taken_the_operator_says_one(tmp_path: Path, bait: Bait, ask: Ask) -> None:
    prose = replace(bait, text="see https://k3v9.example.net\n")
    for _ in range(6):
        (file,) = files_of(prose, tmp_path, ask(prose, tmp_path))
        (tmp_path / file.path).touch()
    with pytest.raises(PlantError, match="every usual name is taken"):
        files_of(prose, tmp_path, ask(prose, tmp_path))


def test_a_folder_of_the_files_own_name_is_that_folder(tmp_path: Path, file_bait: Bait, ask: Ask) -> None:
    home = tmp_path / ".aws"
    home.mkdir()
    assert [file.path for file in files_of(file_bait, home, ask(file_bait, home))] == [
        "credentials",
        "readme.txt",
    ]
