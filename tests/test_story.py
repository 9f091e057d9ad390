"""The mission, end to end: the demo as a user runs it, and what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from canaries.installation.home import Home
from tests import steady


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("story") / "demo"
    command = [sys.executable, "-m", "listener", "demo", "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5 * steady.PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_every_use_is_caught_from_the_intruders_own_address(told: tuple[Path, str]) -> None:
    _, output = told
    timeline = output.split("Timeline\n")[1].split("\n\n")[0].splitlines()
    assert {line.split()[1] for line in timeline} == {"sms-gateway", "url", "user"}
    assert all("from 127.0.0.2 port" in line for line in timeline)


def test_somebody_is_told_by_mail_and_by_webhook(told: tuple[Path, str]) -> None:
    _, output = told
    assert 1 <= output.count("  mail: HIGH: ") <= 3
    assert re.search(r"webhook: [1-3] signed alerts?\n", output)


def test_the_installation_is_well_where_its_bait_leads(told: tuple[Path, str]) -> None:
    """A newcomer's first message is no complaint of the demo about itself, however slow the machine is."""
    folder, output = told
    ready = json.loads((folder / "ready.json").read_text())
    with Home.open(folder / "home") as home:
        assert home.settings.bait.base_url == f"http://{ready['http'][0]}"
    assert "NOT WELL" not in output


def test_the_dossier_verifies_with_plain_python_and_not_when_changed(told: tuple[Path, str]) -> None:
    folder, output = told
    assert "    VERIFIED with the keys you brought." in output
    assert "    verify.py: VERIFIED with the keys you brought." in output
    broken = folder / "broken.zip"
    with zipfile.ZipFile(folder / "case.zip") as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(
                name, content.replace(b"127.0.0.2", b"127.0.0.3") if name.endswith(".ndjson") else content
            )
    verifier = Path(__file__).resolve().parent.parent / "listener" / "dossier" / "verify.py"
    done = subprocess.run(
        [sys.executable, "-I", str(verifier), str(broken)],
        capture_output=True,
        text=True,
        timeout=steady.PATIENCE,
        check=False,
    )
    assert done.returncode == 1


def test_the_insiders_three_deeds_are_three_alarms_of_one_incident(told: tuple[Path, str]) -> None:
    folder, output = told
    act = output.split("\nSecond act: ")[1]
    assert "as announced: no alarm" in act
    alarms = re.findall(r"alarm, [0-9.]+ s later: (\w+); ([^;]+); .*all 3 canaries in sqlite://", act)
    assert alarms == [
        ("HIGH", "first sign"),
        ("CRITICAL", "now more severe"),
        ("HIGH", "now also: used inside an application"),
    ]
    assert act.count(" It does not show ") == 3
    assert "no authorised send matches it: none of those that are open for this list has these words" in act
    assert (folder / "insider.zip").is_file()


def test_the_service_itself_was_not_damaged(told: tuple[Path, str]) -> None:
    folder, _ = told
    assert "APP_NAME=neighbourhood-alerts" in (folder / "alert-service" / ".env").read_text()


def test_the_hits_can_be_read_again(told: tuple[Path, str]) -> None:
    folder, _ = told
    command = [sys.executable, "-m", "listener", "--home", str(folder / "home"), "hits", "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=steady.PATIENCE, check=True
    )
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    stolen = [hit for hit in hits if hit["source"]["ip"] == "127.0.0.2"]
    assert len({hit["incident"] for hit in stolen}) == 1
    assert all(hit["source"]["port"] > 0 for hit in stolen)
    inside = {hit["incident"] for hit in hits if hit["facts"]["verdict"]["event"] == "used_inside"}
    assert len(inside) == 1
    assert inside.isdisjoint({hit["incident"] for hit in stolen})
