"""detect-secrets, the real program: its hook passes over planted bait, and over nothing else."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from canaries.commands.allowlist import command
from canaries.installation.home import Home
from canaries.installation.session import Session
from canaries.mint.minting import mint
from canaries.plant import planting
from tests.programs import needs

REAL = "AKIAQYLPMN5HHHFPZR2Q"


def report(secrets: list[tuple[str, str, int]]) -> bytes:
    """As detect-secrets 1.5 writes it."""
    results: dict[str, list[dict[str, object]]] = {}
    for path, secret, line in secrets:
        digest = hashlib.sha1(secret.encode()).hexdigest()
        entry = {"type": "Secret Keyword", "filename": path, "hashed_secret": digest, "line_number": line}
        results.setdefault(path, []).append(entry)
    return json.dumps(
        {"version": "1.5.0", "plugins_used": [], "filters_used": [], "results": results}
    ).encode()


def run(folder: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"detect_secrets{module}", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@needs("git")
def test_the_hook_is_quiet_about_bait_alone(home: Home, tmp_path: Path) -> None:
    """Keys, a URL with a password, and a token of which the scanner keeps the prefix alone (``ghp``)."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "app.env").write_text(f"REGION=eu\nAWS_ACCESS_KEY_ID={REAL}\n")
    for kind, target in (("stripe-key", "app.env"), ("aws-key", "."), ("github-token", "app.env")):
        canary = next(mint(home, kind)).canary
        planting.plant(home, canary.id, str(shop / target))
    subprocess.run(["git", "init", "--quiet", str(shop)], check=True)
    found = run(shop, "", "scan", "--all-files", "--no-verify").stdout
    (tmp_path / "report.json").write_text(found)
    done = CliRunner().invoke(
        command,
        ["detect-secrets", str(tmp_path / "report.json"), "--root", str(shop)],
        obj=Session(home.path),
        standalone_mode=False,
    )
    baseline = tmp_path / "baseline.json"
    baseline.write_text(done.stdout)
    assert "GitHub Token: left out, since its entry would hide other secrets" in done.stderr
    files = ["app.env", ".aws/credentials"]
    loud = run(shop, ".pre_commit_hook", "--no-verify", *files)
    quiet = run(shop, ".pre_commit_hook", "--no-verify", "--baseline", str(baseline), *files)
    assert loud.stdout.count("Secret Type:") > 5
    assert quiet.returncode == 1
    places = [line.split()[-1] for line in quiet.stdout.splitlines() if line.startswith("Location:")]
    github = next(
        n for n, line in enumerate((shop / "app.env").read_text().splitlines(), 1) if "ghp_" in line
    )
    assert sorted(set(places)) == sorted({"app.env:2", f"app.env:{github}"})
