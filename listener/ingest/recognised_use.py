"""A recognised use on its way into the ledger: what its entries, its rows and its alert say."""

from __future__ import annotations

from typing import cast

import msgspec

from listener.evidence import acts, observed
from listener.evidence.derived import DerivedBody, Facts
from listener.evidence.reading import Reading
from listener.evidence.shapes import HitBody
from listener.evidence.shared_record import written
from listener.evidence.sighting import Sighting
from listener.incidents import briefing, grouping
from listener.incidents.wording import not_observed
from listener.ingest.hit_body import hit_body
from listener.ingest.matcher import Match
from listener.notify import rules
from listener.notify.payload import Noted


class RecognisedUse(msgspec.Struct, frozen=True):
    """One use."""

    hit_id: str
    sighting: Sighting
    reading: Reading
    recognised: Match
    observed_at: str
    tag: bytes
    facts: Facts
    failed: dict[str, str]
    follows: str = ""
    part: str = ""
    """As in `listener.ingest.conversations.RecognisedSighting`."""
    whole_sha256: str = ""
    """Of the raw bytes as they came, where ``sighting`` has fewer."""

    def grouped(self) -> grouping.GroupedUse:
        """As the rule sees it that puts hits into incidents."""
        owner, credential = self.recognised.owner, briefing.is_credential(self.recognised.owner.facet)
        return grouping.GroupedUse(
            owner.canary_id,
            self.tag,
            self.observed_at,
            credential,
            observed.client(self.reading.observed),
            grouping.shared(self.facts) or self._unnamed(),
            grouping.apart(self.facts, credential=credential),
            counts=not self.part,
        )

    def _unnamed(self) -> bool:
        """Whether the address is that of the operator's application, which named no client."""
        via = self.sighting.via
        return (
            via is not None and via["how"] in ("sensor", "provider_log", "mailbox") and not via.get("client")
        )

    def marking(self) -> rules.Markable:
        """As rules see it."""
        ip, client = self.sighting.source[0], observed.client(self.reading.observed)
        return ip, client, self.recognised.owner.canary_id, self.observed_at, self.facts

    def body(self, recognised_at: str) -> HitBody:
        """Of the entry *hit*. ``recognised_at``: where that was later than the sighting was taken in, else empty."""
        return hit_body(
            self.sighting,
            self.reading,
            self.recognised,
            recognised_at,
            observed_at=self.observed_at,
            follows=self.follows,
            part=self.part,
            whole_sha256=self.whole_sha256,
        )

    def derived(self, place: grouping.Membership) -> DerivedBody:
        """Of the entry *derived*."""
        return {
            "hit": self.hit_id,
            "incident": place.incident,
            "why": place.why,
            "facts": cast(Facts, {name: written(fact) for name, fact in self.facts.items()}),
            "failed": self.failed,
            "egress": [],
        }

    def row(self, place: grouping.Membership, derived_id: str) -> tuple[str | bytes, ...]:
        """Of the table of hits. ``derived_id``: the entry *derived*."""
        owner = self.recognised.owner
        seen = (self.sighting.trap, self.observed_at, self.sighting.id, self.tag)
        return (
            self.hit_id, owner.canary_id, owner.facet, *seen, place.incident, derived_id, self.follows, self.part,
        )  # fmt: skip

    def noted(self, incident: str, leaf: str = "") -> Noted:
        """As alerts see it. ``leaf``: the leaf hash of its entry, hexadecimal."""
        owner = self.recognised.owner
        ip, port = self.sighting.source
        seen = self.reading.observed
        return Noted(
            canary=owner.canary_id,
            kind=owner.kind,
            label=owner.label,
            facet=owner.facet,
            trap=self.sighting.trap,
            observed_at=self.observed_at,
            ip=ip,
            port=port,
            facts=self.facts,
            client=observed.client(seen),
            incident=incident,
            source_tag=self.tag,
            request=acts.line(seen, acts.WHOLE),
            act=acts.line(seen) if self.follows else "",
            counts=not self.part,
            leaf=leaf,
            reported=not_observed(
                {
                    "facet": owner.facet,
                    "trap": self.sighting.trap,
                    "source": {"ip": ip, "port": port},
                    "peer": {"ip": self.sighting.peer[0], "port": self.sighting.peer[1]},
                    "via": self.sighting.via,
                }
            ),
        )
