"""Reading a file of network data line by line, plain or gzipped, with a bound on everything it could be too much of."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from listener.network_data.readers import DataError

_GZIP = b"\x1f\x8b"
LARGEST = 2 << 30
"""Bytes of a table, unpacked."""
LONGEST = 16_384
"""Bytes of a line."""
_READ = 1 << 20


def unpacked_head(raw: bytes, size: int) -> bytes:
    """The first bytes of what ``raw``, the beginning of a file, holds; of a gzipped one unpacked."""
    if not raw.startswith(_GZIP):
        return raw[:size]
    try:
        return zlib.decompressobj(wbits=31).decompress(raw, size)
    except zlib.error:
        return b""


def opened(path: Path) -> IO[bytes]:
    """The file, unpacked where it is gzipped. Raises OSError."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def text_lines(path: Path) -> Iterator[str]:
    """The lines, without their ends. Raises DataError where the file is no text, or too much of one."""
    size, rest, first = 0, b"", True
    try:
        with opened(path) as file:
            while part := file.read(_READ):
                size += len(part)
                if size > LARGEST:
                    raise DataError(f"{path.name} is larger than {LARGEST >> 20} MB unpacked")
                if first:
                    first, part = False, part.removeprefix(b"\xef\xbb\xbf")
                *whole, rest = (rest + part).split(b"\n")
                if len(rest) > LONGEST:
                    raise DataError(f"{path.name} has a line of more than {LONGEST} bytes")
                yield from b"\n".join(whole).decode("utf-8").split("\n") if whole else ()
            if rest:
                yield rest.decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{path.name} cannot be read as text: {type(error).__name__}") from None
