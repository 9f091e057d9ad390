"""Every string of a request that may be a token.

A token is recognised by equality, so what matters is to cut the request in all the ways a bait string can stand in it:
whole values, words between separators, host names with and without what stands before them, the text behind percent-
and base64-coding. A safety net, three ways of cutting the raw bytes into words, catches what no structure showed.

The nets are made with ``bytes.translate`` and ``split``: a few microseconds for a request, and linear on hostile ones.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

LIMIT = 10_000
"""Candidates of one request: each costs the back one keyed hash."""
SHORTEST, LONGEST = 8, 2048
"""Bytes. No token is shorter; Kubernetes tokens are the longest."""

_WORD = 12
"""Bytes a word of the safety net has at least: no 96-bit token is shorter."""
_CODED = 16
"""Bytes of base64 that are worth a try: what they hold is a word, then."""
_MOST_DECODED = 64
"""Words tried as base64."""
_DEEPEST_HOST = 12
"""Parent names of a host: a bait's label stands just above the operator's domain."""
_SCANNED = 1024 * 1024
"""Bytes the nets look at: all that the trap keeps."""
_UNQUOTED = 128 * 1024
"""Bytes percent-decoding looks at: it is forty times slower."""

_HEADER_LINES, _SHORT_LINE = 48, 512
"""Lines of a head, and their bytes, whose words are remembered."""
_REMEMBERED = 4096

_ALPHANUMERIC = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LAYERS = 2
"""Percent-codings undone: an address that stands in the query of another is coded twice."""

_PRINTABLE = re.compile(rb"[\t\r\n\x20-\x7e]+\Z")
_URLSAFE = bytes.maketrans(b"-_", b"+/")


def _spaces_but(kept: bytes) -> bytes:
    """A translation that leaves ``kept`` and makes every other byte a space."""
    return bytes(byte if byte in kept else 0x20 for byte in range(256))


_LOOSE = _spaces_but(_ALPHANUMERIC + b"!#$%*+-./=@^_~")
_DOTTED = _spaces_but(_ALPHANUMERIC + b"_.@+%~-")
_NARROW = _spaces_but(_ALPHANUMERIC + b"_-")
_BASE64 = _spaces_but(_ALPHANUMERIC + b"+/_-")


_BOT = re.compile(rb"/bot(\d{1,16}(?::|%3A)[\w-]{30,50})/")
"""core.telegram.org/bots/api, "Making requests": ``/bot<token>/METHOD``."""


class Candidates:
    """Collects candidates, the most telling first."""

    def __init__(self) -> None:
        self._found: dict[bytes, None] = {}

    def add(self, value: str) -> None:
        """``value`` as it stands."""
        if SHORTEST <= len(value) <= LONGEST:
            self._found[value.encode("utf-8", "backslashreplace")] = None

    def host(self, name: str) -> None:
        """A host name in lower case, and the names above it: asking ``bucket.LABEL.domain`` uses ``LABEL.domain``."""
        labels = name.split(".")
        self.add(name)
        for start in range(max(1, len(labels) - _DEEPEST_HOST), len(labels) - 1):
            self.add(".".join(labels[start:]))

    def request(self, raw: bytes) -> None:
        """The `words` of a whole request. No word spans two lines, and most header lines are those of other requests.

        Such short lines are looked at once for all; the request line, long lines and what follows each time.
        """
        first, *lines = raw.split(b"\n", _HEADER_LINES)
        if bot := _BOT.search(first):
            self._found[bot[1].replace(b"%3A", b":")] = None
        rest = [first]
        if len(lines) == _HEADER_LINES:
            rest.append(lines.pop())
        for line in lines:
            if len(line) <= _SHORT_LINE:
                self._found.update(_line_words(line))
            else:
                rest.append(line)
        self.words(b"\n".join(rest))

    def words(self, data: bytes) -> None:
        """Everything word-like in ``data``, and in the text that its words are a coding of."""
        loose = self._net(data[:_SCANNED])
        coded = loose
        for _ in range(_LAYERS):
            if b"%" not in coded:
                break
            coded = self._net(unquote_to_bytes(coded[:_UNQUOTED]))
            loose += b" " + coded
        if b"\\/" in data:  # JSON as PHP writes it
            loose += b" " + self._net(data[:_SCANNED].replace(b"\\/", b"/"))
        longer = [
            word
            for table in (_BASE64, _NARROW)
            for word in loose.translate(table).split()
            if len(word) >= _CODED and not word.islower()
        ]
        for word in longer[:_MOST_DECODED]:
            self._decode(word)

    def all(self) -> list[bytes]:
        """At most `LIMIT`, none longer than `LONGEST`."""
        return [word for word in self._found if len(word) <= LONGEST][:LIMIT]

    @property
    def overflown(self) -> bool:
        """Whether some were left out."""
        return len(self._found) > LIMIT

    def _net(self, data: bytes) -> bytes:
        """Adds the words of ``data``; returns the long ones, spaces between."""
        found = self._found
        words = [word for word in data.translate(_LOOSE).split() if len(word) >= _WORD]
        loose = b" ".join(words)
        for word in words[: LIMIT + 1]:  # more are not looked at: no need to collect them
            found[word] = None
            if b"=" in word:  # name=value, and value may end in the padding of base64
                start = word.rstrip(b"=").rfind(b"=") + 1
                found[word[start:]] = None
        for word in loose.translate(_DOTTED).split()[: LIMIT + 1]:
            if len(word) >= _WORD:
                found[word] = None
                if (
                    b"." in word
                ):  # host names and e-mail addresses, whose case does not matter, perhaps ending a sentence
                    found[word.lower().strip(b".-")] = None
        for word in loose.translate(_NARROW).split()[: LIMIT + 1]:
            if len(word) >= _WORD:
                found[word] = None
        return loose

    def _decode(self, word: bytes) -> None:
        spare = len(word) % 4
        try:
            text = binascii.a2b_base64(word.translate(_URLSAFE)[: len(word) - (spare == 1)] + b"==")
        except binascii.Error:
            return
        if _PRINTABLE.match(text):
            if len(text) >= SHORTEST:
                self._found[text] = None
            self._net(text)


@lru_cache(_REMEMBERED)
def _line_words(line: bytes) -> dict[bytes, None]:
    """Of one line; nobody changes the result."""
    found = Candidates()
    found.words(line)
    return found._found
