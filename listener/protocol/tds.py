"""Messages and tokens of [MS-TDS], the Tabular Data Stream protocol of Microsoft SQL Server."""

from __future__ import annotations

import contextlib
import re
import struct
from typing import Any

from canaries.core.text import decoded
from listener.protocol.octets import Octets, ShortError

BATCH = 1
"""The type of a packet of a query's text (section 2.2.3.1.1)."""
_WORDS = re.compile(r"[\x20-\x7e\xa0-\u04ff]{3,}")
_INTEGRATED = 0x80
"""fIntSecurity of OptionFlags2: a Windows login in place of user and password."""


def token(kind: int, body: bytes) -> bytes:
    """A token behind its length."""
    return struct.pack("<BH", kind, len(body)) + body


def environment(kind: int, values: bytes) -> bytes:
    """ENVCHANGE (section 2.2.7.9)."""
    return token(0xE3, bytes([kind]) + values)


def done(status: int = 0, count: int = 0, *, kind: int = 0xFD, old: bool = False) -> bytes:
    """DONE (section 2.2.7.6): 1 is followed by more, 2 is an error, 0x10 has a count, 0x20 answers an attention signal.

    ``kind``: 0xFF is DONEINPROC, 0xFE DONEPROC; ``old``: as before TDS 7.2.
    """
    return struct.pack("<BHHI" if old else "<BHHQ", kind, status, 0, count)


def returned(number: int, *, old: bool = False) -> bytes:
    """RETURNVALUE (section 2.2.7.18) of a call's first parameter, an integer. ``old``: as before TDS 7.2."""
    head = struct.pack("<BHBB", 0xAC, 0, 0, 1) + struct.pack("<HH" if old else "<IH", 0, 0)
    return head + b"\x26\x04\x04" + struct.pack("<i", number)


def short(text: str) -> bytes:
    """B_VARCHAR: at most 255 characters."""
    data = text.encode("utf-16-le", "replace")[:510]
    return bytes([len(data) // 2]) + data


def utf16(data: bytes) -> str:
    """Text of the wire; a byte too many is left out."""
    return data[: len(data) & ~1].decode("utf-16-le", "backslashreplace")


def readable(data: bytes) -> list[str]:
    """The texts in a remote procedure call, whose parameters may begin at odd offsets: procedure, statement, values."""
    return [text for begin in (0, 1) for text in _WORDS.findall(data[begin:].decode("utf-16-le", "replace"))][
        :256
    ]


def without_headers(body: bytes) -> bytes:
    """Behind ALL_HEADERS (section 2.2.5.3), which TDS 7.2 and later put in front."""
    size = int.from_bytes(body[:4], "little")
    return body[size:] if 4 <= size <= min(len(body), 256) else body


def asked(body: bytes) -> set[int]:
    """The options of a PRELOGIN: clients of some libraries read an answer by the places of their own question."""
    source, options = Octets(body, "big"), set[int]()
    while (option := source.number(1)) != 0xFF:
        options.add(option)
        source.next_bytes(4)
    return options


def prelogin(body: bytes) -> dict[str, Any]:
    """The client's version, instance and encryption wish."""
    source, shown = Octets(body, "big"), dict[str, Any]()
    while (option := source.number(1)) != 0xFF:
        value = source.slice(source.number(2), source.number(2))
        if option == 0 and len(value) >= 4:
            shown["version"] = f"{value[0]}.{value[1]}.{int.from_bytes(value[2:4], 'big')}"
        elif option == 1 and value:
            shown["encryption"] = value[0]
        elif option == 2:
            shown["instance"] = decoded(value.rstrip(b"\0"))
    return shown


def login7(body: bytes) -> tuple[dict[str, Any], int, bool]:
    """What LOGIN7 shows, its TDS version, and whether it is a Windows login (section 2.2.6.4)."""
    source = Octets(body)
    source.next_bytes(4)
    version, _, program, process, _ = (source.number(4) for _ in range(5))
    _, options, _, _ = source.next_bytes(4)
    minutes, locale = source.number(4, signed=True), source.number(4)
    names = (
        "host_name",
        "user",
        "password",
        "program",
        "server",
        "extension",
        "library",
        "language",
        "database",
    )
    texts: dict[str, str] = {}
    for name in names:
        data = _part(source, 2)
        if name != "extension":
            texts[name] = utf16(clear(data) if name == "password" else data)
    address = source.next_bytes(6).hex(":")
    ticket = _part(source, 1)
    integrated = bool(options & _INTEGRATED)
    numbers = {
        "process": process,
        "locale": locale,
        "time_zone": minutes,
        "program_version": f"{program:08x}",
    }
    shown: dict[str, Any] = {name: text for name, text in texts.items() if text or name == "user"}
    shown |= {
        "client": " ".join(filter(None, (texts["program"], texts["library"]))),
        "client_id": address,
        **numbers,
    }
    if integrated:
        shown["response"] = ticket.hex()
    return shown, version, integrated


def bodies(data: bytes) -> list[bytes]:
    """The messages that came in several packets, in what a client sent, each put together; of queries their text. Never
    raises."""
    found: list[bytes] = []
    pieces: list[bytes] = []
    at = 0
    while at + 8 <= len(data):
        kind, last, size = data[at], data[at + 1] & 1, int.from_bytes(data[at + 2 : at + 4], "big")
        pieces.append(data[at + 8 : at + size])
        at += max(8, size)
        if last or at + 8 > len(data):
            body = b"".join(pieces)
            body = utf16(without_headers(body)).encode("utf-8", "backslashreplace") if kind == BATCH else body
            found += [body] if len(pieces) > 1 else []
            pieces = []
    return found


def _part(source: Octets, width: int) -> bytes:
    """What the next offset and length (in units of ``width`` bytes) point to; empty where that is nowhere."""
    begin, count = source.number(2), source.number(2)
    with contextlib.suppress(ShortError):
        return source.slice(begin, width * count)
    return b""


def clear(data: bytes) -> bytes:
    """A password out of its obfuscation: each byte XOR 0xA5, then its halves swapped back."""
    return bytes((byte ^ 0xA5) >> 4 | ((byte ^ 0xA5) << 4 & 0xF0) for byte in data)
