"""Where canaries may stand: in their files, in clones of their repository, and nowhere else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import placements, planting, unplanting
from canaries.scan import index, known, places
from tests.programs import needs

KEY = bytes(range(32))
pytestmark = needs("git")


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a commit."""
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "README").write_text("a shop\n")
    git(folder, "add", "README")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


def planted(home: Home, target: Path, kind: str = "github-token") -> str:
    canary = next(mint(home, kind)).canary
    planting.plant(home, canary.id, str(target))
    return canary.id


def test_it_holds_in_every_clone_under_the_same_path_only(home: Home, shop: Path, tmp_path: Path) -> None:
    canary = planted(home, shop / "old.env")
    git(shop, "add", "old.env")
    git(shop, "commit", "--quiet", "-m", "second")
    git(tmp_path, "clone", "--quiet", str(shop), "clone")
    git(tmp_path, "init", "--quiet", "other")
    for name in ("clone/copy.env", "other/old.env", "old.env"):
        (tmp_path / name).write_text((shop / "old.env").read_text())
    for found in (places.of_home(home, KEY), places.of_home(home, KEY, anywhere=False)):
        assert found.holds(canary, str(shop / "old.env"))
        assert found.holds(canary, str(tmp_path / "clone/old.env"))
        for name in ("clone/copy.env", "other/old.env", "old.env"):
            assert not found.holds(canary, str(tmp_path / name)), name
        assert not found.holds("0" * 16, str(shop / "old.env"))


def test_the_address_of_a_remote_tells_a_shallow_clone(home: Home, shop: Path, tmp_path: Path) -> None:
    git(shop, "remote", "add", "origin", "git@git.example.org:team/shop.git")
    canary = planted(home, shop / "old.env")
    git(tmp_path, "init", "--quiet", "ci")
    git(tmp_path / "ci", "remote", "add", "origin", "https://robot@git.example.org/team/shop")
    (tmp_path / "ci/old.env").write_text("x")
    assert places.of_home(home, KEY, anywhere=False).holds(canary, str(tmp_path / "ci/old.env"))


def test_outside_of_git_only_the_home_knows_the_place(home: Home, tmp_path: Path) -> None:
    canary = planted(home, tmp_path / "old.env")
    assert places.of_home(home, KEY).holds(canary, str(tmp_path / "old.env"))
    assert not places.of_home(home, KEY, anywhere=False).tags


def test_a_member_is_where_its_archive_is(home: Home, tmp_path: Path) -> None:
    canary = planted(home, tmp_path / "plan!.docx", "docx")
    found = places.of_home(home, KEY)
    assert found.holds(canary, f"{tmp_path / 'plan!.docx'}!word/document.xml")
    assert not found.holds(canary, f"{tmp_path / 'plan'}!word/document.xml")


def test_what_a_bait_carries_is_where_it_is(home: Home, tmp_path: Path) -> None:
    minted = next(mint(home, "env-file"))
    planting.plant(home, minted.canary.id, str(tmp_path))
    file = next(tmp_path.glob(".env*"))
    found = places.of_home(home, KEY)
    assert minted.parts
    assert all(found.holds(part.canary.id, str(file)) for part in minted.parts)


def test_what_was_taken_back_may_stand_nowhere(home: Home, tmp_path: Path) -> None:
    planted(home, tmp_path / "old.env")
    (placement,) = placements.listing(home)
    unplanting.unplant(home, placement.id)
    assert not places.of_home(home, KEY).tags


def test_an_index_for_somebody_else_has_the_places_and_no_path(
    home: Home, shop: Path, tmp_path: Path
) -> None:
    canary = planted(home, shop / "old-and-unusual.env")
    index.write(known.for_somebody_else(home, KEY), tmp_path / "index")
    assert b"unusual" not in (tmp_path / "index").read_bytes()
    found = places.of_index(index.read(tmp_path / "index"))
    assert found.holds(canary, str(shop / "old-and-unusual.env"))
    assert found.is_bait(shop / "old-and-unusual.env", (shop / "old-and-unusual.env").read_bytes())
    assert not found.is_bait(shop / "old-and-unusual.env", b"other")
