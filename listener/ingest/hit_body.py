"""The body of a *hit* entry: what was observed, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from canaries import __version__
from canaries.core.clock import from_micros, rfc3339
from listener.evidence.reading import Reading
from listener.evidence.shapes import Endpoint, HitBody
from listener.evidence.shared_record import written
from listener.evidence.sighting import Sighting
from listener.ingest.matcher import Match, Owner


def hit_body(
    sighting: Sighting,
    reading: Reading,
    recognised: Match,
    recognised_at: str = "",
    *,
    observed_at: str = "",
    follows: str = "",
    part: str = "",
    whole_sha256: str = "",
) -> HitBody:
    """The body of a *hit* entry: observed data only (ARCHITECTURE, rule 3).

    ``observed_at``: the sighting's time as it is written, where the caller has it already. ``whole_sha256``: of the raw
    bytes as the journal held them, where fewer are kept.
    """
    owner: Owner = recognised.owner
    body: HitBody = {
        "canary": owner.canary_id,
        "kind": owner.kind,
        "facet": owner.facet,
        "facets": list(recognised.facets),
        "trap": sighting.trap,
        "observed_at": observed_at or rfc3339(from_micros(sighting.observed_at)),
        "source": _address(sighting.source),
        "peer": _address(sighting.peer),
        "local": _address(sighting.local),
        "transport": sighting.transport,
        "raw_sha256": hashlib.sha256(sighting.raw).hexdigest(),
        "raw_len": len(sighting.raw),
        "raw_size": sighting.size,
        "raw_truncated": sighting.size > len(sighting.raw),
        "sighting": sighting.id,
        "front": sighting.front,
        "number": sighting.number,
        "connection": sighting.connection,
        "clock": sighting.clock,
        "tls": _hexed(sighting.tls),
        "via": sighting.via,
        "answer": sighting.answer,
        "observed": written(reading.observed),
        "notes": _hexed(sighting.notes) or {},
        "listener": {"version": __version__},
    }
    if whole_sha256:
        body["raw_whole_sha256"] = whole_sha256
    if reading.bounds:
        body["observed"] = reading.observed | {"bounds": list(reading.bounds)}
    if recognised_at:
        body["recognised_at"] = recognised_at
    if follows:
        body["follows"] = follows
    if part:
        body["part"] = part
    return body


def _address(address: tuple[str, int]) -> Endpoint:
    return {"ip": address[0], "port": address[1]}


def _hexed(value: Mapping[str, object] | None) -> dict[str, object] | None:
    if value is None:
        return None
    return {key: item.hex() if isinstance(item, bytes) else item for key, item in value.items()}
