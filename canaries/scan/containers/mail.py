"""Mail (RFC 5322) and mailboxes of the mbox form: what is attached in Base64, or encrypted. Text is searched too."""

from __future__ import annotations

import email
import io
import re
from collections.abc import Iterator

from canaries.scan.containers import HEAD, Container, Member, Packed, Unreadable, container_of

_FIELD = re.compile(rb"(?:From [^\n]+\n)?[A-Za-z][A-Za-z-]*:[ \t]")
_USUAL = re.compile(
    rb"^(?:Received|Message-ID|MIME-Version|Return-Path|Content-Type):", re.IGNORECASE | re.MULTILINE
)
_LONGEST = 64 << 20


class MailContainer(Container):
    name = "mail"
    raw = True

    def fits(self, head: bytes) -> bool:
        return _FIELD.match(head) is not None and _USUAL.search(head) is not None

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with source.file() as file:
            for number, message in enumerate(_messages(file), 1):
                if len(message) > _LONGEST:
                    yield Unreadable(
                        f"message {number}", "its attachments are not opened: it is longer than 64 MB"
                    )
                else:
                    yield from _attachments(number, message)


def _messages(lines: Iterator[bytes] | io.IOBase) -> Iterator[bytes]:
    message, blank = io.BytesIO(), True
    for line in lines:
        if blank and line.startswith(b"From ") and message.tell():
            yield message.getvalue()
            message = io.BytesIO()
        if message.tell() <= _LONGEST:
            message.write(line)
        blank = not line.strip()
    yield message.getvalue()


def _attachments(number: int, message: bytes) -> Iterator[Member]:
    for part_number, part in enumerate(email.message_from_bytes(message).walk(), 1):
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        packed = str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64"
        if packed or container_of(payload[:HEAD].lstrip()) is not None:  # PGP/MIME has it in plain
            name = part.get_filename() or f"part {part_number}"
            yield Member(f"message {number}!{name}", io.BytesIO(payload if packed else payload.lstrip()))
