"""The contract of a check: one file in this folder looks at one part, changes nothing, and says how the part is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from canaries.core.errors import StoreError, TraplineError

if TYPE_CHECKING:
    from canaries.core.store import Store
    from canaries.installation.home import Home
    from listener.health.state import PartState

FOLDER = __name__


@dataclass(slots=True)
class View:
    """What a check looks at."""

    home: Home
    now: datetime
    """Aware, UTC."""
    listener: dict[str, Any] | None = None
    """What the running listener says of itself (`listener.runtime.supervisor`); None: it does not answer."""
    unanswered: TraplineError | None = None
    """Why it does not answer."""
    _away: list[StoreError] = field(default_factory=list)

    def child(self, name: str) -> dict[str, Any]:
        """What the supervisor says of ``front`` or ``back``; empty where it does not answer."""
        return dict((self.listener or {}).get(name) or {})

    def store(self) -> Store:
        """The database. Raises StoreError; after the first time at once, so that one that is away costs one wait."""
        if self._away:
            raise self._away[0]
        try:
            return self.home.store
        except StoreError as error:
            self._away.append(error)
            raise


class Check(ABC):
    """Looks at one part."""

    name: ClassVar[str]
    """Of the part, as ``status`` prints it."""
    order: ClassVar[int] = 50
    """Where it stands in the list: from what an operator would mend first."""

    @abstractmethod
    def look(self, view: View) -> Iterator[PartState]:
        """One or more statements. A TraplineError becomes a failing one; so does any other exception."""
