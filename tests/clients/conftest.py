"""One box, one listener with every trap on, and what the clients did, for the whole run."""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from canaries.core import plugins
from canaries.installation.home import Home
from listener import traps
from tests import steady
from tests.clients.box import DOMAIN, Box
from tests.clients.case import CASES, Case, Intruder

ROOT = Path(__file__).parent.parent.parent
CLIENTS = Path(os.environ.get("CLIENTS", ROOT / ".venv-clients"))
RESULTS = Path(__file__).parent / "results.json"

Hit = dict[str, Any]
_BUSY = 20
"""Actions of a client that need no more counting: some try again without end."""


class Field:
    """A running listener, and the command line on its home."""

    def __init__(self, folder: Path, box: Box) -> None:
        self.folder, self.box = folder, box
        self.home = Home.create(folder / "home", "")
        (self.home.path / "trapline.toml").write_text(self._settings())
        self.hits: list[Hit] = []
        self._base = [sys.executable, "-m", "listener", "--home", str(self.home.path)]
        self._listener = self._listen()
        self._follower = subprocess.Popen(
            [*self._base, "hits", "--follow", "--acts", "--json"], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _settings(self) -> str:
        """Every trap there is, on its port in the box."""
        lines = ["[bait]", f'base_url = "{self.box.base_url}"', f'domain = "{DOMAIN}"']
        for name, trap in plugins.classes(traps.FOLDER, traps.Trap).items():
            ports = self.box.ports(name, trap.Settings().bind[0])
            places = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
            lines += [f"[traps.{name}]", f"bind = [{places}]"]
            if name == "dns":
                lines += [f'zones = ["{DOMAIN}"]', 'addresses = ["127.0.0.1"]']
        return "\n".join(lines) + "\n"

    def _listen(self) -> subprocess.Popen[bytes]:
        ready, self.log = self.folder / "ready.json", self.folder / "listen.log"
        command = self.box.argv(*self._base, "listen", "--ready-file", str(ready), folder=ROOT)
        with self.log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)

        def opened() -> bool:
            assert process.poll() is None, self.log.read_text()
            return ready.is_file()

        steady.until(opened, self.log.read_text)
        return process

    def _read(self) -> None:
        assert self._follower.stdout is not None
        for line in self._follower.stdout:
            self.hits.append(json.loads(line))

    def close(self) -> None:
        self._follower.terminate()
        self._follower.wait(steady.PATIENCE)
        self._reader.join(steady.PATIENCE)
        assert self._follower.stdout is not None
        self._follower.stdout.close()
        self._listener.terminate()
        self._listener.wait(steady.PATIENCE)
        self.home.store.close()

    def mint(self, case: Case, out: Path) -> dict[str, Any]:
        """The bait of a case, its files laid into the intruder's home."""
        options = [word for option in case.options for word in ("--set", option)]
        done = subprocess.run(
            [*self._base, "mint", case.kind, "--json", "--out", str(out), *options],
            capture_output=True,
            text=True,
            check=False,
            timeout=steady.PATIENCE,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def of(self, canary: dict[str, Any]) -> list[Hit]:
        return [hit for hit in list(self.hits) if hit["canary"] == canary["id"]]

    def wait(self, case: Case, canary: dict[str, Any], seconds: float) -> tuple[list[Hit], set[str]]:
        """Its hits and their facets, as soon as all that the case wants have come, or after that time.

        What a look-up of the host name showed counts only where that is all there is to see.
        """
        end = time.monotonic() + seconds
        while True:
            hits = self.of(canary)
            came = arrived([hit for hit in hits if case.by_name or hit["trap"] != "dns"])
            if (case.facets and set(case.facets) <= came) or time.monotonic() > end:
                return hits, came
            time.sleep(0.05)

    def actions(self, canary: dict[str, Any], quiet: float = 1.0) -> int:
        """How much it did, look-ups of names left out, once nothing more comes for ``quiet`` seconds, or it has done
        enough."""
        done, since = -1, time.monotonic()
        while done < _BUSY and time.monotonic() - since < quiet:
            now = len([hit for hit in self.of(canary) if hit["trap"] != "dns"])
            if now != done:
                done, since = now, time.monotonic()
            time.sleep(0.05)
        return done

    def environment(self, *, trusted: bool) -> dict[str, str]:
        """Where the clients are; with ``trusted``, the installation's CA stands among the public ones."""
        tools = [CLIENTS / "bin", CLIENTS / "npm" / "node_modules" / ".bin"]
        found = {
            "PATH": ":".join([*map(str, tools), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]),
            "NODE_PATH": str(CLIENTS / "npm" / "node_modules"),
            "LANG": "C.UTF-8",
        }
        if trusted:
            bundle = self.folder / "bundle.pem"
            bundle.write_text(Path("/etc/ssl/certs/ca-certificates.crt").read_text() + self.home.ca_pem)
            found |= dict.fromkeys(
                ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"), str(bundle)
            )
        return found


def arrived(hits: list[Hit]) -> set[str]:
    """All facets of these hits."""
    return {facet for hit in hits for facet in (hit["facet"], *hit["facets"])}


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """The machine on which all of it happens."""
    box = Box(tmp_path_factory.mktemp("box"))
    yield box
    box.close()


@pytest.fixture(scope="session")
def field(tmp_path_factory: pytest.TempPathFactory, box: Box) -> Iterator[Field]:
    """The listener that all clients meet."""
    if not (CLIENTS / "bin" / "python").exists():
        pytest.fail("the clients are not installed: make test-clients")
    field = Field(tmp_path_factory.mktemp("field"), box)
    yield field
    field.close()


@pytest.fixture
def intruder(field: Field, tmp_path: Path) -> Any:
    """Makes somebody who has stolen the bait of a case."""

    def make(case: Case) -> Intruder:
        home = tmp_path / "mallory"
        home.mkdir()
        return Intruder(field.box, home, field.mint(case, home), field.environment(trusted=case.trusted))

    return make


@pytest.fixture(scope="session")
def versions() -> dict[str, str]:
    """Package to the version that is installed here; what is not installed is not in it."""
    found = {}
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Package} ${Version}\n"],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listed.stdout.splitlines():
        if line.startswith("ii "):
            name, version = line[3:].split()
            found[f"deb:{name}"] = version.partition("-")[0].partition("+")[0].rpartition(":")[2]
    listed = subprocess.run(
        [str(CLIENTS / "bin" / "python"), "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    for one in json.loads(listed.stdout):
        found[f"pypi:{one['name'].lower().replace('_', '-')}"] = one["version"]
    for path in (CLIENTS / "npm" / "node_modules").glob("**/package.json"):
        inside = path.parent.relative_to(CLIENTS / "npm" / "node_modules")
        if "node_modules" not in inside.parts and len(inside.parts) <= 2:
            described = json.loads(path.read_text())
            found[f"npm:{inside}"] = str(described.get("version"))
    if npm := shutil.which("npm"):
        said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=True)
        found["npm"] = said.stdout.strip()
    for described in CLIENTS.glob("kingfisher?/kingfisher_bin-*.dist-info"):
        found[described.parent.name] = described.stem.rpartition("-")[2].removesuffix(".dist")
    found["python"] = platform.python_version()  # for what comes with it
    return found


@pytest.fixture(scope="session")
def results() -> Iterator[list[dict[str, Any]]]:
    """What each client did: rows written down at the end, in place of earlier ones of the same case."""
    rows: list[dict[str, Any]] = []
    yield rows
    before = json.loads(RESULTS.read_text()) if RESULTS.is_file() else []
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    known = {case.name for case in CASES}
    told = {
        row["name"]: row
        for row in [*before, *({**row, "date": today} for row in rows)]
        if row["name"] in known
    }
    ordered = sorted(
        told.values(), key=lambda row: (row["kind"], row["client"].lower(), row["how"], row["name"])
    )
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n")
