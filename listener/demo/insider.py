"""The demo's second act: somebody who needs to steal nothing, because they have access.

The alert service has a sensor in it by now, three of its subscribers are nobody, and the duty officer says what is
going to be sent before it is sent. An export with a staff account, a false alert through the service's own form, and a
sign-in as one of the three are then three alarms of one incident.
"""

from __future__ import annotations

import html
import json
import re
import sys
import time
import urllib.parse
import urllib.request
import zipfile
from base64 import b64encode
from typing import Any

from canaries.core.errors import CheckError
from listener.demo.fake_servers import WebhookReceiver
from listener.demo.stage import Stage, service_folder

CLERK, ELSEWHERE = "127.0.0.3", "127.0.0.4"
DOMAIN = "mail.example"
"""Of the phony subscribers' mailboxes: the service's mailer finds the SMTP trap as its mail exchanger."""
ALERT = "Hello {name}, road works at 5th and Main tonight."
PEOPLE = 3
_SOCKET = "s"
_DEEDS = ("record_given_out", "unauthorised_send", "used_inside")


def settings(folder: str) -> dict[str, str]:
    """What the listener needs for it, as environment."""
    return {
        "TRAPLINE_TRAPS_SMTP_BIND": "127.0.0.1:0",
        "TRAPLINE_TRAPS_SMTP_DOMAINS": DOMAIN,
        "TRAPLINE_TRAPS_SENSORS_BIND": f"unix:{folder}/{_SOCKET}",
    }


