"""Strings that may be tokens, out of what a trap noted and out of raw bytes, whatever they are wrapped in.

All traps look with the same decoder (`canaries.decoders`), within one budget a sighting. What a trap has understood is
given as well: values whole, hosts with the names above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from canaries.decoders import (
    LONGEST,
    USUAL,
    DecodingBudget,
    Layer,
    candidates,
    candidates_of_plain,
    holds_nothing,
    unwrap,
)
from listener.evidence.shapes import TlsHandshake
from listener.evidence.sighting import Sighting
from listener.protocol import ber, tls_hello
from listener.protocol.head import head_end

SHORTEST = 8
"""Bytes. No token is shorter."""
_LONGEST_IN_CERTIFICATE = 4096
_DEEPEST_HOST = 12
"""Parent names of a host: a bait's label stands just above the operator's domain."""
_DEEPEST = 6
"""Levels of a note."""
_HEADER_LINES, _SHORT_LINE = 48, 512
"""Lines of a head, and their bytes, whose candidates are remembered: most are those of other requests."""
_OF_LINES = bytes({*range(0x20, 0x100), 9, 10, 13} - {0x7F})
"""What a head is made of."""
_REQUEST = re.compile(rb"[A-Za-z]{1,20} [^\r\n]* HTTP/\d(?:\.\d)?\r?(?:\n|\Z)|PRI \* HTTP/2")
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f])")
_REMEMBERED, _HELLOS = 2048, 256


class Candidates:
    """Collects candidates of one sighting."""

    def __init__(self, size: int) -> None:
        """For a sighting of ``size`` raw bytes."""
        self._found: set[bytes] = set()
        self._budget = DecodingBudget(USUAL, size)
        self._bounds: set[str] = set()

    @property
    def bounds(self) -> tuple[str, ...]:
        """Which bounds of the decoder were reached; empty where everything was looked at."""
        return tuple(sorted(self._bounds.union(self._budget.reached)))

    def all(self) -> set[bytes]:
        """Every one, none longer than `LONGEST`."""
        return self._found

    def add(self, value: str) -> None:
        """``value`` as it stands."""
        if SHORTEST <= len(value) <= LONGEST:
            self._found.add(value.encode("utf-8", "backslashreplace"))

    def host(self, name: str) -> None:
        """A host name in lower case, and the names above it: asking ``bucket.LABEL.domain`` uses ``LABEL.domain``."""
        labels = name.split(".")
        self.add(name)
        for start in range(max(1, len(labels) - _DEEPEST_HOST), len(labels) - 1):
            self.add(".".join(labels[start:]))

    def handshake(self, tls: TlsHandshake) -> None:
        """The name that was asked for, and whatever else stands in the ClientHello."""
        self.host(str(tls.get("sni", "") or "").lower())
        found, bounds = _of_hello(tls.get("hello") or b"")
        self._found |= found
        self._bounds |= bounds
        for text in ber.texts(tls.get("client_cert") or b"", _LONGEST_IN_CERTIFICATE):
            self.look(text)

    def look(self, data: bytes) -> None:
        """Everything in ``data``, and in whatever is wrapped in it."""
        if holds_nothing(data):
            self._found |= candidates_of_plain(data)
            return
        for layer in unwrap(data, self._budget):
            self._found |= candidates(layer)

    def request(self, raw: bytes) -> None:
        """Everything in a request: no token spans two lines of its head, and the body is looked at from its start."""
        end = head_end(raw)
        head = raw[: end[0]] if end else raw
        if not looks_like_request(head):  # what begins nowhere near a line is not to be cut there
            self.look(raw)
            return
        first, *lines = head.split(b"\n", _HEADER_LINES)
        rest = [first]
        if len(lines) == _HEADER_LINES:
            rest.append(lines.pop())
        for line in lines:
            if len(line) > _SHORT_LINE:
                rest.append(line)
            else:
                found, bounds = _of_line(line.rstrip(b"\r"))
                self._found |= found
                self._bounds |= bounds
        self.look(b"\n".join(rest))
        if b"\n " in head or b"\n\t" in head:
            self.look(head + b"\r\n\r\n")  # a folded line: the decoder of messages puts it together
        if end and end[1] < len(raw):
            self.look(raw[end[1] :])


def looks_like_request(head: bytes) -> bool:
    """Whether it begins as a request of HTTP does, so that its lines stand each for itself."""
    return _REQUEST.match(head) is not None and are_lines(head)


def are_lines(head: bytes) -> bool:
    """Whether it has no other control characters than those that end lines, and tabs."""
    return not head.translate(None, _OF_LINES)


def path_segments(path: bytes) -> list[bytes]:
    """The parts of a path of plain ASCII that may be tokens, between slashes."""
    return [part for part in path.split(b"/") if SHORTEST <= len(part) <= LONGEST]


class NoCandidates(Candidates):
    """Takes none: where only what was observed is asked for."""

    def __init__(self) -> None:
        super().__init__(0)

    def add(self, value: str) -> None:
        """Nothing."""

    def host(self, name: str) -> None:
        """Nothing."""

    def handshake(self, tls: TlsHandshake) -> None:
        """Nothing."""

    def look(self, data: bytes) -> None:
        """Nothing."""


@lru_cache(_REMEMBERED)
def _of_line(line: bytes) -> tuple[frozenset[bytes], frozenset[str]]:
    """Of one line, which is looked at once for all requests that have it; and the bounds reached."""
    budget = DecodingBudget(USUAL, len(line))
    found: set[bytes] = set()
    for layer in unwrap(line, budget):
        found |= candidates(layer)
    _, _, value = line.partition(b":")
    found |= candidates(Layer(value.strip(), whole=True))
    return frozenset(found), frozenset(budget.reached)


@lru_cache(_HELLOS)
def _of_hello(hello: bytes) -> tuple[frozenset[bytes], frozenset[str]]:
    """Once per connection: its requests share the hello."""
    found = Candidates(len(hello))
    found.look(Layer(hello).text)  # keys and random numbers are most of it
    for text in tls_hello.texts(hello):
        found.look(text)
    return frozenset(found.all()), frozenset(found.bounds)


def sighting_candidates(sighting: Sighting) -> Candidates:
    """What a sighting's notes, server name and raw bytes hold: for every trap but HTTP."""
    found = Candidates(len(sighting.raw))
    for value in dict.fromkeys(strings(sighting.notes)):
        found.look(value)
        if _ESCAPED.search(value):  # some of it is no text: the bytes that it was before `decoded`
            found.look(_ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), value))
    if sighting.tls:
        found.handshake(sighting.tls)
    found.look(sighting.raw)
    return found


def text_candidates(texts: Sequence[bytes]) -> Candidates:
    """What some texts hold: those that a trap made of a sighting."""
    found = Candidates(sum(map(len, texts)))
    for text in texts:
        found.look(text)
    return found


def strings(value: Any, depth: int = _DEEPEST) -> Iterator[bytes]:
    """Every text in nested notes, as bytes."""
    if isinstance(value, str):
        yield value.encode("utf-8", "surrogateescape")
    elif isinstance(value, bytes):
        yield value
    elif depth and isinstance(value, dict):
        for name, item in value.items():
            if depth < _DEEPEST:  # the names above are the trap's own
                yield from strings(name, 0)
            yield from strings(item, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, depth - 1)
