"""What version 0.1 appended to files: it kept the SHA-256 of those bytes, not the bytes, so they are made again.

It wrote a bait's snippet as it was, or each line behind a comment mark, in the file's encoding and line ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

_MARKS = ("", "# ", "// ", "-- ", "; ", "% ")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def appended(snippet: str, sha256: str) -> bytes | None:
    """The bytes that were appended; None where no such bytes have this SHA-256."""
    return next((one for one in _ways(snippet) if hashlib.sha256(one).hexdigest() == sha256), None)


def _ways(snippet: str) -> Iterator[bytes]:
    for mark in _MARKS:
        lines = [_comment(line, mark) if mark else line for line in snippet.splitlines()]
        for newline in ("\n", "\r\n", "\r"):
            body = newline.join(lines)
            for encoding in _ENCODINGS:
                yield (body + newline).encode(encoding)
                yield (newline + body).encode(encoding)


def _comment(line: str, mark: str) -> str:
    bare = line.rstrip("\\")
    return bare if not bare.strip() or bare.startswith(mark.strip()) else mark + bare
