"""One person's marks put in place of another's, wherever they stand in a value: display names, slugs, search columns,
addresses in lower case; pure."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from canaries.content.people import ascii_letters
from canaries.plant.rows.notations import cased

_SHORTEST = 2
"""Letters of a mark; a single letter stands everywhere."""
_SECRET = re.compile(r"(?=[^\s@]*\d)(?=[^\s@]*[A-Za-z])[^\s@]{12,}|[0-9A-Fa-f]{16,}|[A-Za-z]{20,}")
_CLASSES = (string.digits, "abcdef", string.ascii_lowercase, "ABCDEF", string.ascii_uppercase)


class Replacing:
    """Of a donor's marks by the phony person's."""

    def __init__(self, donor: Mapping[str, str], person: Mapping[str, str]) -> None:
        """Both by the keys of a bait's row."""
        pairs: dict[str, str] = {}
        _add(pairs, donor.get("email", ""), person.get("email", ""))
        _add(pairs, donor.get("email", "").partition("@")[0], person.get("email", "").partition("@")[0])
        for key in ("name", "user_name", "first_name", "last_name", "street", "city", "postcode", "phone"):
            _add(pairs, donor.get(key, ""), person.get(key, ""))
        _add(pairs, donor.get("email", "").partition("@")[2], person.get("email", "").partition("@")[2])
        spelling = person.get("locale", "")
        for key in ("first_name", "last_name"):
            fresh = ascii_letters(person.get(key, ""), spelling)
            for one in (spelling, ""):  # the donor may be of another country
                _add(pairs, ascii_letters(donor.get(key, ""), one), fresh)
        self._pairs = pairs
        marks = sorted(pairs, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(mark) for mark in marks)) if marks else None

    def __call__(self, value: str) -> str:
        """``value`` with every mark of the donor replaced, in the case it is written in."""
        if self._pattern is None:
            return value
        folded = value.lower()
        if len(folded) != len(value):  # a letter whose small form is longer
            return value
        out, at = [], 0
        for found in self._pattern.finditer(folded):
            if not _whole(folded, found.start(), found.end()):
                continue
            out += [
                value[at : found.start()],
                cased(self._pairs[found[0]], value[found.start() : found.end()]),
            ]
            at = found.end()
        return "".join([*out, value[at:]])

    def within(self, value: Any, chance: Random) -> Any:
        """A document (json, list) with every text in it replaced, and what looks drawn drawn again."""
        if isinstance(value, dict):
            return {self(str(key)): self.within(one, chance) for key, one in value.items()}
        if isinstance(value, list):
            return [self.within(one, chance) for one in value]
        if not isinstance(value, str):
            return value
        fresh = self(value)
        return redrawn(value, chance) if fresh == value and _SECRET.fullmatch(value) else fresh


def _add(pairs: dict[str, str], mark: str, fresh: str) -> None:
    if len(mark) >= _SHORTEST and fresh:
        pairs.setdefault(mark.lower(), fresh)


def _whole(text: str, start: int, end: int) -> bool:
    """Short marks count as words only: ``Li`` is no part of ``Lisbon``."""
    if end - start > 3:
        return True
    return not ((text[start - 1 : start].isalpha() and start) or text[end : end + 1].isalpha())


def redrawn(value: str, chance: Random, keep: int = 0) -> str:
    """Another text of the same shape behind its first ``keep`` characters: digits for digits, letters for letters,
    hexadecimal stays so."""
    head, value = value[:keep], value[keep:]
    letters = [char for char in value if char.isalpha() and char.isascii()]
    hexadecimal = all(char in string.hexdigits for char in letters)
    small, large = (_CLASSES[1], _CLASSES[3]) if hexadecimal else (_CLASSES[2], _CLASSES[4])
    mixed = bool(letters) and any(char.isdigit() for char in value)
    out = [head]
    for char in value:
        if not (char.isascii() and char.isalnum()):
            out.append(char)
        elif mixed:
            out.append(chance.choice(_alphabet(value, small, large)))
        else:
            out.append(chance.choice(string.digits if char.isdigit() else small if char.islower() else large))
    return "".join(out)


def _alphabet(value: str, small: str, large: str) -> str:
    """Of a text with digits and letters anywhere."""
    lower, upper = any(char.islower() for char in value), any(char.isupper() for char in value)
    return string.digits + (small if lower else "") + (large if upper else "")


def looks_drawn(values: Sequence[str]) -> bool:
    """Whether a column holds keys and secrets: long texts with letters and digits and without spaces."""
    return bool(values) and all(_SECRET.fullmatch(one) for one in values)
