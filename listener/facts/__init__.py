"""The contract of a source of facts: one file in this folder derives one thing from a hit.

*Observed, derived, assessed* are three things: what a source says is derived, carries the source's name and date and
never changes the hit. Sources are offline; one that asks the outside world must be switched on and writes the query
into ``egress``. A source that fails costs its own fact only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from listener.evidence.derived import Facts, SendFact
from listener.evidence.shapes import Observed
from listener.evidence.sighting import Sighting

FOLDER = __name__


class Use(msgspec.Struct, frozen=True):
    """A hit on its way into the ledger, as sources of facts see it."""

    canary_id: str
    kind: str
    facet: str
    trap: str
    created_at: str
    """When the canary was minted, RFC 3339."""
    planted_at: str
    """When it was first planted, RFC 3339, or empty."""
    observed_at: str
    """RFC 3339."""
    source: tuple[str, int]
    """Address and port."""
    observed: Observed
    """What the trap read."""
    sighting: Sighting
    expires_at: str = ""
    first_use: bool = True
    """False where this canary was used before."""
    send: SendFact | None = None
    """Of a message to a canary subscriber: whether it was announced."""
    facets: tuple[str, ...] = ()
    """All that were seen, strongest first."""
    verifiers: Mapping[str, str] = {}
    """Of the canary's secret (`canaries.crypto.verifiers`)."""
    part: str = ""
    """``act`` where only the connection shows the canary, ``lookup`` where a name was asked for beside a use."""


class Source(ABC):
    """One source of facts. Instances are made once per back process and may cache."""

    name: ClassVar[str]
    """Key in ``facts``."""
    order: ClassVar[int] = 50
    """Ascending; a source sees the facts of those before it."""

    def __init__(self, home: Path) -> None:
        """``home`` is where newer data files may be (``home/data``)."""
        self.home = home

    @abstractmethod
    def derive(self, use: Use, facts: Facts) -> Mapping[str, object] | None:
        """JSON-able, no floats, with ``source`` and, where there is one, ``date`` of the data; None: nothing to say."""
