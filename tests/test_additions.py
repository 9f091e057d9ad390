"""A plug-in is its own file and its test: one of each sort is added to a copy of the source, and nothing else touched.

The contract part of the suite runs there: every law that holds for all plug-ins of a folder, and those of the house.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.test_writing_guides import EXAMPLES, example

pytestmark = pytest.mark.rehearsal

OWN = {
    "canaries/allowlists/scanners/nosey.py": '''
"""Nosey: SHA-256 of each secret, a line each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from canaries.allowlists.scanners import ReportedSecret, SecretScanner, listed, parsed, text

_WHAT = "a report of nosey"


class Nosey(SecretScanner):
    name = "nosey"
    report = "nosey . > report.json"

    def read(self, report: bytes) -> list[ReportedSecret]:
        found = []
        for one in listed(parsed(report, _WHAT), _WHAT):
            secret = text(one, "secret", _WHAT)
            found.append(ReportedSecret(text(one, "path", _WHAT), 1, 1, "key", secret.__eq__, one, secret=secret))
        return found

    def write(self, planted: Sequence[ReportedSecret], report: bytes, kept: str) -> str:
        made = [hashlib.sha256(one.secret.encode()).hexdigest() for one in planted]
        return "".join(f"{line}\\n" for line in dict.fromkeys([*kept.splitlines(), *made]))
''',
    "listener/personas/parcels.py": '''
"""The parcel service's tracking API."""

from __future__ import annotations

from listener.personas import Answer, Persona, Request


class Parcels(Persona):
    """Knows no parcel, as of another account."""

    name = "parcels"

    def claims(self, request: Request) -> bool:
        return request.service_path.startswith("/parcels/v3/")

    def answer(self, request: Request) -> Answer:
        reference = self.identity.once("parcels", request.seen).draw_bytes("reference", 8).hex()
        return Answer.of_json(404, {"error": "not_found", "reference": reference})
''',
    "listener/facts/weekday.py": '''
"""The day of the week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from canaries.core.clock import parse_rfc3339
from listener.facts import Source, Use


class Weekday(Source):
    """UTC."""

    name = "weekday"

    def derive(self, use: Use, facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        return {"source": "the clock", "day": parse_rfc3339(use.observed_at).strftime("%A")}
''',
    "listener/dossier/formats/sources.py": '''
"""The addresses alone, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from listener.dossier.case import Case
from listener.dossier.formats import Content, Format


class SourcesFormat(Format):
    """``events/sources.txt``."""

    name = "sources"

    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        yield "events/sources.txt", (f"{event.hit.body['source']['ip']}\\n".encode() for event in case.events())
''',
    "canaries/plant/planters/dropbox.py": '''
"""Bait as new files in a folder that is shared by Dropbox."""

from __future__ import annotations

from pathlib import Path

from canaries.plant.planters import Item, Plan, Planter, PlantingRequest, Removal, State
from canaries.plant.files.bait_files import files_of, look_at_file, plan_files
from canaries.plant.files.removal import file_removal
from canaries.core.model import Canary
from collections.abc import Sequence


class DropboxPlanter(Planter):
    """A folder with a ``.dropbox`` in it."""

    name = "dropbox"
    title = "a Dropbox folder"
    rank = 5

    def accepts(self, target: str) -> bool:
        return (Path(target) / ".dropbox").is_file()

    def plan(self, request: PlantingRequest) -> Plan:
        folder = Path(request.target).resolve()
        return plan_files(request, folder, files_of(request.bait, folder, request))

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        return file_removal(tuple(items), canary, planted_at)

    def look(self, item: Item) -> tuple[State, str]:
        return look_at_file(item)
''',
    "canaries/commands/count.py": '''
"""Count the canaries of this installation."""

from __future__ import annotations

import click

from canaries.installation.session import Session, pass_session

SECTION = "Bait"


@click.command()
@pass_session
def command(session: Session) -> None:
    """Count the canaries of this installation."""
    from canaries.mint import catalogue

    click.echo(sum(1 for _ in catalogue.listing(session.home())))
