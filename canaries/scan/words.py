"""What stands in one row with something: the words of its line, or of its record where each field has a line."""

from __future__ import annotations

import re

_REACH = 256
"""Bytes before and behind: as far as one row goes."""
_FIELD = 48
"""Bytes of a line that may be one field of several."""
_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
_BETWEEN = re.compile(
    rb"\n\s*\n|\n- |\}\s*,?\s*\{|\)\s*,\s*\(|\nEND:|"
    rb"</(?:tr|row|record|item|entry|person|user|contact|customer|member|subscriber)>",
    re.IGNORECASE,
)
"""What stands between two records: of LDIF and YAML, JSON, SQL, vCards, XML and HTML."""


def words(text: bytes) -> list[bytes]:
    """In lower case, as far as letters are ASCII."""
    return _WORD.findall(text.lower())


def words_beside(content: bytes, start: int, behind: int) -> list[bytes]:
    """Those of the row in which ``content[start:behind]`` stands, without these bytes themselves."""
    left, right = content[max(0, start - _REACH) : start], content[behind : behind + _REACH]
    line = (left.rpartition(b"\n")[2], right.partition(b"\n")[0])
    if sum(map(len, line)) + behind - start > _FIELD:
        left, right = line
    ends = [found.end() for found in _BETWEEN.finditer(left)]
    first = _BETWEEN.search(right)
    return words(left[ends[-1] if ends else 0 :] + b" " + right[: first.start() if first else None])
