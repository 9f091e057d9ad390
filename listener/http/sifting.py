"""The candidates of a request at the price of its first line, where it has no body and its head was met before.

Nearly all that comes is noise, and of noise nobody asks what was observed. Programs send the same header lines again
and again: a block of them is read once, as `listener.http.reading` reads it, and its candidates are remembered.
"""

from __future__ import annotations

from functools import lru_cache

from canaries.decoders import candidates_of_plain, holds_nothing
from listener.evidence.reading import Reading
from listener.evidence.sighting import Sighting
from listener.http import reading
from listener.http.credentials import find_credentials
from listener.http.message import parse
from listener.protocol.candidates import SHORTEST, Candidates, are_lines, looks_like_request, path_segments
from listener.protocol.head import head_end

_LONGEST_BLOCK = 4096
_REMEMBERED = 1024
"""Blocks: some 8 MB at most."""
_LONGEST_LINE, _LINES = 512, 4096
"""Bytes of a first line that is remembered, and lines: some 8 MB at most."""
_Sifted = tuple[frozenset[bytes], tuple[str, ...]]
"""Candidates, and the bounds that were reached."""


def sift_request(sighting: Sighting) -> Reading:
    """As `listener.http.reading.read_request`, without what was observed. Never raises."""
    raw, tls = sighting.raw.lstrip(b"\r\n"), sighting.tls
    end = head_end(raw)
    if end is None or end[1] < len(raw) or (tls and tls.get("client_cert")):
        return reading.read_request(sighting)
    first, _, block = raw[: end[0]].partition(b"\n")
    line = (_of_line if len(first) <= _LONGEST_LINE else _of_line.__wrapped__)(first)
    lines = _of_block(block) if len(block) <= _LONGEST_BLOCK else None
    if line is None or lines is None:
        return reading.read_request(sighting)
    (own, own_bounds), (shared, bounds) = line, lines
    if tls:
        found = Candidates(0)
        found.host(reading.tls_observed(tls)["sni"])
        found.handshake(tls)
        own = own.union(found.all())
    return Reading(candidates=own, bounds=bounds + own_bounds, shared=shared, sifted=True)


@lru_cache(_LINES)
def _of_line(first: bytes) -> _Sifted | None:
    """Of a request's first line: one bait is fetched often, and programs that search ask everybody for the same.

    None: it does not look like one.
    """
    if not looks_like_request(first):
        return None
    words = first.split(b" ")
    usual = (
        len(words) == 3
        and words[2].startswith(b"HTTP/")
        and len(words[0]) < SHORTEST >= len(words[2].strip())
    )
    target = words[1] if usual else first
    if (
        usual
        and target.startswith(b"/")
        and words[0] != b"CONNECT"
        and b"?" not in target
        and holds_nothing(target)
    ):
        return frozenset(candidates_of_plain(target).union(path_segments(target))), ()
    found = Candidates(len(first))
    message = parse(first + b"\r\n\r\n")
    for credential in find_credentials(message, reading.read_target(message, found)):
        for value in credential.values():
            found.add(value)
    found.look(target if usual else first)
    return frozenset(found.all()), found.bounds


@lru_cache(_REMEMBERED)
def _of_block(block: bytes) -> _Sifted | None:
    """Of header lines; None: they are not to be read line by line."""
    folded = block.startswith((b" ", b"\t")) or b"\n " in block or b"\n\t" in block
    if folded or not are_lines(block):
        return None
    found = Candidates(len(block))
    raw = b"GET / HTTP/1.1\r\n" + block + b"\r\n\r\n"
    reading.read_message(parse(raw), reading.HttpObserved(), found)
    found.request(raw)
    return frozenset(found.all()), found.bounds
