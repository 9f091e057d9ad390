"""The contract, for every format in the folder."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest

from canaries.core import plugins, store
from canaries.ledger.sealer import LogSealer
from listener.dossier import formats
from listener.dossier.case import Case
from listener.dossier.collect import collect, scope_of
from listener.dossier.formats import Format

FOUND = plugins.classes(formats.FOLDER, Format)


def test_each_file_of_the_folder_is_a_format() -> None:
    assert set(FOUND) >= {"bait", "csv", "log", "ndjson", "raw", "report"}
    assert len(FOUND) == len(plugins.module_names(formats.FOLDER))


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_format_yields_relative_paths_of_its_own_and_bytes(case: Case, name: str) -> None:
    paths = []
    for path, content in FOUND[name]().files(case):
        assert all(isinstance(piece, bytes) for piece in content)
        paths.append(PurePosixPath(path))
    assert paths
    assert len(paths) == len(set(paths))
    assert not [path for path in paths if path.is_absolute() or ".." in path.parts]


@pytest.mark.parametrize("name", sorted(FOUND))
def test_a_case_without_hits_is_no_crash(story: Any, name: str) -> None:
    with story.home.store.write() as connection:
        connection.execute(store.hit.delete())
    sealer = LogSealer(story.home)
    sealer.seal_once()
    sealer.checkpoint()
    case = collect(story.home, scope_of(story.home, None, story.canary))
    for _, content in FOUND[name]().files(case):
        assert all(isinstance(piece, bytes) for piece in content)
