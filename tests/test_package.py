"""The package: everything is in the wheel, nothing else, and it works from an empty folder without the checkout."""

from __future__ import annotations

import ast
import configparser
import email
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import canaries
from canaries.core import render
from tests import steady

ROOT = Path(__file__).resolve().parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
HEAVY = {"cryptography", "flask", "geoip2", "jinja2", "msgspec", "requests", "rich", "sqlalchemy"}
NAMED_IN_TEXT = {"apprise", "psycopg", "pymysql"}
"""Imported by a name in a string: the driver in a database's URL, a channel's library."""


def lines(section: str, option: str) -> list[str]:
    return SETUP[section][option].split("\n")[1:]


def normal(requirement: str) -> str:
    """A requirement's distribution, spelt the one way (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=;]", requirement.strip())[0]).lower()


RUN_TIME = {normal(line) for line in lines("options", "install_requires")}
TEST_TIME = {normal(line) for line in lines("options.extras_require", "test")}
EXTRAS = {
    extra: {normal(line) for line in lines("options.extras_require", extra)}
    for extra in SETUP["options.extras_require"]
    if extra != "test"
}
OPTIONAL = set().union(*EXTRAS.values())


_NAMED = re.compile(r"^ *(?:from (\w+)|import ([\w., ]+))|importorskip\(\"(\w+)", re.MULTILINE)


def named(text: str) -> set[str]:
    """What a file may import by the look of its lines: no less than it does."""
    found = {name for names in _NAMED.findall(text) for name in re.split(", ?", ",".join(names))}
    return {re.split(r"[. ]", name)[0] for name in found} - {""}


def imported(*folders: str) -> set[str]:
    """Distributions that the Python files of these folders import, at any place in the file."""
    names: set[str] = set()
    ours = {"canaries", "listener", "trapline_hook", "benchmarks", "tests", "tools"} | {
        path.stem for path in ROOT.glob("examples/*/*.py")
    }
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        text = path.read_text("utf-8")
        if named(text) <= names | ours | set(sys.stdlib_module_names):
            continue  # parsing all of them takes seconds
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "importorskip":
                names.add(ast.literal_eval(node.args[0]).split(".")[0])
    known = packages_distributions()
    foreign = names - set(sys.stdlib_module_names) - ours
    return {normal(known[name][0]) if name in known else f"unknown: {name}" for name in foreign}


def test_every_import_is_a_declared_dependency_and_none_is_idle() -> None:
    needed = imported("canaries", "listener", "examples")
    assert needed <= RUN_TIME | OPTIONAL, (
        "setup.cfg, install_requires; and its reason into docs/dependencies.md"
    )
    assert (RUN_TIME | OPTIONAL) - needed == NAMED_IN_TEXT
    assert imported("tests", "benchmarks", "tools") <= RUN_TIME | TEST_TIME, "setup.cfg, extra test"
    assert OPTIONAL <= TEST_TIME


def test_every_dependency_has_its_reason() -> None:
    table = (ROOT / "docs/dependencies.md").read_text("utf-8")
    reasons: dict[str, set[str]] = {}
    for row, extra in re.findall(r"^\| ([\w, -]+?)(?: \(extra (\w+)\))? \|", table, re.MULTILINE):
        reasons.setdefault(extra, set()).update(normal(name) for name in row.split(", "))
    assert reasons.pop("") - {"package", "-"} == RUN_TIME
    assert reasons == EXTRAS


def test_every_folder_of_modules_is_a_package() -> None:
    """setup.py finds packages, and a folder without ``__init__.py`` is none: it would be missing from the wheel."""
    folders = {path.parent for top in ("canaries", "listener") for path in (ROOT / top).rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as ``make package`` builds it, sdist first and the wheel from that, of a copy: the checkout stays clean."""
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "source"
    ignored = shutil.ignore_patterns(
        ".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "benchmarks"
    )
    shutil.copytree(ROOT, copy, ignore=ignored)
    run(folder, sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(copy))
    (built,) = (folder / "dist").glob("*.whl")
    assert len(list((folder / "dist").glob("*.tar.gz"))) == 1
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The wheel, installed into a folder of its own."""
    target = wheel.parent / "installed"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(wheel.parent, *pip, "--no-deps", "--no-index", "--target", str(target), str(wheel))
    return target


def run(folder: Path, *command: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    hidden = ("TRAPLINE_", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    if path is not None:
        environment["PYTHONPATH"] = str(path)  # goes before the checkout of an editable install
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def source_files(source: Path) -> set[str]:
    """What has to be in the wheel, under the names it has there."""
    found = {path for top in ("canaries", "listener") for path in (source / top).rglob("*")}
    names = {str(path.relative_to(source)) for path in found if path.is_file()}
    for folder, package in (
        ("templates", "canaries/templates"),
        ("examples/alert-service", "listener/alert_service"),
        ("listener/hook", "trapline_hook"),
    ):
        inside = [
            path for path in (source / folder).rglob("*") if path.is_file() and path.name != "README.md"
        ]
        names |= {f"{package}/{path.relative_to(source / folder)}" for path in inside}
    return names


@pytest.mark.rehearsal
def test_the_wheel_holds_every_file_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == source_files(wheel.parent.parent / "source")
    assert {"canaries/py.typed", "listener/py.typed", "listener/dossier/verify.py"} <= names


@pytest.mark.rehearsal
def test_the_wheels_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name.partition(".dist-info/")[2]: archive.read(name) for name in archive.namelist()}
    metadata = email.message_from_bytes(inside["METADATA"])
    assert metadata["Name"] == "trapline"
    assert metadata["Version"] == canaries.__version__
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= set(inside)
    assert metadata.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert b"trapline = listener.cli:main" in inside["entry_points.txt"]
    assert inside["top_level.txt"].split() == [b"canaries", b"listener", b"trapline_hook"]


@pytest.mark.rehearsal
def test_the_wheel_works_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    trapline = (str(installed / "bin" / "trapline"), "--home", str(tmp_path / "home"))
    assert "Plant bait" in run(tmp_path, *trapline, "--help", path=installed).stdout
    run(tmp_path, *trapline, "init", path=installed)
    for kind in ("env-file", "user"):  # one needs a template, the other a locale
        minted = json.loads(run(tmp_path, *trapline, "mint", kind, "--json", path=installed).stdout)
        assert minted["kind"] == kind
        assert minted["tokens"]


@pytest.mark.rehearsal
def test_the_wheel_finds_its_data_and_not_the_checkouts(installed: Path, tmp_path: Path) -> None:
    program = (
        "import pathlib, canaries, canaries.core.render, listener.demo.scenario, listener.network_data.data as data\n"
        "print(canaries.__file__)\n"
        "print(canaries.core.render.folder())\n"
        "print(listener.demo.scenario.service_folder() / 'app.py')\n"
        "print(pathlib.Path(data.__file__).parent / 'net-class.mmdb.xz')\n"
    )
    for line in run(tmp_path, sys.executable, "-c", program, path=installed).stdout.splitlines():
        assert Path(line).is_relative_to(installed)
        assert Path(line).exists()


def test_the_editable_install_finds_the_checkouts_templates(tmp_path: Path) -> None:
    assert render.folder() == ROOT / "templates"
    command = (str(Path(sys.prefix) / "bin" / "trapline"), "--home", str(tmp_path / "home"), "init")
    run(tmp_path, *command)
    assert (tmp_path / "home" / "trapline.toml").is_file()


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """Whoever asks for help, or mistypes a command, does not wait for a database layer."""
    said = run(tmp_path, sys.executable, "-X", "importtime", "-m", "listener", "--help").stderr
    modules = {line.rpartition("|")[2].strip().split(".")[0] for line in said.splitlines()}
    assert "click" in modules
    assert not modules & HEAVY


@pytest.mark.rehearsal
def test_the_hook_needs_nothing_but_python(installed: Path, tmp_path: Path) -> None:
    """Copied alone into an application, under its own name, it imports without any other package."""
    shutil.copytree(installed / "trapline_hook", tmp_path / "trapline_hook")
    program = "from trapline_hook import Hook, wsgi, asgi, flask, django; print(Hook.__module__)"
    done = run(tmp_path, sys.executable, "-S", "-c", program, path=tmp_path)
    assert done.stdout.strip() == "trapline_hook.noticing"
