"""The whole story on loopback: what `trapline demo` tells.

A small text-alert service gets bait planted; an intruder steals its files and uses them; Trapline catches each use,
tells by mail and webhook, seals, and exports a dossier that a stock Python verifies. Every step is the command a
user would type, run as a process of its own; nothing is staged inside this one but the two receivers of alerts.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from canaries.core.errors import CheckError, HomeError
from canaries.core.text import counted
from listener.demo.fake_servers import MailServer, WebhookReceiver

INTRUDER = "127.0.0.2"
PATIENCE_SECONDS = 30.0


def service_folder() -> Path:
    """The example service: inside the installed package, or in the checkout."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "alert_service"
    return inside if inside.is_dir() else here.parent / "examples" / "alert-service"


class Story:
    """One run, everything below ``folder``."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self.folder, self._tell = folder, tell
        self.dossier = folder / "case.zip"
        self._service = folder / "alert-service"
        self._base = {name: value for name, value in os.environ.items() if not name.startswith("TRAPLINE_")}
        self._base |= {"TRAPLINE_HOME": str(folder / "home"), "TRAPLINE_OPERATOR": "demo"}

    def run(self) -> list[dict[str, Any]]:
        """Tell the story; the hits come back. Raises CheckError where a step does not do what it should."""
        with MailServer() as mail, WebhookReceiver() as webhook, contextlib.ExitStack() as running:
            environment = self._base | _channels(mail.port, webhook.url)
            self._say("A fresh installation, and a listener on a port the kernel chooses")
            self._trapline(self._base, "init", "--organisation", "Neighbourhood Alerts")
            address = running.enter_context(self._listener(environment))
            self._base["TRAPLINE_BAIT_BASE_URL"] = f"http://{address}"
            service = running.enter_context(self._alert_service())
            self._plant(service)
            self._intrude(service)
            hits = self._caught(mail, webhook)
        self._prove(hits)
        return hits

    def _plant(self, service: str) -> None:
        self._say(
            "Bait: phony subscribers, a fake SMS gateway's key, a tracking URL, a subscriber in a backup"
        )
        table = f"sqlite:///{self._service / 'subscribers.db'}?table=subscribers"
        options = ("--set", "hash=pbkdf2-werkzeug", "--set", "cost=1000")
        people = self._mint("user", "--memo", "row in the subscribers table", "--count", "3", *options)
        for number, person in enumerate(people):
            self._trapline(self._base, "plant", person["id"], table, likewise=number > 0)
        for kind, memo in (("sms-gateway", "SMS key in .env"), ("url", "status page in .env")):
            for canary in self._mint(kind, "--memo", memo):
                self._trapline(self._base, "plant", canary["id"], str(self._service / ".env"))
        for person in self._mint("user", "--memo", "subscriber whose password is in a backup"):
            _post(f"{service}/join", person["row"])  # signed up the way any subscriber is
            self._trapline(self._base, "plant", person["id"], str(self._service / "backups"))

    def _intrude(self, service: str) -> None:
        self._say(f"An intruder at {INTRUDER} steals the service's files and uses what is in them")
        program = service_folder() / "intruder.py"
        command = [
            sys.executable,
            str(program),
            str(self._service),
            service,
            INTRUDER,
            str(self.folder / "loot"),
        ]
        self._run(command, self._plain(), shown="intruder")

    def _caught(self, mail: MailServer, webhook: WebhookReceiver) -> list[dict[str, Any]]:
        self._say("What Trapline caught")
        wanted = 3
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            hits = [json.loads(line) for line in self._quiet("hits", "--json").splitlines()]
            told = min(len(mail.subjects), len(webhook.bodies))
            if len({hit["canary"] for hit in hits}) >= wanted and told:
                break
            if time.monotonic() > deadline:
                raise CheckError(
                    f"{len(hits)} hits and {told} alerts after {PATIENCE_SECONDS:.0f} s: "
                    f"expected {wanted} hits and an alert"
                )
            time.sleep(0.1)
        self._trapline(self._base, "hits")
        strangers = {hit["source"]["ip"] for hit in hits} - {INTRUDER}
        if strangers:
            raise CheckError(f"hits from {', '.join(sorted(strangers))}, expected only {INTRUDER}")
        for subject in mail.subjects:
            self._tell(f"  mail: {subject}")
        self._tell(f"  webhook: {counted(len(webhook.bodies), 'signed alert')}")
        self._tell(
            "  One incident is told once; how it grew follows a minute later, and then ever more rarely."
        )
        return hits

    def _prove(self, hits: list[dict[str, Any]]) -> None:
        self._say("Seal, export, verify: once with Trapline, once with nothing but Python and openssl")
        self._trapline(self._base, "ledger", "verify")
        incident = hits[0]["incident"]
        reason = "demonstration"
        self._trapline(
            self._base,
            "dossier",
            "build",
            "--incident",
            incident,
            "--out",
            str(self.dossier),
            "--reason",
            reason,
        )
        self._trapline(self._base, "dossier", "verify", str(self.dossier))
        keys = self.folder / "keys"
        self._trapline(self._base, "dossier", "keys", "--out", str(keys))
        verifier = Path(__file__).resolve().parent.parent / "dossier" / "verify.py"
        given = ["--vkey", str(keys / "log.vkey"), "--cert", str(keys / "dossier.pem")]
        command = [sys.executable, "-I", str(verifier), str(self.dossier), *given]
        self._run(command, self._plain(), shown="verify.py")

    @contextlib.contextmanager
    def _listener(self, environment: Mapping[str, str]) -> Iterator[str]:
        ready = self.folder / "ready.json"
        command = [sys.executable, "-m", "listener", "listen", "--ready-file", str(ready)]
        environment = {**environment, "TRAPLINE_TRAPS_HTTP_BIND": "127.0.0.1:0"}
        log = self.folder / "listener.log"
        with log.open("wb") as output, subprocess.Popen(command, env=environment, stderr=output) as process:
            try:
                _wait(ready.is_file, process, f"the listener did not start; see {log}")
                yield str(json.loads(ready.read_text())["http"][0])
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)

    @contextlib.contextmanager
    def _alert_service(self) -> Iterator[str]:
        command = [sys.executable, str(service_folder() / "app.py"), str(self._service)]
        log = self.folder / "alert-service.log"
        with (
            log.open("wb") as output,
            subprocess.Popen(command, env=self._plain(), stdout=subprocess.PIPE, stderr=output) as process,
        ):
            try:
                yield _line(process.stdout)
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)

    def _plain(self) -> dict[str, str]:
        """The environment of those who know nothing of Trapline."""
        return {name: value for name, value in self._base.items() if not name.startswith("TRAPLINE_")}

    def _mint(self, kind: str, *options: str) -> list[dict[str, Any]]:
        self._tell(f"  $ trapline mint {kind} {' '.join(_quoted(option) for option in options)}")
        return [json.loads(line) for line in self._quiet("mint", kind, *options, "--json").splitlines()]

    def _quiet(self, *arguments: str) -> str:
        return self._run([sys.executable, "-m", "listener", *arguments], self._base)

    def _trapline(self, environment: Mapping[str, str], *arguments: str, likewise: bool = False) -> None:
        """Run and show a command; ``likewise``: it says what the one before it said, which is not repeated."""
        self._tell(f"  $ trapline {' '.join(_quoted(argument) for argument in arguments)}")
        self._run([sys.executable, "-m", "listener", *arguments], environment, shown=None if likewise else "")
        if likewise:
            self._tell("    likewise")

    def _run(self, command: list[str], environment: Mapping[str, str], *, shown: str | None = None) -> str:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise CheckError(
                f"{' '.join(command[1:4])} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
            )
        if shown is not None:
            for line in done.stdout.splitlines():
                self._tell(f"    {shown + ': ' if shown else ''}{line}")
        return done.stdout

    def _say(self, sentence: str) -> None:
        self._tell("")
        self._tell(f"{sentence}.")


def _channels(mail_port: int, webhook_url: str) -> dict[str, str]:
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    settings = {
        "DUTY_TYPE": "email",
        "DUTY_HOST": "127.0.0.1",
        "DUTY_PORT": str(mail_port),
        "DUTY_SECURITY": "none",
        "DUTY_SENDER": "trapline@alerts.invalid",
        "DUTY_TO": "duty@alerts.invalid",
        "HOOK_TYPE": "webhook",
        "HOOK_URL": webhook_url,
        "HOOK_SECRET": f"whsec_{secret}",
        "HOOK_ALLOW": "127.0.0.1",
    }
    return {f"TRAPLINE_CHANNELS_{name}": value for name, value in settings.items()}


def _quoted(word: str) -> str:
    return f"'{word}'" if " " in word or "?" in word else word


def _line(stream: IO[bytes] | None) -> str:
    line = stream.readline().decode().strip() if stream is not None else ""
    if not line:
        raise HomeError("the alert service did not start")
    return line


def _wait(done: Callable[[], bool], process: subprocess.Popen[bytes], problem: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if process.poll() is not None or time.monotonic() > deadline:
            raise HomeError(problem)
        time.sleep(0.05)


def _post(url: str, form: Mapping[str, str]) -> None:
    data = urllib.parse.urlencode(form).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, data, timeout=10):
        pass
