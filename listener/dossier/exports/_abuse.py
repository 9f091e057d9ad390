"""What an abuse desk is told, one complaint a source address: what XARF and the mail of RFC 5965 share."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from canaries.core.text import counted
from listener.dossier.exports import ExchangeCase
from listener.dossier.exports._event import ExchangeEvent, uid
from listener.incidents.wording import clocks
from listener.network_data.rdap import network_of

ASKED = (
    "Please look into this and preserve your records for this address, source port and time. We do not ask for a name: "
    "that is for whoever may lawfully ask."
)
_LISTED = 45
_ROWS = 1_000
"""Uses in the list that goes with a complaint."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What was seen of one address."""

    case: ExchangeCase
    ip: str
    events: tuple[ExchangeEvent, ...]
    """By time."""

    @property
    def id(self) -> str:
        return uid("abuse", self.case.name, self.ip, str(len(self.events)))

    @property
    def desk(self) -> tuple[str, ...]:
        """Mail addresses of the network's abuse desk; none where its registry was not asked."""
        return self.case.abuse.get(network_of(self.ip).with_prefixlen, ())

    @property
    def text(self) -> str:
        """For people, below a thousand characters (XARF's bound)."""
        first, last = self.events[0], self.events[-1]
        count = len(self.events)
        port = f"{'first ' if count > 1 else ''}source port {first.port or 'not known'}"
        when = f"from {first.at} to {last.at}" if last.at != first.at else f"at {first.at}"
        state = clocks(event.clock_state for event in self.events)
        listed = f" The list has the first {_ROWS} uses." if count > _ROWS else ""
        return (
            f"{counted(count, 'use')} of decoy material from {self.ip}, {port}, {when} (UTC; {state}). "
            f"The address was {self._known}.{listed} "
            f"Nobody has a reason to use these decoys; who did is not known to us. {ASKED}"
        )

    @property
    def _known(self) -> str:
        claimed = sum(event.origin == "claimed" for event in self.events)
        seen, named = "observed as the peer of the connection", "named by our own proxy"
        if 0 < claimed < len(self.events):
            return f"{seen} in {len(self.events) - claimed} of them, and {named} in {claimed}"
        return named if claimed else seen

    @property
    def table(self) -> bytes:
        """Time, address, port of each use, as a provider needs them."""
        rows = [
            "observed_at_utc,source_ip,source_port,destination_ip,destination_port,transport,log_entry,leaf_sha256"
        ]
        rows += [
            f"{event.at},{self.ip},{event.port or ''},{event.local_ip},{event.local_port},{event.transport},"
            f"{event.index},{event.leaf}"
            for event in self.events[:_ROWS]
        ]
        return ("\r\n".join(rows) + "\r\n").encode()


def complaints(case: ExchangeCase) -> Iterator[Complaint]:
    """One for each address that used bait itself, by address.

    None of what an operator's rule marks as the operator's own, of robots that fetch links, and of addresses that no
    network outside answers for: a desk that reads of these has no reason to read on.
    """
    found: dict[str, list[ExchangeEvent]] = {}
    for event in case.events:
        outside = event.reachable and not event.mark and not event.robot
        if event.ip and outside and event.origin in ("observed", "claimed"):
            found.setdefault(event.ip, []).append(event)
    for ip, events in sorted(found.items()):
        yield Complaint(case, ip, tuple(events))


def xarf(complaint: Complaint) -> dict[str, Any]:
    """The report as XARF 4.2 has it: a login attack where a credential came with a known port, else reconnaissance."""
    first, last = complaint.events[0], complaint.events[-1]
    presented = any(event.credential for event in complaint.events) and bool(first.port)
    table = complaint.table
    report: dict[str, Any] = {
        "xarf_version": "4.2.0",
        "report_id": complaint.id,
        "timestamp": first.at,
        "reporter": _contact(complaint.case),
        "sender": _contact(complaint.case),
        "source_identifier": complaint.ip,
        "category": "connection",
        "type": "login_attack" if presented else "reconnaissance",
        "protocol": first.transport if first.transport in ("tcp", "udp") else "tcp",
        "first_seen": first.at,
        "last_seen": last.at,
        "evidence_source": "honeypot",
        "description": complaint.text[:1_000],
        "evidence": [
            {
                "content_type": "text/csv",
                "description": "times, addresses and ports of each use",
                "payload": base64.b64encode(table).decode(),
                "hash": f"sha256:{hashlib.sha256(table).hexdigest()}",
                "size": len(table),
            }
        ],
    }
    if first.port:
        report["source_port"] = first.port
    if first.local_ip:
        report |= {"destination_ip": first.local_ip, "destination_port": first.local_port}
    if not presented:
        probed = sorted({event.target or event.host or event.trap for event in complaint.events})
        report["probed_resources"] = probed[:_LISTED]
    return report


def _contact(case: ExchangeCase) -> dict[str, str]:
    """Who complains. Where the settings name no contact, an address that reaches nobody and says so."""
    contact = case.contact if case.contact.count("@") == 1 else "not-named@trapline.invalid"
    return {
        "org": (case.organisation or "not named")[:200],
        "contact": contact,
        "domain": contact.split("@")[1],
    }
