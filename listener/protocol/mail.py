"""Reading a message that a mail trap took: what it says, where it links, what is attached. Back half only.

It is parsed by the standard library with its oldest policy (compat32), which keeps every header as it came and refuses
nothing; encoded words (RFC 2047) and bodies are decoded here, and what cannot be decoded stays as it is.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from itertools import islice
from typing import Any

from canaries.core.text import decoded
from listener.evidence.shapes import Observed

_MOST_HEADERS = 100
_MOST_PARTS = 200
_MOST_LINKS = 100
_SHOWN = 1000
"""Characters of a header or a link that go into the entry; the raw message is kept beside it."""
_LONGEST = 4096
"""Characters of a header. The standard library's ways with parameters and encoded words are quadratic."""
_MOST_NESTED, _MOST_DASHES = 40, 4000
"""Boundaries named, lines that may be one: of a message with more, only the headers are read. The parser holds each
line against every boundary around it."""
_COMMANDS = re.compile(
    rb"\A(?:(?:EHLO|HELO|MAIL|RCPT|RSET|NOOP|VRFY)\b[^\n]*\n)*DATA[ \t]*\r?\n", re.IGNORECASE
)
_END = re.compile(rb"(?:\A|\n)\.\r?\n")
_STUFFED = re.compile(rb"^\.(?=\.)", re.MULTILINE)
_PATH = re.compile(rb"(?:FROM|TO):[ \t]*(?:<([^<>]*)>|([^\s<>]+))[ \t]*(.*)\Z", re.IGNORECASE | re.DOTALL)
_NESTED = re.compile(rb"boundary|message/", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"'<>\x00-\x20\\^`{|}]{1,2048}", re.IGNORECASE)
_NAMED = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")
_CLIENTS = ("User-Agent", "X-Mailer")


_CHUNK = re.compile(rb"BDAT[ \t]+(\d{1,9})(?:[ \t]+LAST)?[ \t]*\r?\n", re.IGNORECASE)


class _Short(Compat32):
    """Headers as they came, but no longer than `_LONGEST`."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name[:_LONGEST], value[:_LONGEST]


_POLICY = _Short()


class MailObserved(Observed, total=False):
    """What a delivery showed beside what every room looks at."""

    helo: str
    user: str
    """Who logged in; missing: it was delivered without a login."""
    sender: str
    recipients: list[str]
    message: dict[str, Any]
    """`Letter.shown`."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message shows."""

    shown: dict[str, Any] = field(default_factory=dict)
    """JSON-able: ``headers`` in order and case, the usual ones by name, ``links``, ``attachments``."""
    client: str = ""
    """The program that wrote it, by its own word."""
    bodies: tuple[str, ...] = ()
    """Of its text parts, decoded."""
    pages: tuple[bool, ...] = ()
    """Of each of them, whether it is HTML."""
    whole: bool = True
    """Whether every part of it was read."""
    texts: tuple[bytes, ...] = ()
    """Header values and decoded bodies, where tokens may be."""


def unstuffed(raw: bytes) -> tuple[bytes, bool]:
    """The message out of the raw bytes of DATA, without its dots (RFC 5321, 4.5.2); whether its end is there."""
    begin = _COMMANDS.match(raw)
    raw = raw[begin.end() :] if begin else raw
    end = _END.search(raw)
    if end:
        raw = raw[: end.start() + 1] if end.start() or raw[:1] == b"\n" else b""
    return _STUFFED.sub(b"", raw), end is not None


def read_letter(message: bytes, *, whole: bool = True) -> Letter:
    """What ``message`` (RFC 5322) shows; of one that was cut, attachments have no hash.

    Raises whatever the standard library's parser does on hostile bytes; the caller keeps what it has.
    """
    nested = len(_NESTED.findall(message)) > _MOST_NESTED or message.count(b"\n--") > _MOST_DASHES
    parsed = (
        BytesHeaderParser(policy=_POLICY).parsebytes(message)
        if nested
        else message_from_bytes(message, policy=_POLICY)
    )
    headers = [(name, plain(str(value))) for name, value in islice(parsed.raw_items(), _MOST_HEADERS)]
    shown: dict[str, Any] = {"headers": [[_clean(name)[:_SHOWN], value[:_SHOWN]] for name, value in headers]}
    for name in _NAMED:
        if found := _first(headers, name):
            shown[name.lower().replace("-", "_")] = found[:_SHOWN]
    bodies, pages, attachments, every = _parts(parsed, whole=whole)
    links = dict.fromkeys(link for body in bodies for link in _links(body))
    shown["links"] = [link[:_SHOWN] for link in islice(links, _MOST_LINKS)]
    shown["attachments"] = attachments
    if nested:
        shown["unread"] = "too many parts"
    texts = [value for _, value in headers] + bodies + [item["name"] for item in attachments]
    client = next((found for name in _CLIENTS if (found := _first(headers, name))), "")
    read = whole and every and not nested
    return Letter(
        shown,
        client[:_SHOWN],
        tuple(bodies),
        pages=tuple(pages),
        whole=read,
        texts=tuple(text.encode() for text in texts),
    )


