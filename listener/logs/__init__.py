"""The contract of a log source: one file in this folder reads one sort of log that other programs write.

A log is somebody else's word, by somebody else's clock: what is read from it is marked ``provider_log`` wherever it is
shown. A source finds out which records are worth a look (`LogSource.interesting`, over whole blocks, at the speed of
the search for canaries) and says what one record tells (`LogSource.record`); offsets, rotation and taking in are the
follower's (`listener.following`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from canaries.core.errors import SettingsError
from canaries.core.plugins import classes

FOLDER = __name__

LONGEST_RECORD = 65_536
"""Bytes of a record that are kept."""
Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class LogRecord:
    """What one record of a log says."""

    event: str
    """What happened, in the log's terms: ``request``, ``login``, ``read``."""
    at: str = ""
    """When, by the log's clock: RFC 3339, or as it stands there."""
    client: str = ""
    """An address, or empty."""
    port: int = 0
    account: str = ""
    request: str = ""
    """One line: ``GET /path``, the statement, the API call."""
    user_agent: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    """Whatever else it says, by names of its own."""
    strings: tuple[str, ...] = ()
    """What may be tokens and does not stand in the record as it would be used: marks of rows, names of tables."""
    only_strings: bool = False
    """Whether nothing else in the record may be a token."""


Places = Callable[[bytes], Iterable[tuple[int, int]]]
"""Where canaries stand in a block: (start, length) of each."""


class LogSource(ABC):
    """One sort of log. Holds no state."""

    name: ClassVar[str]
    """As in ``type = "nginx"``."""
    title: ClassVar[str]
    whole: ClassVar[bool] = False
    """Whether a file is one document that is read when it is complete, instead of lines that are followed."""
    indexed: ClassVar[bool] = True
    """Whether canaries are searched for by the scan index; False where the source knows by itself what is worth a
    look."""

    def interesting(self, block: bytes, places: Places) -> Iterable[int]:
        """Where in ``block``, whole lines, something stands that is worth a look."""
        return (start for start, _ in places(block))

    @abstractmethod
    def record(self, raw: bytes) -> LogRecord | None:
        """What a record says; None where it is no record of this sort. Never raises; the bytes are hostile."""

    def sound(self, block: bytes) -> int:
        """How many of the lines of ``block`` are records of this sort, cheaply: a look at their shape."""
        return sum(self.record(line) is not None for line in block.splitlines() if line)

    def split(self, document: bytes) -> list[bytes]:
        """The records of a whole document. Raises ValueError where it is none."""
        return document.splitlines()


def source(name: str) -> LogSource:
    """The source called ``name``. Raises SettingsError."""
    found = classes(FOLDER, LogSource)  # type: ignore[type-abstract]
    if name not in found:
        raise SettingsError(
            f"there is no sort of log called {name!r}: choose from {', '.join(sorted(found))}"
        )
    return found[name]()
