"""TruffleHog: files that are bait and nothing else are left out; others only where somebody insists."""

from __future__ import annotations

import json
import re
from pathlib import Path

from canaries.allowlists.planted import Judgement, PlantedFindings
from canaries.allowlists.scanners.trufflehog import TruffleHog
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant import planting
from canaries.scan import known, places


def report(secrets: list[tuple[str, str, int]]) -> bytes:
    """As TruffleHog 3 writes it by ``--json``, log lines among it."""
    lines: list[dict[str, object]] = [{"level": "info-0", "msg": "running source"}]
    for path, secret, line in secrets:
        place = {"Filesystem": {"file": path, "line": line}}
        lines.append({"SourceMetadata": {"Data": place}, "DetectorName": "Github", "Raw": secret})
    return "".join(f"{json.dumps(one)}\n" for one in lines).encode()


def test_an_entry_is_the_path_alone() -> None:
    said = report([("./a+b/.env", "x" * 40, 1)])
    (line,) = TruffleHog().write(TruffleHog().read(said), said, "").splitlines()
    assert re.search(line, "a+b/.env")
    assert re.search(line, "/srv/shop/a+b/.env")
    assert not re.search(line, "a+b/.env.example")
    assert not re.search(line, "aab/.env")


def test_a_file_that_holds_other_things_is_coarse(home: Home, tmp_path: Path) -> None:
    (tmp_path / "app.env").write_text("PASSWORD=hunter2\n")
    one = next(mint(home, "github-token"))
    planting.plant(home, one.canary.id, str(tmp_path / "app.env"))
    secret = next(token.value for token in one.canary.tokens if token.facet == "secret")
    index = known.current(home)
    judges = PlantedFindings(tmp_path, index, places.of_home(home, index.key))
    findings = TruffleHog().read(report([("app.env", secret, 2)]))
    assert judges.judge(TruffleHog(), findings) == [Judgement.COARSE]
