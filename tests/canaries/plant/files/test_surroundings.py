"""Who else reads a file, and who must not write it, is said."""

from __future__ import annotations

import os
from pathlib import Path

from canaries.plant.files.surroundings import cautions


def test_an_ordinary_file_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    assert list(cautions(tmp_path / "notes.txt")) == []


def test_read_only_and_many_names(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("x")
    path.chmod(0o444)
    os.link(path, tmp_path / "again")
    assert [one for one in cautions(path) if "read-only" in one or "2 names" in one] == list(cautions(path))


def test_compose_systemd_and_a_web_root(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {a: {env_file: .env.web}}")
    (tmp_path / ".env.web").write_text("A=1")
    (tmp_path / ".env.other").write_text("A=1")
    assert "recreates" in next(cautions(tmp_path / ".env.web"))
    assert list(cautions(tmp_path / ".env.other")) == []
    (tmp_path / "a.service").write_text("[Service]")
    assert "daemon-reload" in next(cautions(tmp_path / "a.service"))
    (tmp_path / "htdocs").mkdir()
    (tmp_path / "htdocs" / "config.php").write_text("<?php")
    assert "web server" in next(cautions(tmp_path / "htdocs" / "config.php"))
