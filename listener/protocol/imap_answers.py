"""What an IMAP server answers (RFC 3501, section 7; RFC 9051), read without believing it: messages, numbers, dates.

A server may be wrong or hostile: what cannot be read is left out, and nothing here takes more than linear time.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LARGEST_UID = 2**32 - 1
"""RFC 3501, section 9: nz-number."""
_DEEPEST = 16
_ATOM = re.compile(rb"(?:[^\s\[\]()\"{]|\[[^\]\r\n]*\])+")
_QUOTED = re.compile(rb'"((?:[^"\\\r\n]|\\.)*)"')
_LITERAL = re.compile(rb"\{(\d{1,10})\}\r\n")
_NUMBER = re.compile(rb"\d{1,10}\Z")
_DATE = re.compile(r"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Answer = Sequence[bytes | tuple[bytes, bytes] | None]
"""As `imaplib` gives the lines of one answer: a pair is a line that ends with a literal, and the literal."""
Value = bytes | list["Value"] | None
"""An atom, string or literal; a list; NIL."""


class AnswerError(ValueError):
    """This is no answer."""


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """What a FETCH answer says of one message."""

    uid: int
    size: int
    """Bytes of the whole message by the server's word; 0: it did not say."""
    arrived: datetime | None
    """When it reached the server, by its clock, to the second (INTERNALDATE); aware, UTC."""
    content: bytes | None
    """Its first bytes; None: they were not given."""


def fetched(answer: Answer) -> list[FetchedMessage]:
    """The messages in the answer to a UID FETCH; what is no message with a UID is left out. Never raises."""
    found = []
    for said in _responses(answer):
        try:
            items = _items(said)
        except AnswerError:
            continue
        if uid := _number(items.get(b"UID")):
            content = next((value for name, value in items.items() if name.startswith(b"BODY[")), None)
            date = items.get(b"INTERNALDATE")
            found.append(
                FetchedMessage(
                    uid,
                    _number(items.get(b"RFC822.SIZE")),
                    internal_date(date) if isinstance(date, bytes) else None,
                    content if isinstance(content, bytes) else None,
                )
            )
    return found


def numbers(answer: Answer) -> list[int]:
    """The UIDs in the answer to a UID SEARCH, each once, ascending. Never raises."""
    words = (word for line in answer if isinstance(line, bytes) for word in line.split())
    return sorted({uid for word in words if 0 < (uid := _number(word)) <= LARGEST_UID})


def internal_date(said: bytes) -> datetime | None:
    """RFC 3501, section 9: date-time. None where it is none, or is nowhere in the calendar."""
    found = _DATE.match(said.decode("latin-1"))
    if found is None or found[2].lower() not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[one]) for one in (1, 3, 4, 5, 6))
    away = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        zone = timezone(-away if found[7] == "-" else away)
        month = _MONTHS.index(found[2].lower()) + 1
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def folder_name(name: str) -> str:
    """A folder's name as it is sent, quoted: modified UTF-7 (RFC 3501, section 5.1.3)."""
    written, run = "", ""
    for char in f"{name}\0":
        if " " <= char <= "~":
            written += _shifted(run) + ("&-" if char == "&" else char)
            run = ""
        elif char == "\0":
            written += _shifted(run)
        else:
            run += char
    return quoted(written)


def quoted(text: str) -> str:
    """A quoted string of printable ASCII (RFC 3501, section 4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shifted(run: str) -> str:
    if not run:
        return ""
    packed = base64.b64encode(run.encode("utf-16-be", "surrogatepass")).decode().rstrip("=")
    return f"&{packed.replace('/', ',')}-"


def _responses(answer: Answer) -> Iterator[bytes]:
    """Each response as it came, with its literals in it."""
    parts: list[bytes] = []
    for item in answer:
        if isinstance(item, tuple):
            parts += [item[0], b"\r\n", item[1]]
        elif item is not None:
            yield b"".join([*parts, item])
            parts = []
    if parts:
        yield b"".join(parts)


def _items(said: bytes) -> dict[bytes, Value]:
    """``12 (UID 5 BODY[]<0> {3} abc)`` by name. Raises AnswerError."""
    values = list(_values(said))
    if len(values) < 2 or not isinstance(values[1], list):
        raise AnswerError
    pairs: Iterable[Value] = values[1]
    walk = iter(pairs)
    return {name.upper(): value for name, value in zip(walk, walk, strict=False) if isinstance(name, bytes)}


def _values(said: bytes) -> Iterator[Value]:
    """The values of a response, one after the other. Raises AnswerError."""
    outer: list[list[Value]] = [[]]
    place = 0
    while place < len(said):
        char = said[place : place + 1]
        if char in b" \r\n\t":
            place += 1
        elif char == b"(":
            if len(outer) > _DEEPEST:
                raise AnswerError
            outer.append([])
            place += 1
        elif char == b")":
            if len(outer) < 2:
                raise AnswerError
            inner = outer.pop()
            outer[-1].append(inner)
            place += 1
        else:
            value, place = _value(said, place)
            outer[-1].append(value)
    if len(outer) != 1:
        raise AnswerError
    yield from outer[0]


def _value(said: bytes, place: int) -> tuple[Value, int]:
    if found := _QUOTED.match(said, place):
        return re.sub(rb"\\(.)", rb"\1", found[1]), found.end()
    if found := _LITERAL.match(said, place):
        end = found.end() + int(found[1])
        if end > len(said):
            raise AnswerError
        return said[found.end() : end], end
    if found := _ATOM.match(said, place):
        return None if found[0].upper() == b"NIL" else found[0], found.end()
    raise AnswerError


def _number(value: Value) -> int:
    """0 where it is none."""
    return int(value) if isinstance(value, bytes) and _NUMBER.match(value) else 0
