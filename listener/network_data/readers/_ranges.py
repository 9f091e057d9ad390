"""What readers of text and JSON lists share: tables of networks with labels, kept in memory.

A table answers with every network that holds the address, the narrowest first, and drops none.
"""

from __future__ import annotations

import json
import zlib
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from typing import Any

from listener.network_data.readers import DataError, DataReader, NetworkAnswer
from listener.network_data.readers._lines import opened

Label = Mapping[str, str]

LIMIT = 268_435_456
"""Bytes of a file that are read: lists are small; whatever is larger is not one."""


def read_text(path: Path) -> str:
    """The file as text, unpacked where it is gzipped. Raises DataError."""
    try:
        with opened(path) as file:
            content = file.read(LIMIT + 1)
        if len(content) > LIMIT:
            raise DataError(f"{path.name} is larger than any list of networks ({LIMIT >> 20} MB)")
        return content.decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as text: {type(error).__name__}") from None


def read_json(path: Path) -> Any:
    """The file as JSON. Raises DataError."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise DataError(f"{path.name} is no JSON") from None


class LabelReader(DataReader):
    """A list of networks with labels."""

    def __init__(self, path: Path) -> None:
        self._tables: dict[int, dict[int, dict[int, list[Label]]]] = {4: {}, 6: {}}
        self._size = 0
        try:
            for network, label in self.read(path):
                self._add(network, label)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"{path.name} is not a file of {self.what}: {error}") from None
        self._lengths = {version: sorted(table, reverse=True) for version, table in self._tables.items()}

    @abstractmethod
    def read(self, path: Path) -> Iterable[tuple[str, Label]]:
        """Networks or addresses, each with its label. Raises DataError, or what reading odd JSON raises."""

    def _add(self, text: str, label: Label) -> None:
        network = ip_network(text.strip(), strict=False)
        shift = network.max_prefixlen - network.prefixlen
        table = self._tables[network.version].setdefault(network.prefixlen, {})
        table.setdefault(int(network.network_address) >> shift, []).append(label)
        self._size += 1

    def look_up(self, address: IPv4Address | IPv6Address) -> NetworkAnswer | None:
        number, bits = int(address), address.max_prefixlen
        table = self._tables[address.version]
        found: list[Label] = []
        narrowest = 0
        for length in self._lengths[address.version]:
            here = table[length].get(number >> bits - length)
            if here:
                narrowest = narrowest or length
                for label in here:
                    if label not in found:
                        found.append(label)
        if not found:
            return None
        network = str(ip_network((address, narrowest), strict=False))
        return NetworkAnswer(network=network, labels=tuple(found), seen_at=found[0].get("seen_at", ""))

    def entries(self) -> Iterator[NetworkAnswer]:
        for version, lengths in self._tables.items():
            bits = 32 if version == 4 else 128
            for length, table in lengths.items():
                for number, labels in table.items():
                    address = (IPv4Address if version == 4 else IPv6Address)(number << bits - length)
                    yield NetworkAnswer(network=f"{address}/{length}", labels=tuple(labels))
