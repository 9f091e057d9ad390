"""The forms in which a canary's strings stand in a dump: as minted, encoded, or hashed as data brokers trade them.

Base64 is looked for without decoding: whatever surrounds a string, its inner characters come out in one of three
ways, by where it stands in the groups of three bytes (RFC 4648, section 4).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING

from canaries.scan.person_marks import WORD_FACETS, address_marks, latin, person_marks
from canaries.scan.words import words

if TYPE_CHECKING:
    from canaries.core.model import Canary, Token

VERSION = 4
"""Raised where more spellings are made than before: an index that was kept is then made again."""
SHORTEST = 8
"""Bytes a spelling needs to be looked for; what is shorter stands in every dump."""
LONGEST = 512
"""Of a longer string its last bytes are looked for: where keys and JSON web tokens differ."""

_HASHED = frozenset({"email", "password", "phone", "user_name"})
"""Facets that are traded and stored as hashes."""
_ESCAPED = frozenset("'\"\\\t")
_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One byte string to look for."""

    text: bytes
    form: str
    """``plain``, ``base64``, ``hex``, ``sha256`` ...: what was done to the token."""
    facet: str
    folds: bool
    """Whether upper and lower case are the same; ``text`` is then in lower case."""
    weak: bool
    """Whether others may have the same string: it counts only beside another facet of the same canary."""


@dataclass(frozen=True, slots=True)
class PersonWord:
    """One word of a phony person's name or city: it counts where all words of a variant stand in one row, beside
    something else of the same person."""

    text: bytes
    """In lower case."""
    facet: str
    """One of `canaries.scan.person_marks.WORD_FACETS`."""
    variant: int
    """Of the ways to write the facet: as minted, in capitals, in ASCII, in old Western files."""


def spellings(canary: Canary) -> Iterator[Spelling | PersonWord]:
    """Every form of every token of ``canary`` that is long enough to be looked for, the same bytes once; and the words
    of a person's row."""
    seen = set[bytes]()
    for token in canary.tokens:
        for form, text, folds in _forms(token):
            tail = text[-LONGEST:]
            if len(tail) >= SHORTEST and tail not in seen:
                seen.add(tail)
                yield Spelling(tail.lower() if folds else tail, form, token.facet, folds, token.weak)
    addresses = (token.value for token in canary.tokens if token.facet == "email")
    for facet, form, mark in chain(person_marks(canary.row), *map(address_marks, addresses)):
        for text in _cases(mark, "utf-8") if form == "in fields" else _cases(mark):
            if SHORTEST <= len(text) <= LONGEST and text not in seen:
                seen.add(text)
                yield Spelling(text, form, facet, folds=True, weak=True)
    yield from _words(canary)


def _words(canary: Canary) -> Iterator[PersonWord]:
    for facet in WORD_FACETS:
        value = canary.row.get(facet)
        if not isinstance(value, str):
            continue
        written = {text for way in (value, *latin(value)) for text in _cases(way)}
        for variant, some in enumerate(sorted({tuple(words(text)) for text in written})):
            yield from (PersonWord(text, facet, variant) for text in some)


def _forms(token: Token) -> Iterator[tuple[str, bytes, bool]]:
    """(name, bytes, whether case does not matter)."""
    value = token.value.encode()
    yield "plain", value, token.folds
    for text in _escaped(token.value):
        yield "escaped", text, token.folds
    if token.facet == "phone":
        for text in _phone(token.value):
            yield "reformatted", text, False
    if token.facet == "name":
        yield from (("plain", text, True) for text in _cases(token.value))
        yield from (("transliterated", text.encode(), True) for text in latin(token.value))
    if token.facet in _HASHED:
        yield from _hashes(token)
    if token.weak:
        return
    for text in _base64(value):
        yield "base64", text, False
        if (safe := text.replace(b"+", b"-").replace(b"/", b"_")) != text:
            yield "base64", safe, False
    yield "hex", value.hex().encode(), True
    yield "reversed", value[::-1], token.folds


def _cases(text: str, *encodings: str) -> set[bytes]:
    """In small letters and in capitals, which differ in bytes where they are not ASCII; in old Western files too."""
    found = set()
    for encoding, written in product(encodings or ("utf-8", "cp1252"), (text.lower(), text.upper())):
        with contextlib.suppress(UnicodeEncodeError):
            found.add(written.encode(encoding).lower())
    return found


def _escaped(value: str) -> Iterator[bytes]:
    """As files write it that put something before quotes and backslashes, or double them; JSON in their columns too."""
    if _ESCAPED.isdisjoint(value):
        return
    inner = _json(value)
    yield inner.encode()
    for write in (_sql, _csv, _mysql, _copy, _json):
        yield write(value).encode()
        yield write(inner).encode()


def _sql(value: str) -> str:
    """In a string of standard SQL."""
    return value.replace("'", "''")


def _csv(value: str) -> str:
    """RFC 4180, section 2."""
    return value.replace('"', '""')


def _mysql(value: str) -> str:
    """In a string as mysqldump and ``mysql_real_escape_string`` write it; tabs stay."""
    return re.sub(r"[\\'\"]", r"\\\g<0>", value)


def _copy(value: str) -> str:
    """PostgreSQL's COPY, and so ``pg_dump``; the same is what MySQL writes with SELECT INTO OUTFILE."""
    return value.replace("\\", "\\\\").replace("\t", "\\t")


def _json(value: str) -> str:
    """RFC 8259, section 7."""
    return re.sub(r'[\\"]', r"\\\g<0>", value).replace("\t", "\\t")


def _base64(value: bytes) -> Iterator[bytes]:
    """The characters that ``value`` alone decides, for each place it may begin at in a group."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + value).rstrip(b"=")
        shared = -(-before * 8 // 6)  # characters that hold bits of what stands before
        cut = 1 if (before + len(value)) % 3 else 0  # the last one holds bits of what comes after
        yield text[shared : len(text) - cut]


def _hashes(token: Token) -> Iterator[tuple[str, bytes, bool]]:
    """Of the string as it is, in lower case and without blanks around it, as those who match lists normalise it."""
    texts = {token.value, token.value.strip().lower()}
    if token.facet == "phone":
        texts |= {text.decode() for text in _phone(token.value)}
    for text in sorted(texts):
        data = text.encode()
        for name in ("md5", "sha1", "sha256", "sha512"):
            yield name, hashlib.new(name, data, usedforsecurity=False).hexdigest().encode(), True
    if token.facet == "password" and (ntlm := _ntlm(token.value)):
        yield "ntlm", ntlm, True


def _ntlm(password: str) -> bytes:
    """MD4 of the password in UTF-16; empty where the system's OpenSSL offers no MD4."""
    try:
        return hashlib.new("md4", password.encode("utf-16-le"), usedforsecurity=False).hexdigest().encode()
    except ValueError:
        return b""


def _phone(written: str) -> Iterator[bytes]:
    """The digits, and the same with other punctuation."""
    groups = [group for group in _DIGITS.split(written) if group]
    for separator in ("", " ", "-", "."):
        yield separator.join(groups).encode()
