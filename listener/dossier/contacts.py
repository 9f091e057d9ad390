"""Whom to write to about a case: its networks, and what their registries said when they were asked.

Asking is an operator's act and tells a registry something. It is an entry *exported*, ``{"what": "rdap", "incident" or
"canary": id, "networks": [...]}``, with what was asked, of whom, and what came back. The drafts and the mails to abuse
desks take the newest answer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from canaries.core.text import counted, visible
from canaries.core.web_address import is_address
from canaries.installation.home import Home
from canaries.ledger.entries import Entry
from canaries.ledger.sealer import LogSealer
from listener.dossier.case import Case
from listener.dossier.case_records import Event
from listener.dossier.collect import collect, scope_of
from listener.dossier.proof import sealed_hits
from listener.incidents.uses import mark
from listener.incidents.wording import origin
from listener.network_data.rdap import RdapError, Registration, Registries, network_of

RDAP = "rdap"
"""``what`` of these entries."""
LOOK_AT = "https://rdap.org/ip/"
"""Where a person may look by hand; no program here asks it."""


@dataclass(frozen=True, slots=True)
class CaseNetwork:
    """A network whose addresses used bait of the case themselves: no name server's, no mail server's."""

    network: str
    """As it is asked for: ``198.51.100.0/24``."""
    owner: str
    """By offline data, with the AS number; empty: not known."""
    uses: int
    answer: Mapping[str, Any] | None
    """What its registry said last: a `Registration` as a mapping, or ``{"asked", "failed"}``; None: not asked yet."""
    answered_at: str
    """RFC 3339; empty where it was not asked."""

    @property
    def abuse(self) -> tuple[str, ...]:
        """Mail addresses."""
        return tuple(self.answer.get("abuse", ())) if self.answer else ()


def of_case(
    home: Home, *, incident: str | None = None, canary: str | None = None
) -> tuple[Case, list[CaseNetwork]]:
    """The case and its networks, most uses first. Raises NotFoundError, LedgerError."""
    scope = scope_of(home, incident, canary)
    sealed_hits(home, scope)
    LogSealer(home).checkpoint()
    case = collect(home, scope)
    return case, networks(case.events(), case.story)


def networks(events: Iterable[Event], story: Iterable[Entry]) -> list[CaseNetwork]:
    """The networks of ``events``, with what the entries of ``story`` say of them."""
    uses: dict[str, int] = {}
    owners: dict[str, str] = {}
    for network, owner in _sources(events):
        uses[network] = uses.get(network, 0) + 1
        owners[network] = owner or owners.get(network, "")
    said = answers(story)
    return [
        CaseNetwork(network, owners[network], count, *said.get(network, (None, "")))
        for network, count in sorted(uses.items(), key=lambda item: (-item[1], item[0]))
    ]


def _sources(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    for event in events:
        network = network_used(event)
        fact = event.facts.get("network") or {}
        if network and fact.get("scope", "global") == "global":
            named = " ".join(
                str(part)
                for part in (fact.get("asn") and f"AS{fact['asn']}", fact.get("organisation"))
                if part
            )
            yield network, named


def network_used(event: Event) -> str:
    """The network of an address that used bait itself; empty where it is the operator's own, or no address."""
    ip = event.body["source"]["ip"].partition("%")[0]
    if origin(event.body) not in ("observed", "claimed") or mark(event.facts) or not is_address(ip):
        return ""
    return network_of(ip).with_prefixlen


def answers(story: Iterable[Entry]) -> dict[str, tuple[Mapping[str, Any], str]]:
    """Network to (the newest answer, when): an answer counts more than a later failure."""
    found: dict[str, tuple[Mapping[str, Any], str]] = {}
    for entry in sorted(story, key=lambda entry: entry.at):
        if entry.kind == "exported" and entry.body.get("what") == RDAP:
            for said in entry.body.get("networks", ()):
                if "failed" not in said or said["asked"] not in found:
                    found[said["asked"]] = said, entry.at
    return found


def ask(
    home: Home,
    case: Case,
    wanted: Iterable[CaseNetwork],
    registries: Registries,
    why: str,
    say: Callable[[str], object],
) -> None:
    """Ask for each of ``wanted``; one entry holds all that came back, also where it ended early.

    ``say`` is told what could not be asked.
    """
    told: list[dict[str, Any]] = []
    try:
        for one in wanted:
            try:
                told.append(as_said(registries.ask(network_of(one.network.partition("/")[0]))))
            except RdapError as error:
                say(f"{one.network}: {error.sentence}")
                told.append({"asked": one.network, "failed": error.sentence})
    finally:
        if told:
            said = home.act(
                "exported", {"what": RDAP, case.scope.noun: case.scope.id, "why": why, "networks": told}
            )
            with home.store.write() as connection:
                home.writer.put(connection, said)


def as_said(found: Registration) -> dict[str, Any]:
    """As it stands in the entry."""
    return {**dataclasses.asdict(found), "abuse": list(found.abuse)}


def as_row(one: CaseNetwork) -> dict[str, Any]:
    """For programs."""
    return {
        "network": one.network,
        "owner": one.owner,
        "uses": one.uses,
        "abuse": list(one.abuse),
        "answer": dict(one.answer) if one.answer else None,
        "answered_at": one.answered_at,
    }


def lines(one: CaseNetwork) -> Iterator[str]:
    """For people, 80 columns wide where names allow it."""
    yield f"{one.network}  {counted(one.uses, 'use')}  {visible(one.owner or 'owner not known', limit=60)}"
    said = one.answer
    if said is None:
        yield "  not asked"
    elif "failed" in said:
        yield f"  no answer on {one.answered_at[:10]}: {visible(said['failed'], limit=200)}"
    else:
        span = f"{said['first']} to {said['last']}" if said["first"] else "an unnamed range"
        yield f"  registered as {visible(said['name'] or said['handle'] or 'nothing', limit=60)}, {span}"
        yield f"  abuse contact: {', '.join(one.abuse) or 'none in the record'}"
        yield f"  by {said['server']}, {one.answered_at[:10]}"
