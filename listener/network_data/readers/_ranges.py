"""What readers of text and JSON lists share: tables of networks and of spans, kept in memory.

A table of networks answers with every network that holds the address, the narrowest first, and drops none. A table of
spans (first and last address) is for files whose spans do not overlap.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
    summarize_address_range,
)
from pathlib import Path
from typing import Any

from listener.network_data.readers import DataError, DataReader, NetworkAnswer

Label = Mapping[str, str]

LIMIT = 268_435_456
"""Bytes of a file that are read: lists are small; whatever is larger is not one."""


def read_text(path: Path) -> str:
    """The file as text. Raises DataError."""
    try:
        if path.stat().st_size > LIMIT:
            raise DataError(f"{path.name} is larger than any list of networks ({LIMIT >> 20} MB)")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
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


class SpanReader(DataReader):
    """A table of (first, last) with an answer each."""

    def __init__(self, path: Path) -> None:
        spans: dict[int, list[tuple[int, int, NetworkAnswer]]] = {4: [], 6: []}
        try:
            for first, last, answer in self.read(path):
                low, high = ip_address(first), ip_address(last)
                if low.version != high.version or int(low) > int(high):
                    raise DataError(f"{path.name}: {first} to {last} is no range")
                spans[low.version].append((int(low), int(high), answer))
        except (ValueError, KeyError, IndexError) as error:
            raise DataError(f"{path.name} is not a file of {self.what}: {error}") from None
        for version in spans:
            spans[version].sort(key=lambda span: span[0])
        self._spans = spans
        self._starts = {version: [span[0] for span in found] for version, found in spans.items()}

    @abstractmethod
    def read(self, path: Path) -> Iterable[tuple[str, str, NetworkAnswer]]:
        """First address, last address, answer."""

    def look_up(self, address: IPv4Address | IPv6Address) -> NetworkAnswer | None:
        number = int(address)
        index = bisect_right(self._starts[address.version], number) - 1
        if index < 0:
            return None
        first, last, answer = self._spans[address.version][index]
        if number > last:
            return None
        network = str(_network(first, last, address))
        return NetworkAnswer(network, answer.asn, answer.organisation, answer.country)

    def entries(self) -> Iterator[NetworkAnswer]:
        for spans in self._spans.values():
            for _, _, answer in spans:
                yield answer


def _network(first: int, last: int, address: IPv4Address | IPv6Address) -> IPv4Network | IPv6Network:
    """Of the networks that make up the span, the one with the address in it."""
    family = type(address)
    parts = summarize_address_range(family(first), family(last))
    return next(part for part in parts if address in part)
