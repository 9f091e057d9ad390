"""How people make mailboxes and user names of their names: ``mara.okonjo82`` is ``{first}.{last}##``.

A pattern is read off somebody's name and written with another's. ``{f}`` and ``{l}`` are initials, ``#`` is a digit,
``%%%%`` a year of birth, ``~`` a letter of an invented word, anything else stands for itself.
"""

from __future__ import annotations

import math
import re

from canaries.crypto.seeded_random import SeededRandom

FORM = re.compile(r"(\{first\}|\{last\}|\{f\}|\{l\}|%%%%|[#~._+-])+\Z")
"""A whole pattern; at least one of its pieces must be drawn or a name."""
_PIECE = re.compile(r"\{first\}|\{last\}|\{f\}|\{l\}|%%%%|#+|~+|.")
_YEAR = re.compile(r"(19[4-9]\d|20[01]\d)(?!\d)")
_SOUNDS = ("bcdfghklmnprstvwz", "aeiou")


def pattern_of(text: str, first: str, last: str) -> str:
    """The pattern by which somebody called ``first`` ``last`` (ASCII, lower case, may be empty) came to ``text``."""
    text, found, at = text.lower(), "", 0
    while at < len(text):
        rest = text[at:]
        piece, width = _named(rest, first, last, found)
        if not width and not text[max(0, at - 1) : at].isdigit() and (year := _YEAR.match(rest)):
            piece, width = "%%%%", len(year[0])
        if not width:
            char = rest[0]
            piece = "#" if char.isdigit() else "~" if char.isalpha() else char if char in "._+-" else "_"
            width = 1
        found, at = found + piece, at + width
    return found


def _named(rest: str, first: str, last: str, before: str) -> tuple[str, int]:
    """The name that ``rest`` begins with, and its length; 0 where it begins with none."""
    for name, piece in sorted(((first, "{first}"), (last, "{last}")), key=lambda one: -len(one[0])):
        if len(name) > 1 and rest.startswith(name):
            return piece, len(name)
    inside = before[-1:] == "~"
    following = rest[1:]
    if first and rest[0] == first[0] and not inside and _goes_on(following, last):
        return "{f}", 1
    alone = not following[:1].isalpha()
    if last and rest[0] == last[0] and before.endswith(("{first}", "{f}", ".", "_", "-")) and alone:
        return "{l}", 1
    return "", 0


def _goes_on(following: str, last: str) -> bool:
    return len(last) > 1 and following.lstrip("._-").startswith(last)


def written(pattern: str, first: str, last: str, stream: SeededRandom, label: str) -> str:
    """The pattern with another's names (ASCII, lower case), digits and letters drawn from ``stream``."""
    out = []
    for number, piece in enumerate(_PIECE.findall(pattern)):
        name = f"{label}:{number}"
        match piece[:3]:
            case "{fi":
                out.append(first)
            case "{la":
                out.append(last)
            case "{f}":
                out.append(first[:1])
            case "{l}":
                out.append(last[:1])
            case "%%%":
                out.append(str(1958 + stream.below(name, 48)))
            case _ if piece[0] == "#":
                out.append(stream.text(name, "0123456789", len(piece)))
            case _ if piece[0] == "~":
                out.append(_word(stream, name, len(piece)))
            case _:
                out.append(piece)
    return "".join(out)


def _word(stream: SeededRandom, label: str, length: int) -> str:
    begin = stream.below(f"{label}:begin", 2)
    letters = (stream.pick(f"{label}:{at}", _SOUNDS[(at + begin) % 2]) for at in range(length))
    return "".join(letters)


def bits(pattern: str, names: int) -> float:
    """How many bits a guesser lacks who knows the pattern; ``names`` is how many given or family names there are."""
    pieces = _PIECE.findall(pattern)
    known = sum(math.log2(names) for piece in pieces if piece in ("{first}", "{last}"))
    drawn = sum(len(piece) * math.log2(10) for piece in pieces if piece[0] == "#")
    words = sum(len(piece) * math.log2(math.sqrt(17 * 5)) for piece in pieces if piece[0] == "~")
    return known + drawn + words + math.log2(48) * pieces.count("%%%%")
