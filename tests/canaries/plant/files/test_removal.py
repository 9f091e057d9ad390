"""What was planted into files comes out exactly, or is refused with nothing touched."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
from pathlib import Path

import pytest

from canaries.core.errors import PlantError
from canaries.installation.home import Home
from canaries.mint import catalogue
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.plant.files import removal
from canaries.plant.files.removal import file_removal
from canaries.plant.planters import Item
from tests import steady

EARLY = "2000-01-01T00:00:00.000000Z"


def test_an_entry_comes_out_after_others_edited_elsewhere(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("db:\n  host: a\n  user: b\n  password: c\nlog: 1\n")
    canary = next(mint(home, "mysql")).canary
    items = planting.plant(home, canary.id, str(path)).items
    path.write_text("# new\n" + path.read_text().replace("log: 1", "log: 2"))
    way_back = file_removal(items, canary, EARLY)
    assert "leave what others changed" in way_back.steps[0]
    way_back.run()
    assert path.read_text() == "# new\ndb:\n  host: a\n  user: b\n  password: c\nlog: 2\n"
    way_back.undo()
    assert canary.tokens[0].value in path.read_text()


def test_what_was_built_on_the_bait_keeps_it(home: Home, tmp_path: Path) -> None:
    """Without the bait's section the setting that somebody put into it would fall to the section above."""
    path = tmp_path / "app.ini"
    path.write_text("[a]\nx = 1\n")
    canary = next(mint(home, "stripe-key")).canary
    items = planting.plant(home, canary.id, str(path)).items
    path.write_text(path.read_text() + "mine = 2\n")
    with pytest.raises(PlantError, match="would not read"):
        file_removal(items, canary, EARLY)


def test_several_files_all_or_none(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "aws-key")).canary
    items = planting.plant(home, canary.id, str(tmp_path)).items
    (tmp_path / ".aws" / "config").write_text("mine\n")
    with pytest.raises(PlantError, match="changed since"):
        file_removal(items, canary, EARLY)
    assert (tmp_path / ".aws" / "credentials").is_file()


def test_files_and_the_folders_made_for_them_go(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "aws-key")).canary
    folder = tmp_path / "jo"
    folder.mkdir()
    file_removal(planting.plant(home, canary.id, str(folder)).items, canary, EARLY).run()
    assert list(folder.iterdir()) == []


def test_what_is_undone_is_as_it_was_and_closed_to_others(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "aws-key")).canary
    folder = tmp_path / "jo"
    folder.mkdir()
    way_back = file_removal(planting.plant(home, canary.id, str(folder)).items, canary, EARLY)

    def there() -> dict[str, tuple[int, bytes]]:
        return {
            str(path): (path.stat().st_mode & 0o777, path.read_bytes() if path.is_file() else b"")
            for path in folder.rglob("*")
        }

    before = there()
    way_back.run()
    assert there() == {}
    way_back.undo()
    assert there() == before
    assert before[str(folder / ".aws")][0] == 0o700


def test_a_file_that_went_away_meanwhile_is_said(home: Home, tmp_path: Path) -> None:
    canary = next(mint(home, "aws-key")).canary
    way_back = file_removal(planting.plant(home, canary.id, str(tmp_path)).items, canary, EARLY)
    (tmp_path / ".aws" / "credentials").unlink()
    with pytest.raises(PlantError, match="cannot be removed: no such file"):
        way_back.run()
    assert (tmp_path / ".aws" / "config").is_file()


