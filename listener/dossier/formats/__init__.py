"""The contract of an export format: one file in this folder writes one part of a dossier.

A format reads the `Case` and yields files. It neither signs nor packs; it never writes to disk. Everything a visitor
sent is hostile: a format makes it harmless for its medium, and says where that alters it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from listener.dossier.case import Case

FOLDER = __name__

Content = Iterable[bytes]
"""A file's bytes in pieces, so that no large file is ever whole in memory."""


class Format(ABC):
    """One export format."""

    name: ClassVar[str]

    @abstractmethod
    def files(self, case: Case) -> Iterator[tuple[str, Content]]:
        """(path below ``data/``, content); each content is read to its end before the next file is asked for."""
