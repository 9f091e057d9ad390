"""The documents tell the truth: their commands run, their examples work, what they name exists."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

import canaries
from canaries.installation.home import Home
from canaries.mint import minting
from listener.incidents import queries
from tests import steady
from tests.programs import require

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"<!-- first bait(: second terminal)? -->\n```sh\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
_FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|cfg|toml|j2|csv|html))`")
_MODULE = re.compile(r"`((?:canaries|listener|tests)(?:\.\w+)+)`")
_NOT_HERE = {
    *(
        "trapline.toml",
        "people.toml",
        "report.html",
        "data/report.html",
        *("events.csv", "known.csv"),
        "verify/verify.py",
        "build/site/index.html",
    ),
    *("canaries/kinds/deploy_token.py", "tests/canaries/kinds/test_deploy_token.py"),
    *("listener/traps/deploy_control.py", "tests/listener/traps/test_deploy_control.py"),
    *("listener/notify/channels/wallboard.py", "tests/listener/notify/channels/test_wallboard.py"),
}
"""Made at run time, or by the reader of an example; so is anything called NAME."""
_MAPPED = {"canaries.templates", "listener.alert_service", "trapline_hook"}
"""Packages whose folder is elsewhere in the checkout: ``package_dir`` in setup.cfg."""


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_no_page_holds_generated_text() -> None:
    """What the code knows is made when the site is built: two branches that each add a kind then do not conflict."""
    assert not [name for name in PAGES if "<!-- generated" in page(name)]
    assert not list(ROOT.glob("docs/reference/*"))


def test_the_changelog_has_this_version() -> None:
    assert f"## [{canaries.__version__}]" in page("CHANGELOG.md")


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for target, anchor in _LINK.findall(_FENCE.sub("", page(name))):
        if target.startswith(("https://", "mailto:")):
            continue
        path = (ROOT / name).parent / target if target else ROOT / name
        assert path.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in set(anchors(path.read_text("utf-8"))), f"{name} links to {target}#{anchor}"


def anchors(text: str) -> Iterator[str]:
    """Of a page's headings, as forges make them: lower case, hyphens for spaces, no punctuation."""
    for heading in re.findall(r"^#+ (.*)$", _FENCE.sub("", text), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", PAGES)
def test_named_files_exist(name: str) -> None:
    for path in set(_FILE.findall(page(name))) - _NOT_HERE:
        places = (ROOT, ROOT / "canaries", ROOT / "listener", ROOT / "listener" / "dossier")
        found = "NAME" in path or any((place / path).is_file() for place in places)
        assert found, f"{name} names {path}"


@pytest.mark.parametrize("name", PAGES)
def test_named_modules_exist(name: str) -> None:
    text = page(name).partition("### Renamed")[0]  # of the changelog: what stood under other names
    for module in _MODULE.findall(text):
        *folders, last = module.split(".")
        place = ROOT.joinpath(*folders)
        exists = module in _MAPPED or (place / last).is_dir() or (place / f"{last}.py").is_file()
        files = (place.with_suffix(".py"), place / "__init__.py")  # a name in a module: canaries.kinds.Kind
        inside = any(file.is_file() and last in file.read_text("utf-8") for file in files)
        assert exists or inside, f"{name} names {module}"


@pytest.fixture(scope="module")
def first_bait(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The README's blocks, run word for word as one shell session, on another port and with a home of its own.

    A block for the second terminal runs beside the others. Where a person would wait, the script does: for the
    listener before the thief, for the hit before looking at it.
    """
    require("bash", "curl", "openssl")
    folder = tmp_path_factory.mktemp("first-bait")
    (folder / ".venv").symlink_to(sys.prefix)
    address = f"127.0.0.1:{steady.free_port()}"
    script = ["set -eu", "trap 'kill $(jobs -p); wait' EXIT"]
    for number, (aside, block) in enumerate(_BLOCK.findall(page("README.md"))):
        if aside:
            log = f"terminal-{number}.log"
            script += [f"( exec {block.strip()} ) > {log} 2>&1 &", f"{until(f'grep -q http {log}')}"]
            continue
        if "trapline hits" in block:
            script += [
                until('test -n "$(trapline hits --json)"'),
                until("grep -q first ~/.trapline/alerts.ndjson"),
            ]
        script += [f"echo '### {number}'", block]
    script += ["curl -fsS -L -c jar -b jar $(grep -oh 'http://.*/enter/.*' terminal-*.log) > console.html"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
    done = subprocess.run(
        ["bash", "-c", "\n".join(script).replace("127.0.0.1:8080", address)],
        cwd=folder,
        env=environment | {"HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=5 * steady.PATIENCE,
        check=False,
    )
    logs = "\n".join(path.read_text() for path in folder.glob("*.log"))
    assert done.returncode == 0, done.stdout + done.stderr + logs
    return folder, done.stdout


def until(condition: str) -> str:
    looks = (
        f"for i in $(seq {steady.PATIENCE / 0.2:.0f}); do {condition} 2>/dev/null && break; sleep 0.2; done"
    )
    return f"{looks}; {condition}"


@pytest.mark.rehearsal
def test_first_bait_is_caught(first_bait: tuple[Path, str]) -> None:
    folder, output = first_bait
    assert re.search(r" HIGH +github-token secret .*\n  [0-9a-f]{16}  127\.0\.0\.1 port \d+  GET /", output)
    alerts = [json.loads(line) for line in (folder / ".trapline" / "alerts.ndjson").read_text().splitlines()]
    assert [alert["event"] for alert in alerts] == ["test", "first"]


@pytest.mark.rehearsal
def test_first_bait_answers_the_thief_like_the_real_service(first_bait: tuple[Path, str]) -> None:
    _, output = first_bait
    assert '"login"' in output
    assert "trapline" not in output.split("### 2")[1].split("### 3")[0].partition("{")[2].lower()


@pytest.mark.rehearsal
def test_first_bait_ends_in_a_dossier_that_verifies_twice(first_bait: tuple[Path, str]) -> None:
    _, output = first_bait
    assert output.count("VERIFIED with the keys you brought.") == 2
    assert "the ledger verifies" in output


@pytest.mark.rehearsal
def test_first_bait_is_on_the_console(first_bait: tuple[Path, str]) -> None:
    folder, _ = first_bait
    assert "<html" in (folder / "console.html").read_text()


def test_catching_and_alerting_need_no_vault_key(
    home: Home, listen: Callable[..., Any], tmp_path: Path
) -> None:
    """SECURITY.md: the vault's key may be elsewhere; what is caught meanwhile is read when it is back."""
    vault, away = home.path / "keys" / "vault", tmp_path / "vault"
    vault.rename(away)
    (minted,) = minting.mint(home, "url")
    alerts = tmp_path / "alerts.ndjson"
    running = listen(home, TRAPLINE_CHANNELS_LOG_TYPE="file", TRAPLINE_CHANNELS_LOG_PATH=str(alerts))
    host, port = running.http
    requests.get(f"http://{host}:{port}/{minted.canary.tokens[0].value}", timeout=steady.PATIENCE)
    steady.until(lambda: alerts.is_file() and minted.canary.id in alerts.read_text(), running.log.read_text)
    running.stop()
    away.rename(vault)
    assert [hit.canary for hit in queries.hits(home)] == [minted.canary.id]
