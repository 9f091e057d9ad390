"""tools/find-python: a Python to install with, or one sentence about what to install, before anything is made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import steady

ROOT = Path(__file__).resolve().parents[2]
SHELL = "/bin/sh"


def system(folder: Path, release: str = "ID=debian", **pythons: str) -> dict[str, str]:
    """An environment in which only ``pythons`` are installed: shell scripts, each with the body given."""
    programs = folder / "bin"
    programs.mkdir()
    for name, body in pythons.items():
        program = programs / name.replace("_", ".")
        program.write_text(f"#!{SHELL}\n{body}\n")
        program.chmod(0o755)
    (folder / "os-release").write_text(release + "\n")
    return {"PATH": str(programs), "OS_RELEASE": str(folder / "os-release")}


def find(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [SHELL, str(ROOT / "tools/find-python"), *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )


THIS = f'exec {sys.executable} "$@"'
OLD = f'exec {sys.executable} -c "import sys; sys.version_info = (3, 9, 2); exec(sys.argv[1])" "$2"'
NO_VENV = f'exec {sys.executable} -c "import sys; sys.modules[\'ensurepip\'] = None; exec(sys.argv[1])" "$2"'
STAND_IN = "exit 127"


def test_the_first_that_works_is_taken(tmp_path: Path) -> None:
    environment = system(tmp_path, python3=OLD, python3_13=STAND_IN, python3_12=NO_VENV, python3_11=THIS)
    done = find(environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{tmp_path}/bin/python3.11\n"


def test_a_named_one_is_the_only_one_looked_at(tmp_path: Path) -> None:
    environment = system(tmp_path, python3=THIS, python3_12=NO_VENV)
    assert find(environment, "python3.12").returncode == 2
    assert find(environment, sys.executable).stdout == f"{sys.executable}\n"


@pytest.mark.parametrize(
    ("release", "install"),
    [
        ("ID=debian", "apt install python3 python3-venv"),
        ("ID=ubuntu\nID_LIKE=debian", "apt install python3 python3-venv"),
        ("ID=fedora", "dnf install python3"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "dnf install python3.12"),
        ("ID=alpine", "apk add python3"),
        ("ID=somethingelse", "your system's Python 3"),
    ],
)
def test_one_sentence_says_what_is_wrong_with_each_and_what_to_install(
    tmp_path: Path, release: str, install: str
) -> None:
    done = find(system(tmp_path, release, python3=NO_VENV, python3_13=STAND_IN, python3_12=OLD))
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    version = "{}.{}".format(*sys.version_info)
    assert (
        f"python3: Python {version} without ensurepip; python3.13: it does not run; python3.12: it is Python 3.9"
        in said
    )
    assert f"Install: {install}" in said


def test_no_python_at_all_is_said_too(tmp_path: Path) -> None:
    done = find(system(tmp_path))
    assert done.returncode == 2
    assert "here, python3 is not installed. Install: apt" in done.stderr


def test_make_stops_at_that_sentence_before_it_makes_anything(tmp_path: Path) -> None:
    for name in ("Makefile", "setup.cfg", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "tools").symlink_to(ROOT / "tools")
    command = ["make", "demo", "PYTHON=python3.0"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )
    assert done.returncode != 0
    assert done.stderr.startswith(
        "Trapline needs Python 3.11 or newer with venv; here, python3.0 is not installed."
    )
    assert not (tmp_path / ".venv").exists()
