"""Fronts that this listener started."""

from __future__ import annotations

import pytest

from canaries.core.errors import HomeError
from canaries.installation.home import Home
from listener.journal.chain import public_half
from listener.journal.fronts import certify_front, key_of_front


def test_a_front_s_key_is_known_before_it_starts(home: Home) -> None:
    front, key = certify_front(home)
    assert key_of_front(home, front) == public_half(key)
    assert key.hex() not in (home.path / "fronts" / front).read_text()
    assert certify_front(home)[0] != front


@pytest.mark.parametrize("front", ["0" * 16, "../home.id", "", "A" * 16])
def test_others_have_none(home: Home, front: str) -> None:
    assert key_of_front(home, front) == b""


def test_a_file_that_is_no_key_is_none(home: Home) -> None:
    front, _ = certify_front(home)
    (home.path / "fronts" / front).write_text("rubbish")
    assert key_of_front(home, front) == b""


def test_a_folder_that_cannot_be_written_is_said(home: Home) -> None:
    (home.path / "fronts").write_text("a file")
    with pytest.raises(HomeError):
        certify_front(home)
