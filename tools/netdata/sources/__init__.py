"""The contract of a source: one file in this folder reads one package of the index, at one named version.

A source reads the package's files as data and never imports its code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tools.netdata.ranges import Claim

FOLDER = __name__


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """What a list says of a network."""

    kind: str
    """Class: ``cloud``, ``cdn``, ``vpn``, ``scanner`` ... (`listener.facts.netclass`)."""
    provider: str
    """Whose, in lower case with hyphens."""
    source: str
    """Which list says so: a name in the manifest."""
    service: str = ""
    region: str = ""


class PackageSource(ABC):
    """One package of the index and how to read its ranges."""

    name: ClassVar[str]
    """Of the list, in labels and in the manifest."""
    package: ClassVar[str]
    version: ClassVar[str]
    sha256: ClassVar[str]
    """Of the wheel."""
    licence: ClassVar[str]
    credit: ClassVar[str]
    """Whose data it is."""

    @abstractmethod
    def date(self, folder: Path) -> str:
        """Day of the data, ISO 8601; ``folder`` is the unpacked wheel."""

    @abstractmethod
    def claims(self, folder: Path) -> Iterable[Claim[Label]]:
        """Every network and what it is. Raises ValueError where the package does not hold what it should."""
