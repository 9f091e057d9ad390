"""Base64 (RFC 4648, sections 4 and 5; RFC 3501, section 5.1.3) anywhere in a text: in lines, unpadded, out of step.

A run of its characters may begin with letters that belong to something else, so each of the four alignments is tried.
Beside text, what is compressed or UTF-16 may come out; what comes out of ordinary words is noise and is dropped.
"""

from __future__ import annotations

import binascii
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._printable import is_text, magic_at, readable, readable_at, shows_at
from canaries.decoders._runs import ALNUM, long_runs, marking

_SHORTEST = 16
"""Characters: twelve bytes."""
_SURE = 28
"""Characters from which on a run without a capital is still tried: shorter ones are words and labels."""
_BEYOND_DOUBT = 512
"""Characters of a run from which on a plus sign says which of the two alphabets it is in."""
_FEW = 16
"""Runs that are looked at one by one; of more, those that show something are found first, all in one."""
_MOST_DOUBTFUL = 2000
"""Of those that show nothing and may yet be compressed without a mark."""
_TABLES = (
    (marking(ALNUM + b"+/"), bytes.maketrans(b"", b"")),
    (marking(ALNUM + b"-_"), bytes.maketrans(b"-_", b"+/")),
)
_LONGEST_IMAP = 65_536
_IMAP = (marking(ALNUM + b"+,"), bytes.maketrans(b",", b"/"))


class Base64Decoder(Decoder):
    """``QUJD``."""

    name = "base64"
    text = True
    sieved = True
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        if not any(len(run) >= _SHORTEST for run in layer.runs):
            return
        seen: set[bytes] = set()
        for text, (marks, alphabet) in zip((layer.joined, _url_safe(layer.joined)), _TABLES, strict=True):
            runs = [run for run in dict.fromkeys(long_runs(text, marks, _SHORTEST)) if _likely(run)]
            _runs([run for run in runs if run not in seen], alphabet, found)
            seen.update(runs)
        if (
            b"," in layer.data and len(layer.data) <= _LONGEST_IMAP
        ):  # never among the runs, which end at commas
            marks, alphabet = _IMAP
            runs = [run for run in long_runs(layer.data, marks, _SHORTEST) if b"," in run and _likely(run)]
            _runs(runs, alphabet, found)


def _url_safe(joined: bytes) -> bytes:
    """The runs without those that are in the standard alphabet beyond doubt, whose pieces are nothing."""
    if len(joined) <= _BEYOND_DOUBT or b"+" not in joined:
        return joined
    return b" ".join(run for run in joined.split() if len(run) <= _BEYOND_DOUBT or b"+" not in run)


def _likely(run: bytes) -> bool:
    return len(run) >= _SURE or not run.islower()


def _runs(runs: Sequence[bytes], alphabet: bytes, found: Found) -> None:
    shown = set(runs) if len(runs) <= _FEW else set(_showing(runs, alphabet))
    for run in runs:
        if run in shown:
            _run(run.translate(alphabet), run, found)
    rest = [run for run in runs if run not in shown and len(run) >= _SURE - 4]
    if len(rest) > _MOST_DOUBTFUL:
        found.note("fields")
    for run in rest[:_MOST_DOUBTFUL]:
        found.add(_plain(run.translate(alphabet)), run, doubtful=True)


def _showing(runs: Sequence[bytes], alphabet: bytes) -> Iterator[bytes]:
    """Those runs in which text or something compressed shows, in whatever alignment, and a few beside them."""
    for skipped in range(4):
        pieces = [run[skipped:] + b"AAA"[: (skipped - len(run)) % 4] for run in runs]
        ends = list(accumulate(len(piece) // 4 * 3 for piece in pieces))
        for at in shows_at(binascii.a2b_base64(b"".join(pieces).translate(alphabet))):
            yield runs[bisect_right(ends, at)]


def _run(run: bytes, written: bytes, found: Found) -> None:
    for skipped in range(4):
        data = _plain(run[skipped:])
        if is_text(data):
            found.add(data, written)
            return  # in step: no other alignment gives text
        at = readable_at(data)
        if at < 0:
            at = magic_at(data)
        if skipped == 0:
            if at >= 0 or len(run) >= _SURE - 4:
                found.add(data, written, doubtful=at < 0)
            if is_text(data.replace(b"\0", b"")):
                return  # fields divided by NUL, or UTF-16
        elif at >= 0:
            found.add(
                data[at:] if len(shown := readable(data)) * 8 > len(data) or not shown else shown, written
            )


def _plain(run: bytes) -> bytes:
    """Of a run in the standard alphabet, padded or not; a last character that stands for no byte is dropped."""
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"==")