def path(argument: bytes) -> tuple[str, str] | None:
    """The address and the parameters of ``FROM:<...>`` or ``TO:<...>``; a source route (RFC 5321, C) is left out."""
    found = _PATH.match(argument)
    if found is None:
        return None
    address = found[2] if found[1] is None else found[1]
    if address.startswith(b"@"):
        address = address.partition(b":")[2]
    return decoded(address.strip()), decoded(found[3])


def observe(raw: bytes, observed: MailObserved) -> tuple[bytes, ...]:
    """Add the message in the raw bytes of DATA to what was observed; returns the texts in it, where tokens may be."""
    return observe_message(*unstuffed(raw), observed)


def observe_message(message: bytes, whole: bool, observed: MailObserved) -> tuple[bytes, ...]:
    """The same of a message as it is (RFC 5322); ``whole``: whether its end is there."""
    try:
        letter = read_letter(message, whole=whole)
    except Exception as problem:  # noqa: BLE001  the parser raises what it likes on hostile mail: the envelope stays
        observed["message"] = {"unread": type(problem).__name__}
        return ()
    observed["message"] = letter.shown
    if letter.client:
        observed["client"] = letter.client
    return letter.texts


def addresses(envelope: list[str]) -> list[str]:
    """The addresses of an envelope in lower case, and each one's local part."""
    found = [address.lower() for address in envelope]
    return [*found, *(address.rpartition("@")[0] for address in found if "@" in address)]


def plain(value: str) -> str:
    """A header's text: encoded words decoded, other bytes as `canaries.core.text.decoded` has them."""
    try:
        parts = decode_header(_clean(value))
        return "".join(
            part if isinstance(part, str) else _text(part, charset or "") for part, charset in parts
        )
    except ValueError:  # HeaderParseError is one
        return _clean(value)


def _clean(value: str) -> str:
    """Text that can be stored: bytes that the parser carries as surrogates are decoded, other surrogates escaped."""
    try:
        return decoded(value.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return value.encode("utf-8", "backslashreplace").decode()


def _first(headers: list[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def _parts(parsed: Message, *, whole: bool) -> tuple[list[str], list[bool], list[dict[str, Any]], bool]:
    """(texts, whether each is HTML, attachments, whether these are all). A named text is both: it may be shown."""
    bodies: list[str] = []
    pages: list[bool] = []
    attachments: list[dict[str, Any]] = []
    found = [part for part in parsed.walk() if not part.is_multipart()]
    leaves = found[:_MOST_PARTS]
    for number, part in enumerate(leaves):
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        name = plain(str(part.get_filename() or ""))[:_SHOWN]
        if name or part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
            cut = not whole and number == len(leaves) - 1
            attachments.append(
                {
                    "name": name,
                    "type": _clean(part.get_content_type())[:_SHOWN],
                    "bytes": len(content),
                    **({"cut": True} if cut else {"sha256": hashlib.sha256(content).hexdigest()}),
                }
            )
        if part.get_content_disposition() != "attachment" and part.get_content_maintype() == "text":
            bodies.append(_text(content, str(part.get_content_charset() or "")))
            pages.append("html" in part.get_content_subtype())
    return bodies, pages, attachments, len(found) == len(leaves)


def _text(content: bytes, charset: str) -> str:
    try:
        return _clean(content.decode(charset or "utf-8"))  # UTF-7, for one, decodes to lone surrogates
    except (LookupError, ValueError):  # UnicodeDecodeError is a ValueError
        return decoded(content)


def _links(body: str) -> Iterator[str]:
    for match in _LINK.finditer(body):
        yield html.unescape(match[0]).rstrip(".,;:!?)]")


def chunks(raw: bytes) -> list[bytes]:
    """A message that came by BDAT (RFC 3030, section 2), put together, as far as it is there; the head of its first
    chunk may be missing. Never raises."""
    found = _CHUNK.search(raw)
    pieces = [raw[: found.start()]] if found and found.start() else []
    while found and len(pieces) < _MOST_PARTS:
        end = found.end() + int(found[1])
        pieces.append(raw[found.end() : end])
        found = _CHUNK.match(raw, end)
    return [b"".join(pieces)] if len(pieces) > 1 else []
