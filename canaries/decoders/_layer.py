"""A text on the way in, and what decoders ask of it again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from canaries.core.lazily import lazily
from canaries.decoders._printable import readable
from canaries.decoders._runs import ALNUM, SHORTEST_RUN, WIDE, WIDE_CHARACTERS, long_runs

_CONTROLS = bytes({*range(0x20), 0x7F} - {9, 10, 13})
_BASE64_CHARACTERS = ALNUM + b"+/=_-"
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/_]*+={0,2}")
_SHORTEST_LINE = 16
_IN_LINES = bytes(
    0x61 if code in _BASE64_CHARACTERS else 0x20 if code in b" \t\r>" else 0x0A if code == 0x0A else 0x2E
    for code in range(256)
)
_GOES_ON = re.compile(rb"a{%d} *\n *a" % _SHORTEST_LINE)
"""In what `_IN_LINES` makes of a text: a line that ends in such characters, and another that begins with one."""
_MOST_LINES = 100_000


@dataclass(eq=False)
class Layer:
    """A text on the way in: the input itself, or what some decoders made of a part of it."""

    data: bytes
    way: tuple[str, ...] = ()
    """Names of the decoders that led here, outermost first."""
    mark: bytes = b""
    """How the outermost wrapping begins in the input; empty where it is all of it."""
    whole: bool = False
    """A value that stands in another layer as it is: looked at as a whole only, its words are that layer's."""
    doubtful: bool = False
    """Neither text nor anything known: what ordinary words give when they are taken for an encoding."""
    separate: bool = False
    """Strings, a line each, that were never one text: no word goes on in the next line."""

    @lazily
    def text(self) -> bytes:
        """All of it; of what is not UTF-8 the readable parts, a line each: encodings that are text stand in those."""
        return self.data if self.unicode else readable(self.data)

    @lazily
    def runs(self) -> list[bytes]:
        """Runs of characters that tokens and their text encodings are made of, `SHORTEST_RUN` and longer."""
        text = self.text
        if not text.translate(None, WIDE_CHARACTERS):
            return [text] if len(text) >= SHORTEST_RUN else []
        return list(long_runs(text, WIDE, SHORTEST_RUN))

    @lazily
    def joined(self) -> bytes:
        """The different `runs`, a space between, and then those that were wrapped into lines put together again."""
        return b" ".join(dict.fromkeys([*self.runs, *self._unwrapped()]))

    @lazily
    def binary(self) -> bool:
        """Whether it holds what no text does: control characters, or bytes that are not UTF-8."""
        return len(self.data.translate(None, _CONTROLS)) < len(self.data) or not self.unicode

    @lazily
    def unicode(self) -> bool:
        """Whether it is UTF-8, as ASCII is."""
        if self.data.isascii():
            return True
        try:
            self.data.decode()
        except UnicodeDecodeError:
            return False
        return True

    def _unwrapped(self) -> Iterator[bytes]:
        """Base64 or hexadecimal that stands in several lines, put together (RFC 2045, section 6.8; xxd -p)."""
        if b"\n" not in self.text or not _GOES_ON.search(self.text.translate(_IN_LINES)):
            return
        block: list[bytes] = []
        for line in self.text.split(b"\n", _MOST_LINES):
            word = line.strip(b" \t\r>")
            if len(word) >= _SHORTEST_LINE and not word.translate(None, _BASE64_CHARACTERS):
                block.append(word)
                continue
            if block:
                block.append(_BASE64_LINE.match(word)[0])  # type: ignore[index]
                if len(block) > 1:
                    yield b"".join(block)
            last = word.rpartition(b" ")[2]
            run = re.split(rb"[^A-Za-z0-9+/_-]", last[-1000:])[-1]
            block = [run] if len(run) >= _SHORTEST_LINE else []
        if len(block) > 1:
            yield b"".join(block)
