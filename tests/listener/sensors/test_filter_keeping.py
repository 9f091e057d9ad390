"""A filter that was written is as new as what was minted, without a command, and stays whose it is."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.mint.minting import Minted, mint
from listener.hook.filter_file import Filter
from listener.sensors.filter_keeping import FilterWatch, forget, keep, kept, lacking


def knows(path: Path, made: Minted) -> bool:
    return all(token.value.encode() in Filter(path) for token in made.canary.tokens if token.facet == "email")


def test_bait_that_is_minted_later_is_in_the_filter(home: Home, tmp_path: Path) -> None:
    path, watch = tmp_path / "filter", FilterWatch(home, pytest.fail)
    keep(home, path, guessable=True)
    path.chmod(0o640)
    assert watch.look() == 0
    [made] = mint(home, "user")
    assert [lacking(home, one) for one in kept(home)] == [1]
    assert not knows(path, made)
    assert watch.look() == 1
    assert knows(path, made)
    assert Filter(path).weak
    assert path.stat().st_mode & 0o777 == 0o640, "the program can still read it"
    assert watch.look() == 0
    assert [lacking(home, one) for one in kept(home)] == [0]


def test_one_that_is_gone_elsewhere_or_forgotten_is_left_alone(home: Home, tmp_path: Path) -> None:
    path, said = tmp_path / "filter", list[str]()
    watch = FilterWatch(home, said.append)
    keep(home, path)
    path.unlink()
    next(mint(home, "url"))
    assert watch.look() == 0
    assert not path.exists()
    keep(home, path)
    next(mint(home, "url"))
    vault = home.keys.folder / "vault"
    vault.rename(vault.with_name("away"))
    assert watch.look() == 0
    vault.with_name("away").rename(vault)
    forget(home, path)
    assert watch.look() == 0
    with pytest.raises(NotFoundError):
        forget(home, path)


def test_one_that_cannot_be_written_is_said_once(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = list[str]()
    watch, ended = FilterWatch(home, said.append), threading.Event()
    keep(home, tmp_path / "filter")
    next(mint(home, "url"))

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("listener.sensors.filter_making._put", full)
        watch.look()
        watch.look()
    assert said == [f"{tmp_path / 'filter'} cannot be written: No space left on device"]
    ended.set()
    watch.run(ended)
    assert [lacking(home, one) for one in kept(home)] == [0]
