"""Whether a message that reached a canary subscriber was announced before: what intake found in the ledger of sends."""

from __future__ import annotations

from listener.evidence.derived import Facts, SendFact
from listener.facts import Source, Use


class SendCheck(Source):
    """Hands on what was found."""

    name = "authorised_send"
    order = 20

    def derive(self, use: Use, facts: Facts) -> SendFact | None:
        return use.send
