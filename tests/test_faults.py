"""A hundred ways of being broken: status names each, the heartbeat stops saying well, a channel that works is told."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from listener.health import direct_telling
from listener.health.examination import examine
from listener.health.state import PartState
from listener.health.watch import HealthWatch
from listener.notify.courier import Courier
from tests import steady
from tests.every import in_part_and_whole
from tests.faults import FAULTS, Fault, Scene, serving
from tests.listener.health.looking import answer
from tests.network import needs_a_resolver

TOML = """[operator]
organisation = "Test Trust"

[bait]
base_url = "http://1.1.1.1"

[health]
disk_free_mb = 1

[channels.log]
type = "file"
path = "{}/told.ndjson"
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation, made once: each fault breaks a copy of it."""
    folder = tmp_path_factory.mktemp("sound") / "home"
    home = steady.installation(folder, TOML.format("PLACE"), "broken")
    home.close()
    return folder


@pytest.fixture
def scene(sound: Path, tmp_path: Path) -> Iterator[Scene]:
    path = tmp_path / "home"
    shutil.copytree(sound, path, ignore=shutil.ignore_patterns("shipped"))
    steady.unpacked(path)
    (path / "trapline.toml").write_text(TOML.format(tmp_path))
    (path / "trapline.toml").chmod(0o600)
    home = Home.open(path)
    _ = home.settings, home.store, home.writer, home.id
    yield Scene(home, answer(home))
    home.close()


def failing(parts: tuple[PartState, ...], fault: Fault) -> list[PartState]:
    return [one for one in parts if one.part.startswith(fault.part) and fault.says in one.says]


def test_it_is_well_before_it_is_broken(scene: Scene) -> None:
    with serving(scene):
        assert examine(scene.home).summary() == "well"


FIRST = {(one.group, one.part): one for one in reversed(FAULTS)}
"""Of each group and part the first: what is told of the others goes the same way."""


@in_part_and_whole
@pytest.mark.parametrize("fault", FAULTS, ids=[f"{one.group}: {one.name}" for one in FAULTS])
def test_o3_f5_a_fault_is_named_and_told(scene: Scene, fault: Fault, tmp_path: Path, whole: bool) -> None:
    """In part: each is named, and the `FIRST` ones are told."""
    if fault.says == "does not resolve":
        needs_a_resolver()
    fault.apply(scene)
    if "has changed" not in fault.says and fault.group not in ("settings", "database"):
        scene.answer["settings_sha256"] = answer(scene.home)["settings_sha256"]
    told = tmp_path / "told.ndjson"
    with serving(scene):
        asked = Home(scene.path, scene.home.clock)  # as the command line opens it
        report = examine(asked)
        asked.close()
        assert failing(report.failing, fault), report.summary()
        if not scene.serves:
            direct_telling.tell(scene.home, report.summary())
            assert fault.says in told.read_text()
            return
        if not whole and fault not in FIRST.values():
            return
        watch = HealthWatch(scene.home)
        watch.look()
        watch.look()
    assert watch.problems(), "the heartbeat would say well"
    if fault.told_by_courier:
        return
    if not told.exists():
        deliver(scene)
    assert fault.part.split()[-1] in told.read_text()


def deliver(scene: Scene) -> None:
    """What a courier with the listener's settings delivers over the channel that works."""
    try:
        courier = Courier(scene.home, say=lambda sentence: None)
    except TraplineError:
        pytest.fail("no channel works")
    with contextlib.suppress(TraplineError):  # what was sent is not on record then, and is sent again
        while courier.deliver("log"):
            pass


def test_there_are_a_hundred_and_no_two_are_the_same() -> None:
    assert len({(one.group, one.name) for one in FAULTS}) == len(FAULTS) >= 100
