"""Base64 (RFC 4648, sections 4 and 5; RFC 3501, section 5.1.3) anywhere in a text: in lines, unpadded, out of step.

A run of its characters may begin with letters that belong to something else, so each of the four alignments is tried.
Beside text, what is compressed or UTF-16 may come out; what comes out of ordinary words is noise and is dropped.
"""

from __future__ import annotations

import binascii

from canaries.decoders import Decoder, Found, Layer, spaces_but
from canaries.decoders._printable import MAGIC, READABLE_HERE, is_text

_SHORTEST = 16
"""Characters: twelve bytes."""
_SURE = 28
"""Characters from which on a run without a capital is still tried: shorter ones are words and labels."""
_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TABLES = (
    (spaces_but(_ALNUM + b"+/"), bytes.maketrans(b"", b"")),
    (spaces_but(_ALNUM + b"-_"), bytes.maketrans(b"-_", b"+/")),
)
_LONGEST_IMAP = 65_536
_IMAP = (spaces_but(_ALNUM + b"+,"), bytes.maketrans(b",", b"/"))


class Base64Decoder(Decoder):
    """``QUJD``."""

    name = "base64"
    cost = 12

    def decode(self, layer: Layer, found: Found) -> None:
        for table, alphabet in _TABLES:
            for run in set(layer.joined.translate(table).split()):
                if len(run) >= _SHORTEST:
                    _run(run.translate(alphabet), run, found)
        if (
            b"," in layer.data and len(layer.data) <= _LONGEST_IMAP
        ):  # never among the runs, which end at commas
            for run in set(layer.data.translate(_IMAP[0]).split()):
                if len(run) >= _SHORTEST and b"," in run:
                    _run(run.translate(_IMAP[1]), run, found)


def _run(run: bytes, written: bytes, found: Found) -> None:
    if len(run) < _SURE and run.islower():
        return
    for skipped in range(4):
        data = _plain(run[skipped:])
        if is_text(data):
            found.add(data, written)
            return  # in step: no other alignment gives text
        if skipped == 0:
            known = MAGIC.search(data) or READABLE_HERE.search(data)
            if known or len(run) >= _SURE - 4:
                found.add(data, written, doubtful=not known)
            if is_text(data.replace(b"\0", b"")):
                return  # fields divided by NUL, or UTF-16
        elif match := READABLE_HERE.search(data) or MAGIC.search(data):
            found.add(data[match.start() :], written)


def _plain(run: bytes) -> bytes:
    """Of a run in the standard alphabet, padded or not; a last character that stands for no byte is dropped."""
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run + b"==")
