"""Asks the services that are switched on about an incident's addresses, one question after the other, and records it.

Addresses that came with a name server, mail server or proxy are nobody's visit and are not asked about. The order of
the questions and the pauses between them are drawn. What an earlier run was told counts until `keep_days` have gone by.

One entry *exported* holds what one run did: ``{"what": "outside", "incident", "canaries": [], "why", "answers"}``. An
answer is ``{"service", "subject", "hits", "at", "server", "through", "queries", "fact" | "failed"}``, and ``"since"``
with the time of the question where an earlier answer serves.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from canaries.core import plugins
from canaries.core.binding import bind, known
from canaries.core.clock import parse_rfc3339, rfc3339
from canaries.core.errors import SettingsError
from listener.incidents import queries
from listener.outside import FOLDER, OutsideError, OutsideService, OutsideSettings

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from listener.incidents.model import Hit

OUTSIDE = "outside"
"""``what`` of these entries."""
_HITS = 50
"""Hits that an answer names; the rest have the same address."""


@dataclass(frozen=True, slots=True)
class OutsideQuestion:
    """One thing to ask of one service."""

    service: OutsideService
    subject: str
    hits: tuple[str, ...]


@dataclass(slots=True)
class OutsideRun:
    """How questions are put; a test draws and waits as it likes."""

    wait: Callable[[float], None] = time.sleep
    draw: random.Random = field(default_factory=random.SystemRandom)
    say: Callable[[str], object] = lambda sentence: None
    """Told what could not be asked."""


def services() -> Mapping[str, type[OutsideService]]:
    """Every service there is, by name."""
    return plugins.classes(FOLDER, OutsideService)  # type: ignore[type-abstract]


def settings_of(home: Home) -> dict[str, OutsideSettings]:
    """The settings of each service, by name. Raises SettingsError."""
    there = services()
    for name in home.settings.outside:
        known(name, there, "service", " to ask outside")
    return {
        name: bind(service.Settings, home.settings.outside.get(name, {}), f"outside.{name}")
        for name, service in there.items()
    }


def switched_on(home: Home, only: Sequence[str] = ()) -> list[OutsideService]:
    """The services that may be asked, ``only`` these of them. Raises SettingsError."""
    chosen = settings_of(home)
    for name in only:
        known(name, chosen, "service", " to ask outside")
        if not chosen[name].enabled:
            raise SettingsError(
                f"{name} is not switched on",
                hint=f"read trapline outside list, then: [outside.{name}] enabled = true",
            )
    on = [name for name, value in chosen.items() if value.enabled and (not only or name in only)]
    if not on:
        raise SettingsError(
            "nobody may be asked: no service is switched on", hint="see: trapline outside list"
        )
    return [services()[name](chosen[name], home.path) for name in sorted(on)]


def questions(home: Home, incident: str, asked: Iterable[OutsideService]) -> list[OutsideQuestion]:
    """What there is to ask of an incident, each subject once."""
    found: dict[tuple[str, str], list[str]] = {}
    there = {service.name: service for service in asked}
    now = home.clock.now()
    for hit in queries.hits(home, incident=incident):
        network = hit.facts.get("network", {})
        if (
            not hit.ip
            or network.get("role", "client") != "client"
            or network.get("scope", "global") != "global"
        ):
            continue
        for name, service in there.items():
            if now - parse_rfc3339(hit.observed_at) >= timedelta(hours=service.settings.wait_hours):
                found.setdefault((name, service.subject(ip_address(_plain(hit)))), []).append(hit.id)
    return [
        OutsideQuestion(there[name], subject, tuple(hits[:_HITS])) for (name, subject), hits in found.items()
    ]


def _plain(hit: Hit) -> str:
    embedded = hit.facts.get("network", {}).get("embedded")
    return embedded["address"] if embedded else hit.ip


def ask(
    home: Home, incident: str, asked: Sequence[OutsideService], why: str, run: OutsideRun
) -> list[dict[str, Any]]:
    """Ask, and record all that came back in one entry, also where it ended early. Returns the answers."""
    known_before = answers(home)
    told: list[dict[str, Any]] = []
    waiting = questions(home, incident, asked)
    run.draw.shuffle(waiting)
    left = {service.name: service.settings.most for service in asked}
    try:
        for question in waiting:
            name = question.service.name
            before = _young(known_before, question, home)
            if before is not None:
                if before["incident"] != incident or not set(question.hits) <= set(before["hits"]):
                    since = before.get("since", before["at"])
                    told.append(_said(question, home.now()) | {"since": since, "fact": before["fact"]})
                continue
            if left[name] <= 0:
                continue
            left[name] -= 1
            said, ended = _put(home, question, run)
            told.append(said)
            if ended:
                left[name] = 0
    finally:
        if told:
            body = {"what": OUTSIDE, "incident": incident, "canaries": [], "why": why, "answers": told}
            entry = home.act("exported", body)
            with home.store.write() as connection:
                home.writer.put(connection, entry)
    return told


def _put(home: Home, question: OutsideQuestion, run: OutsideRun) -> tuple[dict[str, Any], bool]:
    """(what is recorded, whether asking this service further is of no use for now)."""
    chosen = question.service.settings
    run.wait(chosen.pause_seconds + run.draw.random() * chosen.jitter_seconds)
    said = _said(question, home.now()) | {"through": chosen.through}
    try:
        found = question.service.ask(question.subject)
    except OutsideError as error:
        run.say(f"{question.service.name}: {error.sentence}")
        return said | {"failed": error.sentence, "queries": [question.subject]}, error.ends
    return said | {"server": found.server, "queries": list(found.queries), "fact": dict(found.fact)}, False


def _said(question: OutsideQuestion, at: str) -> dict[str, Any]:
    return {
        "service": question.service.name,
        "subject": question.subject,
        "hits": list(question.hits),
        "at": at,
        "server": "",
        "through": "",
        "queries": [],
    }


def answers(home: Home, incident: str = "") -> list[dict[str, Any]]:
    """Every recorded answer, oldest first, each with its ``incident``; only those of ``incident`` where given."""
    found = []
    with home.store.read() as connection:
        for entry in home.reader.entries(connection, "exported"):
            body = entry.body
            if body.get("what") == OUTSIDE and incident in ("", body["incident"]):
                found += [{**said, "incident": body["incident"]} for said in body["answers"]]
    return found


def _young(found: Sequence[dict[str, Any]], question: OutsideQuestion, home: Home) -> dict[str, Any] | None:
    """The newest answer to the same question that still counts; one that names these very hits goes first."""
    oldest = rfc3339(home.clock.now() - timedelta(days=question.service.settings.keep_days))
    fitting = [
        said
        for said in found
        if (said["service"], said["subject"]) == (question.service.name, question.subject)
        and "fact" in said
        and said.get("since", said["at"]) >= oldest
    ]
    mine = [said for said in fitting if set(question.hits) <= set(said["hits"])]
    return next(reversed(mine or fitting), None)