''',
}
TESTS = {
    "tests/canaries/allowlists/scanners/test_nosey.py": """
import json


def report(secrets):
    return json.dumps([{"path": path, "secret": secret} for path, secret, _ in secrets]).encode()
""",
    "tests/canaries/kinds/test_deploy_token.py": "",
    "tests/listener/traps/test_deploy_control.py": r"""
FIRST = [b"LOGIN acme\n"]
POKE = b"LIST\n"
FLOODS = [[FIRST[0], *(POKE * 1000 for _ in range(20))]]
""",
    "tests/listener/notify/channels/test_wallboard.py": """
import socket

from tests.hooks import Way


def way(request):
    board = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    board.bind(("127.0.0.1", 0))
    board.settimeout(0.2)
    request.addfinalizer(board.close)
    settings = {"host": "127.0.0.1", "port": board.getsockname()[1]}
    received = []

    def captured():
        try:
            while True:
                received.append(board.recv(65536).decode())
        except TimeoutError:
            return received

    return Way(settings, captured, lambda: settings.update(host="127.0.0.1.invalid"))
""",
    "tests/listener/personas/test_parcels.py": """
from tests import hooks

SHAPES = {
    "parcel": [("GET", "/parcels/v3/1", {"authorization": hooks.basic(f"a:{d}")}) for d in "ab"],
}
""",
    "tests/listener/facts/test_weekday.py": "",
    "tests/listener/dossier/formats/test_sources.py": "",
    "tests/canaries/plant/planters/test_dropbox.py": """
def prepare(folder):
    (folder / ".dropbox").touch()
    return str(folder)
""",
    "tests/canaries/commands/test_count.py": "",
}
ONE_TEST = "\n\ndef test_it_is_there():\n    import {module}\n\n    assert {module}.__doc__\n"
KINDS = "tests/canaries/kinds/test_contract.py"
CONTRACTS = {
    "tests/canaries/allowlists/scanners/test_contract.py": "bait_in_its_place",
    "tests/listener/traps/test_contract.py": "deploy-control",
    "tests/listener/notify/channels/test_contract.py": "wallboard",
    "tests/listener/personas/test_contract.py": "parcels",
    "tests/listener/facts/test_derive.py": "sources_run",
    "tests/listener/dossier/formats/test_formats.py": "sources",
    "tests/canaries/plant/planters/test_planters.py": "dropbox",
    "tests/listener/test_cli.py": "command",
    "tests/test_floors.py": "test_floors",
}
"""Contract test to the words that choose what of it is about the addition."""
LAWS = "written_into_the_ledger or leaves_the_machine or help or loads_only or f9 or kinds or it_is_there"
"""What they have to say about additions under other names."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source with one more of each, and their tests."""
    folder = tmp_path_factory.mktemp("additions") / "source"
    ignored = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "benchmarks")
    shutil.copytree(ROOT, folder, ignore=ignored)  # with its compiled files: those of the copy are as old
    added = {path: example(page, path) for page, path in EXAMPLES.items()} | OWN
    for path, text in added.items():
        assert not (folder / path).exists()
        (folder / path).write_text(text.lstrip("\n"))
    for path, text in TESTS.items():
        module = path.removeprefix("tests/").replace("/test_", "/").removesuffix(".py").replace("/", ".")
        (folder / path).write_text(text.lstrip("\n") + ONE_TEST.format(module=module))
    return folder


def run(copy: Path, *command: str, **more: str) -> str:
    environment = {
        **os.environ,
        **more,
        "PYTHONPATH": str(copy),
    }  # goes before the checkout of an editable install
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return done.stdout


def test_the_contracts_hold_for_what_was_added(copy: Path) -> None:
    """In one run: everything that names an addition, the contract of kinds for that kind, the laws of the house."""
    chosen = " or ".join([*CONTRACTS.values(), LAWS])
    command = ["-m", "pytest", "-p", "no:cacheprovider", "-v", "-k", chosen, KINDS, *CONTRACTS, *TESTS]
    said = run(copy, *command, TESTS_OF_KIND="deploy-token")
    passed = [line for line in said.splitlines() if " PASSED" in line]
    for path, name in CONTRACTS.items():
        assert any(line.startswith(f"{path}::") and name in line for line in passed), (
            f"{path}: nothing of {name}"
        )
    assert sum(line.startswith(f"{KINDS}::") for line in passed) > 20, said
    assert said.count("test_it_is_there PASSED") == len(TESTS)


def test_the_command_finds_them(copy: Path) -> None:
    assert "Count the canaries" in run(copy, "-m", "listener", "--help")
    assert "deploy-token" in run(copy, "-m", "listener", "kinds")
