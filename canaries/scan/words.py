"""What stands in one row with something: the words of its line, or of its record where each field has a line."""

from __future__ import annotations

import re

REACH = 256
"""Bytes before and behind: as far as one row goes."""
_SEPARATED = re.compile(rb"(?:(?:[^;|\t,]|, )*(?:[;|\t]|,(?! ))){2}")
"""A line of at least three fields is a row; in sentences a blank follows a comma."""
_FIELD = re.compile(rb"\s*[\"']?[A-Za-z_][\w.;=-]{0,40}[\"']?\s*(?:[:=]|\|[^|]*$)")
"""A line that begins with the name of its field is a part of a record, whatever follows: vCard, LDIF, YAML, JSON."""
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_JOINED, _JOINT = re.compile(rb"[0-9A-Za-z\x80-\xff.+@_]+"), re.compile(rb"[.+@_]")
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
    """Those of the row in which ``content[start:behind]`` stands, without these bytes themselves.

    Nor those that a dot, a plus, an underscore or an at sign joins: what stands in a mailbox or a user name, or is left
    of one, is no second sign of somebody.
    """
    low, high = row_around(content, start, behind)
    found = _JOINED.findall(content[low:start] + b" " + content[behind:high])
    return words(b" ".join(one for one in found if not _JOINT.search(one.strip(b".+@_"))))


def row_around(content: bytes, start: int, behind: int) -> tuple[int, int]:
    """Where the row begins and ends in which ``content[start:behind]`` stands, at most `REACH` bytes from it."""
    low, high = max(0, start - REACH), behind + REACH
    left, right = content[low:start], content[behind:high]
    if not _BINARY.search(left + right):  # there a byte of this value may be a number
        line = left.rpartition(b"\n")[2], right.partition(b"\n")[0]
        whole = line[0] + content[start:behind] + line[1]
        if _SEPARATED.match(whole) and not _FIELD.match(whole):
            left, right = line
    ends = [found.end() for found in _BETWEEN.finditer(left)]
    first = _BETWEEN.search(right)
    left, right = left[ends[-1] if ends else 0 :], right[: first.start() if first else None]
    return start - len(left), behind + len(right)
