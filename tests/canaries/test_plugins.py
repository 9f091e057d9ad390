"""A plug-in is found because it lies in its folder."""

from __future__ import annotations

import pytest

from canaries import kinds, plugins
from canaries.errors import NotFoundError
from canaries.kinds import Kind


def test_every_file_of_the_folder_gives_its_plugin() -> None:
    found = plugins.classes(kinds.FOLDER, Kind)  # type: ignore[type-abstract]
    assert {name.replace("-", "_") for name in found} == set(plugins.module_names(kinds.FOLDER))


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="no kind called 'urll'") as caught:
        plugins.pick(kinds.FOLDER, Kind, "urll", "kind")  # type: ignore[type-abstract]
    assert "url" in str(caught.value.hint)
