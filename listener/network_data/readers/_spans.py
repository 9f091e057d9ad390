"""Tables of address spans, each with an answer: millions of rows in a few arrays, equal answers kept once.

A row takes 12 bytes (IPv4) or 36 (IPv6). Where spans overlap, the narrowest that holds an address answers.
"""

from __future__ import annotations

import csv
import socket
from abc import abstractmethod
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, summarize_address_range
from pathlib import Path

from listener.network_data.readers import DataError, DataReader, NetworkAnswer

MOST_ROWS = 4_000_000
"""Of a table: the largest that are handed out have some three million."""
_LOW = (1 << 64) - 1
Edge = str | int
"""An address, or its number: above 2**32 that of an IPv6 one."""


class SpanReader(DataReader):
    """A table of (first, last) with an answer each."""

    def __init__(self, path: Path) -> None:
        self._answers: list[NetworkAnswer] = []
        self._tables = {4: _SpanTable("I"), 6: _SpanTable("Q")}
        known: dict[NetworkAnswer, int] = {}
        rows = 0
        try:
            for first, last, answer in self.read(path):
                (version, low), (other, high) = number(first), number(last)
                if version != other or low > high:
                    raise DataError(f"{path.name}: {first} to {last} is no range")
                rows += 1
                if rows > MOST_ROWS:
                    raise DataError(
                        f"{path.name} has more than {MOST_ROWS:,} rows", hint="add the .mmdb of the same data"
                    )
                place = known.setdefault(answer, len(known))
                self._tables[version].add(low, high, place)
        except (ValueError, KeyError, IndexError, TypeError, OverflowError, csv.Error) as error:
            raise DataError(f"{path.name} is not a file of {self.what}: {_short(error)}") from None
        self._answers = list(known)
        for table in self._tables.values():
            table.sort()

    @abstractmethod
    def read(self, path: Path) -> Iterable[tuple[Edge, Edge, NetworkAnswer]]:
        """First address, last address, answer; equal answers may be one object."""

    def look_up(self, address: IPv4Address | IPv6Address) -> NetworkAnswer | None:
        found = self._tables[address.version].at(int(address))
        if found is None:
            return None
        first, last, place = found
        answer, family = self._answers[place], type(address)
        parts = summarize_address_range(family(first), family(last))
        network = next(part for part in parts if address in part)
        return NetworkAnswer(str(network), answer.asn, answer.organisation, answer.country)

    def entries(self) -> Iterator[NetworkAnswer]:
        return iter(self._answers)


class _SpanTable:
    """Sorted spans that do not overlap, once `sort` was called. IPv6 numbers are kept as two halves."""

    def __init__(self, code: str) -> None:
        self._halves = code == "Q"
        self._lows, self._highs = array(code), array(code)
        self._low_halves, self._high_halves = array(code), array(code)
        self._places = array("I")
        self._sorted = True
        self._last = -1

    def add(self, low: int, high: int, place: int) -> None:
        self._sorted = self._sorted and low > self._last
        self._last = max(self._last, high)
        if self._halves:
            self._low_halves.append(low & _LOW)
            self._high_halves.append(high & _LOW)
            low, high = low >> 64, high >> 64
        self._lows.append(low)
        self._highs.append(high)
        self._places.append(place)

    def sort(self) -> None:
        """Put them in order; of spans that overlap the narrowest keeps what it has."""
        if self._sorted:
            return
        spans = sorted(map(self._span, range(len(self._places))), key=lambda span: (span[0], -span[1]))
        self.__init__("Q" if self._halves else "I")  # type: ignore[misc]  # the same table, filled anew
        for low, high, place in _apart(spans):
            self.add(low, high, place)

    def at(self, wanted: int) -> tuple[int, int, int] | None:
        """The span that holds the number."""
        if self._halves:
            index = bisect_right(range(len(self._places)), wanted, key=self._low) - 1
        else:
            index = bisect_right(self._lows, wanted) - 1
        if index < 0:
            return None
        span = self._span(index)
        return span if wanted <= span[1] else None

    def _low(self, index: int) -> int:
        return self._lows[index] << 64 | self._low_halves[index]

    def _span(self, index: int) -> tuple[int, int, int]:
        if not self._halves:
            return self._lows[index], self._highs[index], self._places[index]
        high = self._highs[index] << 64 | self._high_halves[index]
        return self._low(index), high, self._places[index]


def _apart(spans: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Spans sorted by their beginning, the wider first, as ones that do not overlap: the later begun has its part."""
    around: list[tuple[int, int]] = []  # (last, answer) of the spans that are open, the innermost at the end
    at = 0
    for low, high, place in [*spans, (1 << 129, 1 << 129, -1)]:
        while around and around[-1][0] < low:
            last, inner = around.pop()
            if at <= last:
                yield at, last, inner
                at = last + 1
        if around and at < low:
            yield at, low - 1, around[-1][1]
        at = max(at, low)
        around.append((high, place))


def number(edge: Edge) -> tuple[int, int]:
    """(version, number) of an address. Raises ValueError."""
    if isinstance(edge, int):
        if not 0 <= edge < 1 << 128:
            raise ValueError(f"{edge} is no address")
        return (4 if edge < 1 << 32 else 6), edge
    version, family = (6, socket.AF_INET6) if ":" in edge else (4, socket.AF_INET)
    try:
        return version, int.from_bytes(socket.inet_pton(family, edge), "big")
    except OSError:
        raise ValueError(f"{edge[:50]!r} is no address") from None


def edges(network: str) -> tuple[int, int]:
    """First and last number of a network in CIDR form, or of an address. Raises ValueError."""
    text, _, length = network.partition("/")
    version, first = number(text)
    bits = 32 if version == 4 else 128
    host = bits - (int(length) if length else bits)
    if not 0 <= host <= bits:
        raise ValueError(f"{network[:50]!r} is no network")
    low = first >> host << host
    return low, low | (1 << host) - 1


def _short(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
