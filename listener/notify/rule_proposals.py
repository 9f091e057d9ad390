"""What a rule could be that marks hits like those of an incident: a proposal, which a person judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from listener.incidents import queries

if TYPE_CHECKING:
    from canaries.installation.home import Home

_LONGEST_CLIENT = 60


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """From where and by what client the incident's newest hit came."""

    networks: tuple[str, ...]
    """CIDR or addresses; empty: the incident has no hit."""
    client: str
    """What stands before the version in what the client says it is. Hostile."""
    canaries: tuple[str, ...]
    """Ids of the canaries that were used; a rule can be for one of them."""


def of_incident(home: Home, prefix: str) -> RuleProposal:
    """The proposal of one incident. Raises NotFoundError."""
    incident = queries.incident(home, prefix)
    for hit in queries.newest(home, 1, incident=incident.id):
        return RuleProposal((hit.ip,), hit.client.split("/")[0][:_LONGEST_CLIENT], incident.canaries)
    return RuleProposal((), "", incident.canaries)
