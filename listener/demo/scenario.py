"""The whole story on loopback: what `trapline demo` tells.

A small text-alert service gets bait planted; an intruder steals its files and uses them; Trapline catches each use,
tells by mail and webhook, seals, and exports a dossier that a stock Python verifies. Every step is the command a
user would type, run as a process of its own; nothing is staged inside this one but the two receivers of alerts.
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from canaries.core.errors import CheckError
from canaries.core.text import counted
from listener.demo import insider
from listener.demo.fake_servers import MailServer, WebhookReceiver
from listener.demo.stage import PATIENCE_SECONDS, Stage, free_port, service_folder, wait

INTRUDER = "127.0.0.2"


class Story(Stage):
    """Both acts."""

    @property
    def dossier(self) -> Path:
        return self.folder / "case.zip"

    def run(self) -> list[dict[str, Any]]:
        """Tell the story; the hits come back. Raises CheckError where a step does not do what it should."""
        with MailServer() as mail, WebhookReceiver() as webhook, contextlib.ExitStack() as running:
            environment = self.base | _channels(mail.port, webhook.url)
            self.say("A fresh installation, and a listener on a free port")
            here = f"127.0.0.1:{free_port()}"
            self.trapline(self.base, "init", "--organisation", "Neighbourhood Alerts", "--listen", here)
            addresses = running.enter_context(self._listener(environment))
            service = running.enter_context(self.alert_service("alert-service"))
            self._plant(service)
            self._intrude(service)
            hits = self._caught(mail, webhook)
            self._prove(hits)
            insider.InsiderAct(self, webhook, addresses["smtp"][0]).run()
        return hits

    @property
    def _service_files(self) -> Path:
        return self.folder / "alert-service"

    def _plant(self, service: str) -> None:
        self.say(
            "Bait: phony subscribers, a fake SMS gateway's key, a tracking URL, a subscriber in a backup"
        )
        table = f"sqlite:///{self._service_files / 'subscribers.db'}?table=subscribers"
        fitted = ("plant", "user", table, "--memo", "row in the subscribers table")
        hashed = ("--option", "hash=pbkdf2-werkzeug", "--option", "cost=1000")
        for number in range(3):  # minted for the table: nobody who is there already is drawn
            self.trapline(self.base, *fitted, *hashed, likewise=number > 0)
        for kind, memo in (("sms-gateway", "SMS key in .env"), ("url", "status page in .env")):
            for canary in self.mint(kind, "--memo", memo):
                self.trapline(self.base, "plant", canary["id"], str(self._service_files / ".env"))
        for person in self.mint("user", "--memo", "subscriber whose password is in a backup"):
            _post(f"{service}/join", person["row"])  # signed up the way any subscriber is
            self.trapline(self.base, "plant", person["id"], str(self._service_files / "backups"))

    def _intrude(self, service: str) -> None:
        self.say(f"An intruder at {INTRUDER} steals the service's files and uses what is in them")
        program = service_folder() / "intruder.py"
        command = [
            sys.executable,
            str(program),
            str(self._service_files),
            service,
            INTRUDER,
            str(self.folder / "loot"),
        ]
        self.command(command, self.plain(), shown="intruder")

    def _caught(self, mail: MailServer, webhook: WebhookReceiver) -> list[dict[str, Any]]:
        self.say("What Trapline caught")
        wanted = 3
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            hits = [json.loads(line) for line in self.quiet("hits", "--json").splitlines()]
            told = min(len(mail.subjects), len(webhook.bodies))
            if len({hit["canary"] for hit in hits}) >= wanted and told:
                break
            if time.monotonic() > deadline:
                raise CheckError(
                    f"{len(hits)} hits and {told} alerts after {PATIENCE_SECONDS:.0f} s: "
                    f"expected {wanted} hits and an alert"
                )
            time.sleep(0.1)
        self.trapline(self.base, "hits")
        strangers = {hit["source"]["ip"] for hit in hits} - {INTRUDER}
        if strangers:
            raise CheckError(f"hits from {', '.join(sorted(strangers))}, expected only {INTRUDER}")
        for subject in mail.subjects:
            self.tell(f"  mail: {subject}")
        self.tell(f"  webhook: {counted(len(webhook.bodies), 'signed alert')}")
        self.tell(
            "  One incident is told once; how it grew follows a minute later, and then ever more rarely."
        )
        return hits

    def _prove(self, hits: list[dict[str, Any]]) -> None:
        self.say("Seal, export, verify: once with Trapline, once with nothing but Python and openssl")
        self.trapline(self.base, "ledger", "verify")
        incident = hits[0]["incident"]
        reason = "demonstration"
        self.trapline(
            self.base,
            "dossier",
            "build",
            "--incident",
            incident,
            "--out",
            str(self.dossier),
            "--reason",
            reason,
        )
        self.trapline(self.base, "dossier", "verify", str(self.dossier))
        keys = self.folder / "keys"
        self.trapline(self.base, "dossier", "keys", "--out", str(keys))
        verifier = Path(__file__).resolve().parent.parent / "dossier" / "verify.py"
        given = ["--vkey", str(keys / "log.vkey"), "--cert", str(keys / "dossier.pem")]
        command = [sys.executable, "-I", str(verifier), str(self.dossier), *given]
        self.command(command, self.plain(), shown="verify.py")

    @contextlib.contextmanager
    def _listener(self, environment: Mapping[str, str]) -> Iterator[dict[str, list[str]]]:
        ready = self.folder / "ready.json"
        command = [sys.executable, "-m", "listener", "listen", "--ready-file", str(ready)]
        environment = {**environment, **insider.settings(str(self.folder))}
        log = self.folder / "listener.log"
        with log.open("wb") as output, subprocess.Popen(command, env=environment, stderr=output) as process:
            try:
                wait(ready.is_file, process, f"the listener did not start; see {log}")
                yield json.loads(ready.read_text())
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)


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


def _post(url: str, form: Mapping[str, str]) -> None:
    data = urllib.parse.urlencode(form).encode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, data, timeout=10):
        pass
