"""Messages of PostgreSQL's backend, and its refusals with the lines of its source, as release 15.20 has them.

"Message Formats" and "Error and Notice Message Fields" in its documentation. What is refused before a login was
recorded from a server of that release (`tests/beside`).
"""

from __future__ import annotations

import struct


def message(kind: bytes, body: bytes) -> bytes:
    """One message."""
    return kind + struct.pack(">I", 4 + len(body)) + body


def texts(*values: str) -> bytes:
    """Strings, each with its end; none has a NUL within."""
    return b"".join(value.encode().replace(b"\0", b"") + b"\0" for value in values)


def _error(severity: str, code: str, text: str, **where: str) -> bytes:
    """ErrorResponse; ``where``: file, line and routine."""
    fields = {"S": severity, "V": severity, "C": code, "M": text, **where}
    return message(b"E", b"".join(texts(name + value) for name, value in fields.items()) + b"\0")


def _fatal(code: str, text: str, file: str, line: str, routine: str) -> bytes:
    return _error("FATAL", code, text, F=file, L=line, R=routine)


NO_USER = _fatal(
    "28000",
    "no PostgreSQL user name specified in startup packet",
    "postmaster.c",
    "2349",
    "ProcessStartupPacket",
)
NO_PASSWORD = _fatal("28P01", "empty password returned by client", "auth.c", "757", "recv_password_packet")


def unsupported(major: int, minor: int) -> bytes:
    """The answer to a protocol of other days."""
    text = f"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.0"
    if major in (1, 2):  # in the form of those days: send_message_to_frontend in elog.c
        return b"EFATAL:  %s\n\0" % text.encode()
    return _fatal("0A000", text, "postmaster.c", "2220", "ProcessStartupPacket")


def not_a_password(kind: bytes) -> bytes:
    """The answer to another message than the password; ``kind``: its first byte."""
    text = f"expected password response, got message type {kind[0]}"
    return _fatal("08P01", text, "auth.c", "718", "recv_password_packet")


def wrong_password(user: str) -> bytes:
    """A login that failed."""
    text = f'password authentication failed for user "{user[:63]}"'
    return _fatal("28P01", text, "auth.c", "334", "auth_failed")


def denied(what: str) -> bytes:
    """A statement on ``what`` that this user may not run."""
    return _error(
        "ERROR", "42501", f"permission denied for {what}", F="aclchk.c", L="3655", R="aclcheck_error"
    )
