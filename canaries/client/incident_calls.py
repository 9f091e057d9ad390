"""The client's part about what was caught: hits, incidents, and what people do about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canaries.client.calls import ApiCalls, only_one, part, shaped
from canaries.client.transport import RefusedByServerError
from canaries.client.values import RemoteHit, RemoteIncident
from canaries.core.errors import NotFoundError


class IncidentCalls(ApiCalls):
    """Hits and incidents. What changes an incident takes it as it was read: whoever was quicker is not overruled."""

    def hits(self, **filters: str) -> Iterator[RemoteHit]:
        """Newest first. Filters: ``canary``, ``place``, ``incident``, ``kind``, ``since``."""
        return (shaped(RemoteHit.of, said) for said in self._pages("/hits", filters))

    def incidents(self, **filters: str) -> Iterator[RemoteIncident]:
        """The one with the latest hit first. Filters: ``state``, ``canary``, ``place``."""
        return (shaped(RemoteIncident.of, said) for said in self._pages("/incidents", filters))

    def incident(self, incident_id: str) -> RemoteIncident:
        """One, with the ETag for changing it."""
        said, etag = self._transport.tagged("GET", f"/incidents/{part(incident_id)}")
        return shaped(RemoteIncident.of, said, etag)

    def incident_called(self, beginning: str) -> RemoteIncident:
        """The one whose id begins so. Raises NotFoundError, RefusedByServerError."""
        try:
            return self.incident(beginning.strip())
        except RefusedByServerError as error:
            if error.status_code != 404:
                raise
        return self.incident(only_one(beginning, "incident", (one.id for one in self.incidents())))

    def note(self, incident_id: str, text: str) -> str:
        """Write a note; the id of its entry."""
        return self._entry(f"/incidents/{part(incident_id)}/notes", {"text": text})

    def assess(self, incident_id: str, statement: str, likelihood: str, confidence: str, **more: Any) -> str:
        """Write a judgement; the id of its entry. ``more``: ``because``, ``alternatives``, ``assumptions``,
        ``evidence``, ``would_change``."""
        body = {"statement": statement, "likelihood": likelihood, "confidence": confidence, **more}
        return self._entry(f"/incidents/{part(incident_id)}/assessments", body)

    def acknowledge(self, incident_id: str, until: str = "", reason: str = "") -> str:
        """Say that you know: only something weightier is told from now on, for good or until then (``12h``)."""
        return self._entry(f"/incidents/{part(incident_id)}/acknowledge", {"until": until, "reason": reason})

    def explanations(self, incident_id: str) -> list[Mapping[str, Any]]:
        """Every competing explanation, with what speaks ``for`` and ``against`` it."""
        return list(self._items(f"/incidents/{part(incident_id)}/explanations"))

    def rate(self, incident_id: str, hypothesis: str, likelihood: str, because: str = "") -> str:
        """Say how likely one of the explanations is; the id of its entry."""
        body = {"hypothesis": hypothesis, "likelihood": likelihood, "because": because}
        return self._entry(f"/incidents/{part(incident_id)}/ratings", body)

    def assign(self, incident: RemoteIncident, name: str, reason: str) -> RemoteIncident:
        """Say who looks after it; an empty name: nobody any more."""
        return self._changed(incident, {"assignee": name, "reason": reason})

    def close_incident(self, incident: RemoteIncident, reason: str, outcome: str = "") -> RemoteIncident:
        """Close it, with what it turned out to be: ``real``, ``test``, ``false-alarm``, ``own-scanner``."""
        return self._changed(incident, {"state": "closed", "outcome": outcome, "reason": reason})

    def reopen(self, incident: RemoteIncident, reason: str) -> RemoteIncident:
        """Open it again."""
        return self._changed(incident, {"state": "open", "reason": reason})

    def split(self, incident: RemoteIncident, hits: Sequence[str], reason: str) -> RemoteIncident:
        """Move hits, or all of a canary, by their whole ids, into a new incident, which is the answer."""
        return self._regrouped(incident, "split", {"hits": list(hits), "reason": reason})

    def merge(self, incident: RemoteIncident, other: str, reason: str) -> RemoteIncident:
        """Move all hits of another incident into this one."""
        return self._regrouped(incident, "merge", {"incident": other, "reason": reason})

    def members_called(self, incident: RemoteIncident, beginnings: Sequence[str]) -> list[str]:
        """Hits or canaries of the incident whose ids begin so. Raises NotFoundError."""
        hits = [one.id for one in self.hits(incident=incident.id)]
        found = []
        for beginning in beginnings:
            try:
                found.append(only_one(beginning, "hit", iter(hits)))
            except NotFoundError:
                found.append(only_one(beginning, "hit or canary", iter(incident.canaries)))
        return found

    def _changed(self, incident: RemoteIncident, body: Mapping[str, Any]) -> RemoteIncident:
        headers = {"If-Match": incident.etag}
        path = f"/incidents/{part(incident.id)}"
        return shaped(RemoteIncident.of, *self._transport.tagged("PATCH", path, json=body, headers=headers))

    def _regrouped(self, incident: RemoteIncident, act: str, body: Mapping[str, Any]) -> RemoteIncident:
        headers = {"If-Match": incident.etag}
        path = f"/incidents/{part(incident.id)}/{act}"
        return shaped(RemoteIncident.of, *self._transport.tagged("POST", path, json=body, headers=headers))