class InsiderAct:
    """Told on ``stage``, with a listener that runs with `settings`."""

    def __init__(self, stage: Stage, webhook: WebhookReceiver, mail: str) -> None:
        """``webhook``: where alerts arrive. ``mail``: the address of the SMTP trap."""
        self._stage, self._webhook, self._mail = stage, webhook, mail
        self._files = stage.folder / "inside"
        self._environment = {**stage.base, **settings(str(stage.folder)), "TRAPLINE_BAIT_DOMAIN": DOMAIN}

    def run(self) -> str:
        """The incident's id. Raises CheckError where a step does not do what it should."""
        stage = self._stage
        stage.say("Second act: an insider, who has no need to steal. Three subscribers are nobody")
        with stage.alert_service("inside"):
            pass  # it makes its table
        self._prepare()
        with stage.alert_service("inside") as service:
            self._announced(service)
            incident = self._harm(service)
        self._prove(incident)
        return incident

    def _prepare(self) -> None:
        """Phony subscribers on the list, a sensor in the application, the mailer's way to their mail exchanger."""
        table = f"sqlite:///{self._files / 'subscribers.db'}?table=subscribers"
        planted = self._trapline(
            "plant", "user", table, "--count", str(PEOPLE), "--memo", "a subscriber who is nobody", "--json"
        )
        self._people = [json.loads(line)["canary"] for line in planted.splitlines()]
        self._trapline("amend", *self._people, "--tag", "list:subscribers")
        self._trapline("sensors", "add", "alert-service", "--out", str(self._files / "sensor.json"))
        self._trapline("sensors", "filter", "--out", str(self._files / "filter.bin"))
        (self._files / "routes.json").write_text(json.dumps({DOMAIN: self._mail}))

    def _announced(self, service: str) -> None:
        stage = self._stage
        stage.say("The duty officer announces an alert, then sends it: nobody is alarmed")
        self._trapline("sends", "authorise", "--list", "subscribers", "--text", ALERT, "--minutes", "15")
        stage.tell(f"    the service: {_send(service, self._password, ALERT)}")
        wanted = {"authorised_send": PEOPLE}
        stage.until(
            lambda: self._deeds(*wanted) == wanted, lambda: f"{self._deeds()}, expected {wanted}", 1.0
        )
        if self._alarms():
            raise CheckError("an announced alert raised an alarm")
        stage.tell(f"    {PEOPLE} copies reached the phony subscribers, as announced: no alarm")

    def _harm(self, service: str) -> str:
        """The three deeds, each with the alarm that it raises at once; the incident's id."""
        stage, loot = self._stage, str(self._stage.folder / "list.csv")
        stage.say(
            f"An insider at {CLERK} uses the staff account; later somebody at {ELSEWHERE} uses the list"
        )
        self._deed("export", service, self._password, CLERK, loot)
        self._deed("alert", service, self._password, CLERK)
        self._deed("sign-in", service, loot, ELSEWHERE, DOMAIN)
        deeds = self._deeds(*_DEEDS)
        incidents = {str(alarm["incident"]) for alarm in self._alarms()}
        if len(incidents) != 1 or set(deeds) != set(_DEEDS):
            raise CheckError(f"{len(incidents)} incidents with {deeds}, expected one with {_DEEDS}")
        return incidents.pop()

    def _deed(self, *words: str) -> None:
        """Raises CheckError where no alarm comes."""
        stage, before = self._stage, len(self._alarms())
        program = [sys.executable, str(service_folder() / "insider.py"), *words]
        stage.command(program, stage.plain(), shown="insider")
        began = time.monotonic()
        stage.until(
            lambda: len(self._alarms()) > before, lambda: f"no alarm after {words[0]}: {self._deeds()}"
        )
        alarm = self._alarms()[-1]
        said = [
            alarm["severity"].upper(),
            alarm.get("why") or "first sign",
            alarm.get("request"),
            alarm.get("reach"),
        ]
        stage.tell(f"    alarm, {time.monotonic() - began:.1f} s later: {'; '.join(filter(None, said))}")

    def _alarms(self) -> list[dict[str, Any]]:
        """What the webhook was told of incidents with one of the phony subscribers."""
        told = [json.loads(body)["data"] for body in self._webhook.bodies]
        return [
            one for one in told if one["event"] in ("first", "stronger") and one["canary"] in self._people
        ]

    def _deeds(self, *names: str) -> dict[str, int]:
        """Canaries by event, of the phony subscribers; ``names``: of these events alone."""
        found: dict[str, set[str]] = {}
        for hit in self._hits():
            event = hit["facts"]["verdict"]["event"]
            if not names or event in names:
                found.setdefault(event, set()).add(hit["canary"])
        return {event: len(canaries) for event, canaries in found.items()}

    def _hits(self) -> list[dict[str, Any]]:
        """Of the phony subscribers."""
        hits = map(json.loads, self._stage.quiet("hits", "--json").splitlines())
        return [hit for hit in hits if hit["canary"] in self._people]

    @property
    def _password(self) -> str:
        return str(json.loads((self._files / "staff.json").read_text())["clerk"])

    def _prove(self, incident: str) -> None:
        """The dossier, and what it says of each deed: what that shows, and what it does not."""
        stage, out = self._stage, self._stage.folder / "insider.zip"
        stage.say("One incident, and what its dossier says of each deed")
        reason = ("--reason", "demonstration")
        self._trapline("dossier", "build", "--incident", incident, "--out", str(out), *reason)
        with zipfile.ZipFile(out) as archive:
            [name] = [name for name in archive.namelist() if name.endswith("report.html")]
            report = " ".join(html.unescape(re.sub("<[^>]*>", " ", archive.read(name).decode())).split())
        reasons = {
            hit["facts"]["verdict"]["event"]: hit["facts"]["verdict"]["reasons"] for hit in self._hits()
        }
        said = [(reasons[deed][0], reasons[deed][-1]) for deed in _DEEDS]
        reach = f"all {PEOPLE} canaries in sqlite://"
        for text in (reach, *(sentence for both in said for sentence in both)):
            if text not in report:
                raise CheckError(f"the dossier does not say: {text}")
        for shown, not_shown in said:
            stage.tell(f"    {shown} {not_shown}")
        self._trapline("dossier", "verify", str(out))

    def _trapline(self, *arguments: str) -> str:
        return self._stage.trapline(self._environment, *arguments)


def _send(service: str, password: str, text: str) -> str:
    """What the duty officer's browser does."""
    basic = b64encode(f"clerk:{password}".encode()).decode()
    data = urllib.parse.urlencode({"text": text}).encode()
    request = urllib.request.Request(f"{service}/staff/alerts", data, {"Authorization": f"Basic {basic}"})  # noqa: S310  the service's own URL
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return str(answer.read().decode())
