"""Counting the lines of a block that begin as a record should, in one pass over the block."""

from __future__ import annotations

import re
from collections.abc import Callable


def line_counter(head: bytes) -> Callable[[bytes], int]:
    """What counts the lines of a block that begin with the pattern ``head``, which matches no line's end.

    The pattern opens with a line's end: that is looked for like any one byte. ``^`` would be tried at every byte.
    """
    pattern = re.compile(rb"\n(?:" + head + rb")")
    return lambda block: len(pattern.findall(b"\n" + block))
