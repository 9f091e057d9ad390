"""The contract of the folder: what every planter keeps to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from canaries.core.errors import PlantError
from canaries.core.model import Bait
from canaries.core.plugins import classes
from canaries.ledger.entries import canonical
from canaries.plant.planters import FOLDER, Item, Planter, PlantingRequest, State, choose, planter
from tests import hooks

PLANTERS = sorted(classes(FOLDER, Planter))


@pytest.mark.parametrize("name", PLANTERS)
def test_plan_put_look_undo(
    name: str, tmp_path: Path, bait: Bait, ask: Callable[..., PlantingRequest]
) -> None:
    own = hooks.own_tests("tests.canaries.plant.planters", name)
    assert own is not None, f"planter {name} has no test file"
    target = own.prepare(tmp_path)
    chosen = choose(target)
    assert chosen.name == name
    assert chosen.title
    plan = chosen.plan(ask(bait, target))
    assert plan.steps
    assert [chosen.look(item)[0] for item in plan.items] == [State.GONE] * len(plan.items)
    done = plan.put()
    assert [item.where for item in done.items] == [item.where for item in plan.items]
    remembered = [msgspec.json.decode(canonical(msgspec.to_builtins(item)), type=Item) for item in done.items]
    assert [planter(name).look(item) for item in remembered] == [(State.THERE, "")] * len(done.items)
    done.undo()
    assert [chosen.look(item)[0] for item in remembered] == [State.GONE] * len(done.items)


@pytest.mark.parametrize("target", ["", "\0", "\N{ESCAPE}[2J/x", "a" * 5000, "/\udcff/x", "x/" * 3000])
def test_a_target_that_is_none_is_one_sentence(target: str) -> None:
    with pytest.raises(PlantError, match=r"nothing can be planted|cannot be looked at|not a regular file"):
        choose(target)


def test_a_planter_that_is_not_installed_is_named() -> None:
    with pytest.raises(PlantError, match="no planter called 'moon'"):
        planter("moon")


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlantError, match="there is no folder") as refused:
        choose(str(tmp_path / "app" / ".env"))
    assert refused.value.sentence.startswith("nothing can be planted at ")
    assert refused.value.hint == "make it first"
