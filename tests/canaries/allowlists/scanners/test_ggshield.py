"""ggshield: the hash that it reports goes into its settings. It needs its maker's service, so no test runs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from canaries.allowlists.planted import Judgement, PlantedFindings
from canaries.allowlists.scanners.ggshield import Ggshield
from canaries.core.errors import ScanError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import known, places


def report(secrets: list[tuple[str, str, int]]) -> bytes:
    """As ggshield 1.56 writes it by ``--json``: what was found is shown in part, with its columns."""
    entities = [
        {
            "mode": "FILE",
            "filename": path,
            "incidents": [
                {
                    "policy": "Secrets detection",
                    "occurrences": [
                        {
                            "match": f"{secret[:4]}****",
                            "type": "apikey",
                            "line_start": line,
                            "line_end": line,
                            "index_start": len("GITHUB_TOKEN="),
                            "index_end": len("GITHUB_TOKEN=") + len(secret),
                        }
                    ],
                    "type": "GitHub Token",
                    "ignore_sha": hashlib.sha256(f"{secret},apikey".encode()).hexdigest(),
                    "total_occurrences": 1,
                }
            ],
        }
        for path, secret, line in secrets
    ]
    return json.dumps({"id": ".", "type": "path_scan", "entities_with_incidents": entities}).encode()


def test_an_entry_is_the_hash_among_the_settings() -> None:
    said = report([("a.env", "x" * 40, 1)])
    kept = "version: 2\nverbose: true\nsecret:\n  ignored_paths: [docs]\n"
    written = yaml.safe_load(Ggshield().write(Ggshield().read(said), said, kept))
    digest = hashlib.sha256(f"{'x' * 40},apikey".encode()).hexdigest()
    assert written == {
        "version": 2,
        "verbose": True,
        "secret": {
            "ignored_paths": ["docs"],
            "ignored_matches": [{"name": "GitHub Token", "match": digest}],
        },
    }


def test_bait_that_is_also_elsewhere_stays_a_finding(home: Home, tmp_path: Path) -> None:
    """The hash holds for every file: it would hide the copy too."""
    one = next(mint(home, "github-token"))
    planting.plant(home, one.canary.id, str(tmp_path / "old.env"))
    secret = (tmp_path / "old.env").read_text().partition("=")[2].split()[0]
    (tmp_path / "copy.env").write_text((tmp_path / "old.env").read_text())
    index = known.current(home)
    judges = PlantedFindings(tmp_path, index, places.of_home(home, index.key))
    findings = Ggshield().read(report([("old.env", secret, 1), ("copy.env", secret, 1)]))
    assert judges.judge(Ggshield(), findings) == [Judgement.OTHER, Judgement.OTHER]
    assert judges.judge(Ggshield(), findings[:1]) == [Judgement.PLANTED]


@pytest.mark.parametrize("kept", ["version: 1\n", "- a\n", "version: 2\nsecret: 3\n", "a: [\n"])
def test_other_settings_are_refused(kept: str) -> None:
    with pytest.raises(ScanError):
        Ggshield().write([], b"", kept)


def test_scans_in_scans_are_read() -> None:
    inner = json.loads(report([("a.env", "x" * 40, 1)]))
    assert [one.path for one in Ggshield().read(json.dumps({"scans": [{"scans": [inner]}]}).encode())] == [
        "a.env"
    ]
