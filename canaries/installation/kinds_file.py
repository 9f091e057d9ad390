"""Which kinds of bait are live, as the front reads it: one small file that whoever mints writes at once.

    generation (8 bytes, big endian; odd while somebody writes) | length (4) | the kinds' names, a line each

The front maps it before it drops its privileges, so bait that was just minted is answered by the next request. The
file says which services are needed. No token, no number of canaries and no time is in it. A length of all ones says
that nobody has counted yet: the front then answers as every service.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
from collections.abc import Iterator, Set
from pathlib import Path

from canaries.core import files

FILE, RETIRED = "kinds", "retired"
"""``retired`` is of the same form: tags of push endpoints that are no longer there."""
SIZE = 65_536
_HEAD = 12
_UNKNOWN = (1 << 32) - 1

Kinds = frozenset[str]


def create(folder: Path, kinds: Set[str] | None, file: str = FILE) -> None:
    """The file in ``folder``, unless it is there; ``None``: not known yet. Raises OSError."""
    with contextlib.suppress(FileExistsError):
        files.create(folder / file, _head(0, kinds) + _body(kinds).ljust(SIZE - _HEAD, b"\0"))


def add(folder: Path, kinds: Set[str]) -> None:
    """There is bait of ``kinds``. What cannot be written here the back writes a second later."""
    with contextlib.suppress(OSError), _locked(folder) as descriptor:
        before = _read(os.pread(descriptor, SIZE, 0))
        if before is not None and not kinds <= before:
            _write(descriptor, before | kinds)


@contextlib.contextmanager
def settled(folder: Path, file: str = FILE) -> Iterator[list[Set[str]]]:
    """While nobody else writes: what is put into the list that this gives is written at its end. Raises OSError."""
    found: list[Set[str]] = []
    with _locked(folder, file) as descriptor:
        yield found
        if found and _read(os.pread(descriptor, SIZE, 0)) != found[-1]:
            _write(descriptor, found[-1])


class LiveKinds:
    """What the front asks at each request; cheap."""

    def __init__(self, folder: Path, file: str = FILE) -> None:
        """Raises OSError, ValueError where the file is not there or of another size."""
        with (folder / file).open("rb") as opened:
            self._map = mmap.mmap(opened.fileno(), SIZE, prot=mmap.PROT_READ)
        self._head = b""
        self._kinds: Kinds | None = None

    def __call__(self) -> Kinds | None:
        """The kinds with live bait; None where that is not known."""
        head = self._map[:8]
        if head != self._head and not head[-1] & 1:
            content = self._map[:]
            if content[:8] == self._map[:8]:  # nobody has written meanwhile
                self._head, self._kinds = head, _read(content)
        return self._kinds


@contextlib.contextmanager
def _locked(folder: Path, file: str = FILE) -> Iterator[int]:
    descriptor = os.open(folder / file, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _body(kinds: Set[str] | None) -> bytes:
    body = "\n".join(sorted(kinds or ())).encode()
    return body if len(body) <= SIZE - _HEAD else b""


def _head(generation: int, kinds: Set[str] | None) -> bytes:
    body = _body(kinds)
    length = _UNKNOWN if kinds is None or (kinds and not body) else len(body)
    return generation.to_bytes(8, "big") + length.to_bytes(4, "big")


def _write(descriptor: int, kinds: Set[str]) -> None:
    before = int.from_bytes(os.pread(descriptor, 8, 0), "big")
    begun = (before | 1) + 2
    os.pwrite(descriptor, begun.to_bytes(8, "big"), 0)
    os.pwrite(descriptor, _body(kinds), _HEAD)
    os.pwrite(descriptor, _head(begun, kinds)[8:], 8)
    os.pwrite(descriptor, (begun + 1).to_bytes(8, "big"), 0)


def _read(content: bytes) -> Kinds | None:
    length = int.from_bytes(content[8:_HEAD], "big")
    if length > len(content) - _HEAD:
        return None
    text = content[_HEAD : _HEAD + length].decode("utf-8", "replace")
    return frozenset(text.split("\n")) if text else frozenset()
