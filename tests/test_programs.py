"""What a test needs of the machine is asked in one place, and a program that does not work counts as missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import programs

ROOT = Path(__file__).resolve().parent


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(path: Path, name: str, body: str = "exit 0") -> None:
    (path / name).write_text(f"#!/bin/sh\n{body}\n")
    (path / name).chmod(0o755)


def test_only_the_helper_looks_for_programs() -> None:
    """Else a skip can forget to say what is missing, or look at the wrong thing."""
    own = {ROOT / "programs.py", Path(__file__)}
    files = [path for path in ROOT.rglob("*.py") if "clients" not in path.parts and path not in own]
    assert len(files) > 100
    assert not [path for path in files if re.search(r"\bwhich\(.*\) is None", path.read_text("utf-8"))]


def test_a_skip_names_what_is_missing_and_only_that(path: Path) -> None:
    put(path, "here")
    assert programs.reason("here") == ""
    assert programs.reason("here", "away", "gone") == "needs away and gone"
    programs.require("here")
    with pytest.raises(pytest.skip.Exception, match=r"^needs away$"):
        programs.require("here", "away")
    assert programs.needs("away").kwargs["reason"] == "needs away"
    assert programs.needs("here").args == (False,)


def test_the_first_of_several_is_taken(path: Path) -> None:
    put(path, "second")
    assert programs.require_any("first", "second") == str(path / "second")
    with pytest.raises(pytest.skip.Exception, match=r"^needs first or third$"):
        programs.require_any("first", "third")


@pytest.mark.parametrize("part", ["writer", "calc"])
def test_an_office_without_its_filters_is_missing(path: Path, part: str) -> None:
    programs._converts.cache_clear()
    put(path, "soffice", "echo 'Error: source file could not be loaded'")  # what it says, with status 0
    with pytest.raises(pytest.skip.Exception, match=f"LibreOffice's {part}"):
        programs.require_libreoffice(part)
    programs._converts.cache_clear()
    put(path, "soffice", 'for last; do :; done; echo %PDF > "${last%.*}.pdf"')
    programs.require_libreoffice(part)
    programs._converts.cache_clear()