@pytest.mark.parametrize(
    ("error", "said"), [(OSError(5, "Input/output error"), "input/output error"), (OSError(), "oserror")]
)
def test_why_a_file_cannot_be_read_is_said(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    canary = next(mint(home, "mysql")).canary
    path = tmp_path / "config.yml"
    path.write_text("db:\n  host: a\n  user: b\n  password: c\n")
    items = planting.plant(home, canary.id, str(path)).items

    def fail(_: Path) -> bytes:
        raise error

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(PlantError, match=f"cannot be read: {said}$"):
        file_removal(items, canary, EARLY)


@pytest.mark.parametrize("instead", ["nothing", "a link", "a folder"])
def test_what_stands_in_the_files_place_is_left_alone(home: Home, tmp_path: Path, instead: str) -> None:
    canary = next(mint(home, "mysql")).canary
    path, own = tmp_path / "config.yml", tmp_path / "own.yml"
    path.write_text("db:\n  host: a\n  user: b\n  password: c\n")
    items = planting.plant(home, canary.id, str(path)).items
    path.rename(own)
    if instead == "a link":
        path.symlink_to(own)
    elif instead == "a folder":
        path.mkdir()
    with pytest.raises(PlantError, match="is not there any more"):
        file_removal(items, canary, EARLY)


def test_a_placement_of_version_0_1_comes_out_too(home: Home, tmp_path: Path) -> None:
    canary = catalogue.find(home, next(mint(home, "stripe-key")).canary.id)
    path = tmp_path / ".env"
    added = canary.text.encode()
    path.write_bytes(b"A=1\n" + added + b"B=2\n")
    item = Item(
        str(path), "appended", hashlib.sha256(added).hexdigest(), memory={"encoding": "utf-8", "needles": []}
    )
    file_removal((item,), canary, EARLY).run()
    assert path.read_bytes() == b"A=1\nB=2\n"
    with pytest.raises(PlantError, match="letter for letter"):
        file_removal((dataclasses.replace(item, sha256="00"),), canary, EARLY)


def test_a_file_that_has_grown_beyond_the_limit_is_left_alone(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = next(mint(home, "mysql")).canary
    path = tmp_path / "config.yml"
    path.write_text("db:\n  host: a\n  user: b\n  password: c\nlog: 1\n")
    items = planting.plant(home, canary.id, str(path)).items
    monkeypatch.setattr(removal, "_LARGEST", path.stat().st_size - 1)
    with pytest.raises(PlantError, match="too large"):
        file_removal(items, canary, EARLY)
    monkeypatch.setattr(removal, "_LARGEST", path.stat().st_size)
    file_removal(items, canary, EARLY).run()
    assert path.read_text() == "db:\n  host: a\n  user: b\n  password: c\nlog: 1\n"


def test_copies_and_history_are_named(home: Home, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=steady.PATIENCE
        )

    git("init", "-q")
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    git("add", ".env")
    git("commit", "-qm", "x")
    canary = next(mint(home, "stripe-key")).canary
    planted = planting.plant(home, canary.id, str(path))
    assert any("git tracks .env" in one for one in planted.plan.warnings)
    (tmp_path / ".env.bak").write_bytes(path.read_bytes())
    git("commit", "-qam", "y")
    remains = file_removal(planted.items, canary, EARLY).remains
    assert any(".env.bak holds it too" in one for one in remains)
    assert any("in 1 commit of .env" in one for one in remains)


def test_copies_of_what_release_0_1_planted_are_known_by_what_tells_alone(home: Home, tmp_path: Path) -> None:
    """It kept no list of what to look for: a name that others have too is no copy."""
    canary = catalogue.find(home, next(mint(home, "user")).canary.id)
    strong, weak = (next(one.value for one in canary.tokens if one.weak is flag) for flag in (False, True))
    path = tmp_path / "people.txt"
    added = canary.text.encode()
    path.write_bytes(added)
    for name, content in ((".bak", weak), (".orig", strong)):
        path.with_name(path.name + name).write_text(content)
    item = Item(str(path), "appended", hashlib.sha256(added).hexdigest(), memory={"encoding": "utf-8"})
    remains = " ".join(file_removal((item,), canary, EARLY).remains)
    assert ".orig holds it too" in remains
    assert ".bak holds it too" not in remains
