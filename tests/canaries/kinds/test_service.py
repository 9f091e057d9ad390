"""What the services' keys share: two variables, the secret first, the URL one that leads to a trap."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from canaries.core import plugins
from canaries.core.model import Bait
from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds import FOLDER, Kind
from canaries.kinds._service import KeyForm, ServiceKey

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


def test_a_form_is_a_beginning_and_one_run_that_follows_from_seed_and_name() -> None:
    key = KeyForm("dapi", "token", HEX, 32).draw(SeededRandom(bytes(32)))
    assert key == "dapi" + SeededRandom(bytes(32)).text("token", HEX, 32)
    assert KeyForm("dapi", "key", HEX, 32).draw(SeededRandom(bytes(32))) != key


@pytest.mark.parametrize("name", SERVICES)
def test_a_form_holds_96_random_bits(name: str) -> None:
    kind = plugins.classes(FOLDER, Kind)[name]
    form = getattr(kind, "form", None)
    assert form is None or form.length * math.log2(len(set(form.alphabet))) >= 96
