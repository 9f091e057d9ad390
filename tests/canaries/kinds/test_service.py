"""What the services' keys share: two variables, the secret first, the URL ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canaries.core import plugins
from canaries.core.model import Bait
from canaries.kinds import FOLDER, Kind
from canaries.kinds._service import ServiceKey

SERVICES = sorted(
    name for name, kind in plugins.classes(FOLDER, Kind).items() if issubclass(kind, ServiceKey)
)


@pytest.mark.parametrize("name", SERVICES)
def test_the_key_and_the_address_stand_under_their_variables(name: str, mint: Callable[..., Bait]) -> None:
    kind = plugins.classes(FOLDER, Kind)[name]
    assert issubclass(kind, ServiceKey)
    bait = mint(name)
    values = dict(line.split("=", 1) for line in bait.text.splitlines())
    assert list(values) == [kind.variable, kind.base]
    assert values[kind.variable] == bait.tokens[0].value == bait.row["secret"]
    assert values[kind.base] == bait.row["url"]
    assert bait.tokens[1].value in values[kind.base]


@pytest.mark.parametrize("name", SERVICES)
def test_it_says_honestly_what_stays_silent(name: str) -> None:
    kind = plugins.classes(FOLDER, Kind)[name]
    assert "clear" in kind.fired_by
    if name != "databricks-token":  # whose every client takes the workspace's address from the settings
        assert "Silent:" in kind.fired_by
