"""Deeds that need two operators: one proposes, another approves. Both halves are signed entries.

The deed's entry says what the proposal said, word for word, and names it; a check compares them
(`canaries.ledger.operators`). Where there are not two operators, the deed is done at once by the one there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.ledger.entries import Draft, Entry, Kind

if TYPE_CHECKING:
    from canaries.installation.home import Home


def count_operators(home: Home) -> int:
    """How many operators have enrolled a key."""
    with home.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(store.operator)).scalar_one())


def propose(home: Home, body: Mapping[str, Any]) -> str:
    """Write the *proposed* entry; its id comes back."""
    said = home.act("proposed", body)
    with home.store.write() as connection:
        home.writer.put(connection, said)
    return said.id


def pending(home: Home) -> list[Entry]:
    """Proposals that nobody has approved yet, oldest first."""
    with home.store.read() as connection:
        proposed = list(home.reader.entries(connection, "proposed"))
        done = {
            entry.body.get("proposal")
            for kind in ("erased", "operator")
            for entry in home.reader.entries(connection, kind)
        }
    return [entry for entry in proposed if entry.id not in done]


def find(home: Home, proposal_id: str) -> Entry:
    """A pending proposal, by id or by the beginning of one. Raises NotFoundError."""
    found = [entry for entry in pending(home) if entry.id.startswith(proposal_id.lower())]
    if len(found) != 1:
        many = "more than one" if found else "no"
        raise NotFoundError(
            f"{many} pending proposal begins with {proposal_id}", hint="see: trapline operator proposals"
        )
    return found[0]


def approval(home: Home, proposal: Entry) -> Draft:
    """The entry of the deed itself, signed by the approver. Raises TraplineError where they proposed it themselves."""
    if proposal.by == home.operator:
        raise TraplineError(
            f"{home.operator} proposed this; another operator approves it",
            hint="they run: trapline operator approve " + proposal.id,
        )
    kind: Kind = "operator" if proposal.body["what"] == "operator" else "erased"
    return home.act(kind, {**proposal.body, "proposal": proposal.id, "proposed_by": proposal.by})
