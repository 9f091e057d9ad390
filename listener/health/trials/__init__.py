"""The contract of a trial of ``trapline doctor``: one file in this folder tries one thing, and says how it went.

A check looks and changes nothing; a trial does something: asks a name server, connects through the public name, fires a
bait, sends a test alert. It runs only when an operator asks for it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from listener.health.checks import View
    from listener.health.state import PartState

FOLDER = __name__


class Trial(ABC):
    """Tries one thing."""

    name: ClassVar[str]
    """As ``doctor`` prints it, and as ``--without`` leaves it out."""
    order: ClassVar[int] = 50

    @abstractmethod
    def run(self, view: View) -> Iterator[PartState]:
        """One or more statements. A TraplineError becomes a failing one; so does any other exception."""
