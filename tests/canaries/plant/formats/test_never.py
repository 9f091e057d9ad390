"""Lists that programs act upon take nothing, whatever is asked."""

from __future__ import annotations

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats import Manner
from tests.canaries.plant.formats.forms import planted


@pytest.mark.parametrize(
    "name", "requirements.txt poetry.lock yarn.lock go.sum package.json Cargo.toml WinSCP.ini".split()
)
@pytest.mark.parametrize("manner", ["entry", "comment", "live"])
def test_nothing_is_planted(name: str, manner: Manner) -> None:
    with pytest.raises(PlantError) as refused:
        planted(name, b"x\n", "stripe-key", manner=manner)
    assert refused.value.hint
