"""A file that is searched for the places where something begins."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager

from canaries.scan.containers import Packed


@contextmanager
def mapped(source: Packed) -> Iterator[mmap.mmap]:
    """All of ``source`` as one string of bytes that takes no memory. Raises ValueError where it is empty."""
    with source.file() as file:
        file.fileno()  # puts what was kept in memory on the disk
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content
