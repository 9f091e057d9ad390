"""Recognise a canary by its proof alone: VNC sends a challenge's answer, and no user, label or id with it.

MongoDB and MySQL send a user, which is one of any server where the bait was not made to have its own: with SCRAM
instead of PLAIN, or with a user that an operator gave it, nothing else leads to the canary. The answer is held against
what minting left of each such canary (`canaries.crypto.verifiers`), which are few; of more than `MOST`, the newest are
tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from canaries import kinds
from canaries.core import plugins, store
from canaries.crypto.labels import open_label
from canaries.crypto.sealed_box import Locker
from canaries.kinds import Kind
from listener.evidence import observed
from listener.evidence.sighting import Sighting
from listener.ingest.matcher import Match, Owner
from listener.proofs.schemes import given_proof

if TYPE_CHECKING:
    from canaries.installation.home import Home

MOST = 1_000
"""Canaries of one trap that are tried: some microseconds each."""
TRAPS = ("mongodb", "mysql", "vnc")
"""Those in whose protocol a login names nobody, or may name a user of any server."""


class NamelessProofs:
    """Of one back process; what it knows follows the index of tokens."""

    def __init__(self, home: Home) -> None:
        self._home, self._labels = home, Locker(home.keys.alerts)
        self._epoch = -1
        self._held: dict[str, list[tuple[Owner, Mapping[str, str]]]] = {}

    def matches(self, sighting: Sighting, epoch: int) -> list[Match]:
        """The canary whose secret made this answer; none where it is no answer. ``epoch``: of the newest token that
        counts. Raises StoreError."""
        if sighting.trap not in TRAPS:
            return []
        proof = given_proof(sighting.trap, observed.from_notes(sighting.notes), lambda: None)
        if proof is None:
            return []
        if epoch != self._epoch:
            self._held, self._epoch = {}, epoch
        if sighting.trap not in self._held:
            self._held[sighting.trap] = self._of(sighting.trap)
        found = (owner for owner, held in self._held[sighting.trap] if proof.judged(held))
        return [Match(owner, (owner.facet,)) for owner in found][:1]

    def _of(self, trap: str) -> list[tuple[Owner, Mapping[str, str]]]:
        found = plugins.classes(kinds.FOLDER, Kind)  # type: ignore[type-abstract]
        leading, canary = [name for name, kind in found.items() if trap in kind.traps], store.canary
        columns = (canary.c.id, canary.c.kind, canary.c.created_at, canary.c.expires_at, canary.c.label)
        token = store.token  # of its own user a canary is found by that alone, and a guess costs nothing here
        named = exists().where(token.c.canary_id == canary.c.id, token.c.facet == "user")
        query = (
            select(*columns).where(canary.c.kind.in_(leading), ~named).order_by(canary.c.created_at.desc())
        )
        with self._home.store.read() as connection:
            rows = connection.execute(query.limit(MOST)).all()
        return [
            (
                Owner(row.id, row.kind, "password", 0, row.created_at, row.expires_at, row.label or b""),
                open_label(self._labels, row.id, row.label).verifiers,
            )
            for row in rows
        ]
