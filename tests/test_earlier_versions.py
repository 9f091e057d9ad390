"""What an earlier version wrote is read: its home opened and carried on, its dossier verified by both versions' words.

tests/data/README.md says what the kept files hold and how they were made.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from canaries.installation.home import Home
from listener.dossier import verify
from listener.incidents import queries
from tests import steady
from tests.data.make_home import UNDRAINED

DATA = Path(__file__).with_name("data")


@pytest.fixture
def old_home(tmp_path: Path) -> Path:
    """The home of 0.1, as a backup of it would be put back."""
    with tarfile.open(DATA / "home-0.1.tar.gz") as archive:
        # Debian 12's Python has no such filters yet
        archive.extraction_filter = getattr(tarfile, "tar_filter", None)
        archive.extractall(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def trapline(old_home: Path) -> Callable[..., str]:
    """The present command on that home; what it said on stdout."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")},
        "TRAPLINE_HOME": str(old_home),
        "TRAPLINE_OPERATOR": "bob",
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "listener", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_its_canaries_hits_and_incidents_are_shown(trapline: Callable[..., str]) -> None:
    canaries = {one["id"]: one for one in objects(trapline("list", "--json"))}
    assert sorted(one["kind"] for one in canaries.values()) == ["aws-key", "redis-url", "url", "user", "user"]
    (aws,) = (one for one in canaries.values() if one["kind"] == "aws-key")
    assert (aws["memo"], aws["recipient"]) == ("build server", "team 7")
    hits = objects(trapline("hits", "--json"))
    assert [canaries[hit["canary"]]["kind"] for hit in hits] == ["url", "url", "url", "redis-url"]
    assert {(hit["trap"], hit["facet"]) for hit in hits} == {("http", "path"), ("redis", "password")}
    assert {hit["source"]["ip"] for hit in hits} == {"127.0.0.1"}
    (incident,) = objects(trapline("incidents", "--json"))
    assert [note["text"] for note in incident["notes"]] == ["Seen at the stand-up."]
    assert [(one["by"], one["likelihood"]) for one in incident["assessments"]] == [("alice", "likely")]
    assert "2" in trapline("placements")


def test_its_bait_is_made_again_from_its_record(trapline: Callable[..., str]) -> None:
    """Byte for byte: the hash of each file is in the record."""
    for canary in objects(trapline("list", "--json")):
        shown = json.loads(trapline("show", canary["id"], "--reveal", "--reason", "test", "--json"))
        assert shown["id"] == canary["id"]
        assert shown["tokens"]
        assert all(token["value"] for token in shown["tokens"])


def test_its_ledger_verifies_and_goes_on(trapline: Callable[..., str]) -> None:
    assert "the ledger verifies: 22 entries sealed" in trapline("ledger", "verify")
    trapline("mint", "url", "--json")
    trapline("ledger", "seal")
    assert "the ledger verifies: 23 entries sealed" in trapline("ledger", "verify")


def test_what_lay_in_its_journal_is_taken_in(
    old_home: Path, listen: Callable[..., Any], tmp_path: Path
) -> None:
    home, alerts = Home.open(old_home), tmp_path / "alerts.ndjson"
    running = listen(home, TRAPLINE_CHANNELS_LOG_TYPE="file", TRAPLINE_CHANNELS_LOG_PATH=str(alerts))
    steady.until(lambda: len(list(queries.hits(home))) == 4 + UNDRAINED)
    assert running.stop() == 0
    targets = [str(hit.entry.body["observed"].get("target")) for hit in queries.hits(home)]
    assert [target[-3:] for target in targets if "n=1" in target and target[-3:].isdigit()] == [
        str(100 + number) for number in range(UNDRAINED)
    ]
    home.store.close()


def test_a_dossier_is_built_of_it(trapline: Callable[..., str], tmp_path: Path) -> None:
    (incident,) = objects(trapline("incidents", "--json"))
    out = tmp_path / "case.zip"
    trapline("dossier", "build", "--incident", incident["id"], "--out", str(out))
    assert "VERIFIED with the keys you brought" in trapline("dossier", "verify", str(out))


@pytest.fixture(params=["0.1's", "present"])
def verifier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The old dossier's own verify.py, and today's."""
    if request.param == "present":
        return Path(verify.__file__)
    with zipfile.ZipFile(DATA / "dossier-0.1.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/verify.py"))
        (tmp_path / "verify.py").write_bytes(archive.read(name))
    return tmp_path / "verify.py"


def verdict(verifier: Path, dossier: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(verifier), *words, str(dossier)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_its_dossier_verifies_by_the_old_words_and_the_new(
    verifier: Path, trapline: Callable[..., str], tmp_path: Path
) -> None:
    trapline("dossier", "keys", "--out", str(tmp_path / "published"))
    keys = ("--vkey", str(tmp_path / "published/log.vkey"), "--cert", str(tmp_path / "published/dossier.pem"))
    done = verdict(verifier, DATA / "dossier-0.1.zip", *keys)
    assert "all 26 files are there, unchanged, and no other" in done.stdout
    assert "the log has 21 entries: 16 disclosed, 5 withheld (other-matter)" in done.stdout
    assert "4 events, 4 raw requests and 2 bait records are those the entries speak of" in done.stdout
    assert done.returncode == 0, done.stdout


def test_its_dossier_with_one_changed_byte_does_not(verifier: Path, tmp_path: Path) -> None:
    """The control, for both."""
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(DATA / "dossier-0.1.zip") as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"curl/8.5.0", b"curl/8.5.1") if "/raw/" in name else content)
    assert verdict(verifier, changed).returncode == 1
