"""Looking for many byte strings in a text: of most of them one byte is missing, and a byte is quickly looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

_Value = TypeVar("_Value")

_COMMON = b" \netaoinsrhldcu\rmfpgwybv,.k/:-0123456789\"xjqzACDEFGHIJKLMNOPQRSTUVWXYZB_=;%'()[]{}&+<>"
"""Bytes of text, the most frequent first; any other is rarer than those."""


def by_rare_byte(strings: Mapping[bytes, _Value]) -> tuple[tuple[int, tuple[tuple[bytes, _Value], ...]], ...]:
    """``strings`` with their values in groups that share a byte: the rarest one of each; of those that are as rare, the
    one that most share.

    Where that byte is missing in a text, so are all of the group.
    """
    shared = Counter(code for string in strings for code in set(string))
    groups: dict[int, list[tuple[bytes, _Value]]] = {}
    for string, value in strings.items():
        code = max(string, key=lambda code: (_COMMON.find(code) < 0, _COMMON.find(code), shared[code]))
        groups.setdefault(code, []).append((string, value))
    return tuple((code, tuple(group)) for code, group in groups.items())
