"""A hit as the digests know it, and what a message may say of it later.

What a message says of a source is sealed under the ``alerts`` key, bound to its row, until the message goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypedDict, cast

import msgspec
from sqlalchemy import Connection

from canaries.core.text import clip
from canaries.crypto.sealed_box import BoxError, Locker
from listener.evidence.derived import Facts
from listener.incidents import briefing
from listener.incidents.canary_words import CanaryWords, canary_words
from listener.notify.channels import Alert

CLIENT_LIMIT = 1000
"""Characters of what a client says it is, and of what it asked for; the ledger has all of it."""
MOST_LEAVES = 50
"""Leaf hashes that a message carries."""
_ALERT_FIELDS = frozenset(field.name for field in fields(Alert))


class Noted(msgspec.Struct, frozen=True):
    """A hit, as far as alerts are concerned."""

    canary: str
    """Id of the canary."""
    kind: str
    label: bytes | None
    """Words about the canary, sealed under the ``alerts`` key: column ``canary.label``."""
    facet: str
    trap: str
    observed_at: str
    """RFC 3339."""
    ip: str
    port: int
    facts: Facts
    client: str
    """What the client says it is: hostile."""
    incident: str
    source_tag: bytes
    """The source under its keyed hash, as in ``hit.source_tag``."""
    request: str = ""
    """What was asked for, in one line: hostile."""
    act: str = ""
    """What was done on a connection that had shown the canary, in one line; hostile. Empty: it was the first."""
    counts: bool = True
    """False where nothing but its connection shows the canary: it is part of another hit."""
    leaf: str = ""
    """The leaf hash of its entry, hexadecimal."""
    reported: str = ""
    """Where its address is not simply the peer that a trap saw: how it is known, and which it is
    (`listener.incidents.wording.not_observed`)."""

    @property
    def names_somebody(self) -> bool:
        """Whether the address is a client's: a report that names none came from a machine of the operator's."""
        return not self.reported or self.ip in self.reported

    @property
    def mark(self) -> str:
        """``own``, ``mute`` or ``test`` where a rule marks it, ``own`` where it was announced, else empty."""
        if "operator_rule" not in self.facts and "authorised_send" not in self.facts:  # as nearly always
            return ""
        found = self.facts.get("operator_rule")
        if self.facts.get("authorised_send", {}).get("result") in ("authorised", "no message"):
            return "own"
        return str(found.get("mark", "")) if isinstance(found, dict) else ""

    @property
    def strength(self) -> int:
        """How weighty it is."""
        return briefing.weight(self.facet, self.facts)

    @property
    def network(self) -> str:
        """What counts as one network: the AS, where it is known; else the source."""
        found = self.facts.get("network")
        asn = found.get("asn") if isinstance(found, dict) else None
        return f"AS{asn}" if asn else self.source_tag.hex()


class AlertDetails(TypedDict, total=False):
    """What a message says of an incident's weightiest hit, and what is kept of the incident; names are `Alert`'s.

    Sealed in the incident's row between two messages; what an older release wrote there lacks fields.
    """

    canary: str
    kind: str
    facet: str
    trap: str
    source: str
    port: int
    reported: str
    facts: Facts
    client: str
    request: str
    incident: str
    severity: str
    first_at: str
    last_at: str
    acts: list[str]
    """What was done on the connections, a line each."""
    more_acts: int
    leaves: Sequence[str]
    """Leaf hashes of hits that no message has told of, hexadecimal."""
    networks: list[str]
    """Different networks so far, as `Noted.network` names them."""
    deeds: list[str]
    """What happened inside so far (`listener.notify.news`)."""


class PayloadCodec:
    """Writes and reads what a message says of a hit; names are those of `Alert`. One per transaction."""

    def __init__(self, key: bytes, *, memo: bool) -> None:
        self._locker = Locker(key)
        self._with_memo = memo

    def of(self, item: Noted) -> AlertDetails:
        """In clear, for a message that goes at once."""
        return {
            "canary": item.canary,
            "kind": item.kind,
            "facet": item.facet,
            "trap": item.trap,
            "source": item.ip if item.names_somebody else "",
            "port": item.port if item.names_somebody else 0,
            "reported": item.reported,
            "facts": item.facts,
            "client": clip(item.client, CLIENT_LIMIT),
            "request": clip(item.request, CLIENT_LIMIT),
            "incident": item.incident,
            "severity": briefing.severity(item.facet, item.facts),
            "leaves": [item.leaf] if item.leaf else [],
        }

    def seal(self, key: str, details: AlertDetails) -> bytes:
        """For the row ``key``."""
        return self._locker.seal(msgspec.json.encode(details), key.encode())

    def open(self, key: str, sealed: bytes | None) -> AlertDetails:
        """The inverse; empty where the key was replaced: the count is told all the same."""
        try:
            return cast(AlertDetails, msgspec.json.decode(self._locker.open(sealed or b"", key.encode())))
        except BoxError:
            return {}

    def words(self, connection: Connection, canary_id: str, at: str) -> CanaryWords:
        """What operators say of a canary, as it stood at ``at``; without memo and recipient where none is wanted."""
        said = canary_words(connection, self._locker, canary_id, at)
        return said if self._with_memo else {**said, "memo": "", "recipient": ""}


def alert_fields(details: AlertDetails) -> dict[str, Any]:
    """Those of ``details`` that an `Alert` has."""
    return {name: value for name, value in details.items() if name in _ALERT_FIELDS}
