"""What is done about an incident, at a home or by a server: the same acts by the same names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.client.values import RemoteIncident
    from canaries.installation.home import Home


class HomeDesk:
    """With the keys. Each act takes the beginning of an incident's id."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def name(self) -> str:
        """Under which name is written."""
        return self._home.operator

    def note(self, incident: str, text: str) -> str:
        """The id of the entry; so do all but the last two."""
        from listener.incidents import operator_acts

        return operator_acts.note(self._home, incident, text)

    def assess(self, incident: str, statement: str, likelihood: str, confidence: str, **more: Any) -> str:
        from listener.incidents import operator_acts

        return operator_acts.assess(self._home, incident, statement, likelihood, confidence, **more)

    def rate(self, incident: str, hypothesis: str, likelihood: str, because: str) -> str:
        from listener.incidents import operator_acts

        return operator_acts.rate(self._home, incident, hypothesis, likelihood, because)

    def acknowledge(self, incident: str, snooze: str, reason: str) -> str:
        from listener.notify import quiet_incidents

        return quiet_incidents.keep_quiet(self._home, incident, snooze, reason)

    def assign(self, incident: str, name: str, reason: str) -> str:
        from listener.incidents import operator_acts

        return operator_acts.assign(self._home, incident, name, reason)

    def close(self, incident: str, reason: str, outcome: str) -> str:
        from listener.incidents import operator_acts

        return operator_acts.close(self._home, incident, reason, outcome)

    def reopen(self, incident: str, reason: str) -> str:
        from listener.incidents import operator_acts

        return operator_acts.reopen(self._home, incident, reason)

    def split(self, incident: str, wanted: Sequence[str], reason: str) -> str:
        """Id of the incident that the hits are in now."""
        from listener.incidents import regroup

        return regroup.split(self._home, incident, wanted, reason)

    def merge(self, incident: str, other: str, reason: str) -> str:
        from listener.incidents import regroup

        return regroup.merge(self._home, incident, other, reason)


class ServerDesk:
    """By the API: the same."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api

    @property
    def name(self) -> str:
        return str(self._api.me()["account"])

    def note(self, incident: str, text: str) -> str:
        return self._api.note(self._find(incident).id, text)

    def assess(self, incident: str, statement: str, likelihood: str, confidence: str, **more: Any) -> str:
        return self._api.assess(self._find(incident).id, statement, likelihood, confidence, **more)

    def rate(self, incident: str, hypothesis: str, likelihood: str, because: str) -> str:
        return self._api.rate(self._find(incident).id, hypothesis, likelihood, because)

    def acknowledge(self, incident: str, snooze: str, reason: str) -> str:
        return self._api.acknowledge(self._find(incident).id, snooze, reason)

    def assign(self, incident: str, name: str, reason: str) -> str:
        return _entry(self._api.assign(self._find(incident), name, reason))

    def close(self, incident: str, reason: str, outcome: str) -> str:
        return _entry(self._api.close_incident(self._find(incident), reason, outcome))

    def reopen(self, incident: str, reason: str) -> str:
        return _entry(self._api.reopen(self._find(incident), reason))

    def split(self, incident: str, wanted: Sequence[str], reason: str) -> str:
        found = self._find(incident)
        return self._api.split(found, self._api.members_called(found, wanted), reason).id

    def merge(self, incident: str, other: str, reason: str) -> str:
        return self._api.merge(self._find(incident), self._find(other).id, reason).id

    def _find(self, beginning: str) -> RemoteIncident:
        return self._api.incident_called(beginning)


def _entry(changed: RemoteIncident) -> str:
    """Of the change: it is the last note."""
    return str(changed.said["notes"][-1]["id"])
