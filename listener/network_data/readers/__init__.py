"""The contract of a reader: one file in this folder reads one schema of network data that somebody hands out.

A reader opens a file, says what it can answer, and answers for one address. It never asks the network. A file that is
not what it should be is a `DataError`, said in a sentence; one that opens but answers nothing is refused by
`listener.network_data.datasets`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import ClassVar

from canaries.core.errors import TraplineError

FOLDER = __name__

HEAD = 65_536
"""Bytes of a file's beginning that `DataReader.recognises` is shown."""


class DataError(TraplineError):
    """A file of network data is damaged, or not of the schema it is said to be."""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What one file says of one address; empty where it says nothing."""

    network: str = ""
    """The matching network of the file, in CIDR form."""
    asn: int | None = None
    organisation: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    labels: tuple[Mapping[str, str], ...] = ()
    """``class``, ``provider``, and where known ``service``, ``region``, ``list``; narrowest network first."""
    seen_at: str = ""
    """When the file saw the address do what it says, RFC 3339."""

    @property
    def topics(self) -> frozenset[str]:
        """``asn``, ``country``, ``labels``: what of it is there."""
        found = {
            "asn": self.asn is not None,
            "country": bool(self.country),
            "labels": bool(self.labels),
        }
        return frozenset(name for name, there in found.items() if there)


class DataReader(ABC):
    """One open file."""

    name: ClassVar[str]
    """Of the schema, as ``trapline data add --schema`` takes it."""
    what: ClassVar[str]
    """For people: whose file, which one."""
    complete: ClassVar[str] = ""
    """A class of which the file names every member, so that absence means "no": ``tor_exit``; empty: none."""

    @classmethod
    @abstractmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Whether the file at ``path``, which begins with ``head``, is of this schema. Never raises."""

    @abstractmethod
    def __init__(self, path: Path) -> None:
        """Open the file. Raises DataError."""

    @abstractmethod
    def look_up(self, address: IPv4Address | IPv6Address) -> NetworkAnswer | None:
        """What the file says of the address."""

    @abstractmethod
    def entries(self) -> Iterator[NetworkAnswer]:
        """Its answers in some order. Raises DataError where the file is damaged."""

    def date(self) -> str:
        """Day of the data as the file itself says, ISO 8601; empty where it does not."""
        return ""
