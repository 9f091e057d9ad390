"""The sensors for other languages: run by their own interpreters, heard by the listener's own check of signatures."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.hook.filter_file import filter_bytes
from tests import steady
from tests.house import ROOT
from tests.listener.hook.conftest import BAIT, KEY, FakeListener
from tests.programs import require

LOOK = '{"form email": "Planted.Person@harbour.example", "form name": "Somebody"}'
FACTS = '{"account": "17", "client": "203.0.113.7"}'
PROGRAMS = {
    "php": (
        "php",
        "-r",
        (
            "require $argv[1]; $s = new Sensor('sensor.json', 'filter');"
            " echo json_encode([$s->look(json_decode($argv[2], true), 'login', json_decode($argv[3], true)),"
            " $s->look(['form email' => 'somebody@else.example'], 'login', [])]);"
        ),
        "--",
        str(ROOT / "examples" / "sensors" / "sensor.php"),
    ),
    "ruby": (
        "ruby",
        "-e",
        (
            "require ARGV[0]; s = Sensor.new('sensor.json', 'filter');"
            " puts JSON.generate([s.look(JSON.parse(ARGV[1]), 'login', JSON.parse(ARGV[2])),"
            " s.look({ 'form email' => 'somebody@else.example' }, 'login', {})])"
        ),
        str(ROOT / "examples" / "sensors" / "sensor.rb"),
    ),
    "node": (
        "node",
        "-e",
        (
            "const { Sensor } = require(process.argv[1]); const s = new Sensor('sensor.json', 'filter');"
            " (async () => console.log(JSON.stringify(["
            "await s.look(JSON.parse(process.argv[2]), 'login', JSON.parse(process.argv[3])),"
            " await s.look({ 'form email': 'somebody@else.example' }, 'login', {})])))()"
        ),
        str(ROOT / "examples" / "sensors" / "sensor.js"),
    ),
}


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[FakeListener]:
    made = FakeListener(tmp_path / "s")
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("language", PROGRAMS)
def test_bait_is_reported_and_nothing_else(language: str, listening: FakeListener, tmp_path: Path) -> None:
    require(language)
    told = {"name": "web", "key": KEY, "report_to": [f"unix:{listening.path}"]}
    (tmp_path / "sensor.json").write_text(json.dumps(told))
    values = [*(one.encode() for one in BAIT), *(b"more bait %d" % number for number in range(100))]
    (tmp_path / "filter").write_bytes(filter_bytes(values))
    command = [*PROGRAMS[language], LOOK, FACTS]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=steady.PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, False]
    (report,) = listening.reports
    assert report["found"] == [{"where": "form email", "value": "Planted.Person@harbour.example"}]
    assert (report["event"], report["facts"]) == ("login", json.loads(FACTS))
